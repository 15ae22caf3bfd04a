import * as z from "zod";
import { duration, factor, settings, share } from "../../../base/settings.ts";
import type { PoolView, ScalingPolicy } from "./scaler.ts";

const metrics = {
  concurrency: (view: PoolView) => view.outstanding,
  queueLength: (view: PoolView) => view.waiting,
};

const targetTrackingSettings = settings({
  metric: z
    .enum(Object.keys(metrics) as (keyof typeof metrics)[])
    .describe("concurrency: attempts queued and running; queueLength: attempts waiting"),
  target: factor({ above: 0 }).describe("of the metric, per replica"),
  every: duration({ above: 0 }).prefault("15s").describe("time between decisions"),
  lag: duration().prefault("0s").describe("age of the metric when it is read"),
  tolerance: share().prefault("10%").describe("no change while the metric is this near its target"),
  scaleDownAfter: duration().prefault("5m").describe("scale down only to the most that was wanted in this time"),
});

/**
 * Keeps a metric per replica near its target: `ceil(metric / target)` replicas, those that are still starting counted in.
 * Tolerance, period and the scale-down window work as in the Kubernetes horizontal pod autoscaler, whose defaults they have
 * (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale).
 */
export const targetTracking: ScalingPolicy<z.infer<typeof targetTrackingSettings>> = {
  settings: targetTrackingSettings,
  create({ metric, target, every, lag, tolerance, scaleDownAfter }) {
    const observed: number[] = [];
    const wanted: { at: number; replicas: number }[] = [];
    return {
      every,
      lag,
      observe(view) {
        observed.push(metrics[metric](view));
      },
      desired(view, now) {
        const seen = observed.shift()!;
        const active = view.ready + view.starting;
        // With no replica there is nothing to tolerate: whatever waits is reason enough to start one.
        const near = active > 0 && Math.abs(seen / (target * active) - 1) <= tolerance;
        const replicas = near ? active : Math.ceil(seen / target);
        wanted.push({ at: now, replicas });
        while (wanted[0].at < now - scaleDownAfter) wanted.shift();
        return replicas >= active ? replicas : Math.min(active, Math.max(...wanted.map((past) => past.replicas)));
      },
    };
  },
};
