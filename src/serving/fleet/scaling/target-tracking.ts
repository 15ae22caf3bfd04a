import type * as z from "zod";
import { percent } from "../../../base/format.ts";
import { count, duration, factor, issue, settings, share } from "../../../base/settings.ts";
import { Cooldown } from "./cooldown.ts";
import { metricNames, metricSetting, onlyOfReady } from "./metrics.ts";
import { Observations } from "./observations.ts";
import { replicasFor } from "./replicas-for.ts";
import type { ScalingPolicy } from "./scaler.ts";
import { Stabilisation } from "./stabilisation.ts";

/** Replicas by which one decision changes the pool. */
const most = () => count({ min: 1, whole: true }).optional();

const targetTrackingSettings = settings({
  metric: metricSetting(metricNames),
  target: factor({ above: 0 }).describe("of the metric, per replica"),
  every: duration({ above: 0 }).prefault("15s").describe("time between decisions"),
  lag: duration().prefault("0s").describe("age of the metric when it is read"),
  tolerance: share().prefault("10%").describe("no change while the metric is this near its target"),
  scaleUpAfter: duration().prefault("0s").describe("scale up only to the least that was wanted in this time"),
  scaleDownAfter: duration().prefault("5m").describe("scale down only to the most that was wanted in this time"),
  step: settings({
    up: most().describe("replicas added"),
    down: most().describe("replicas taken away"),
  })
    .optional()
    .describe("the most that one decision changes; unbounded unless given"),
  cooldown: duration().prefault("0s").describe("no change, neither up nor down, for so long after one"),
}).superRefine(({ metric, target, tolerance }, context) => {
  if (!onlyOfReady(metric)) return;
  const hint = "0.7 leaves 30% of each replica free";
  if (target > 1) {
    issue(context, "out-of-range", `must be at most 1 for ${metric}, which no replica exceeds`, { path: ["target"], hint });
  } else if (1 / target - 1 <= tolerance) {
    const near = `within the tolerance of ${percent(tolerance, 0)}`;
    issue(context, "out-of-range", `a full replica is ${near}, so that nothing would ever be added`, { path: ["target"], hint });
  }
});

/**
 * Keeps a metric per replica near its target: `ceil(metric / target)` replicas, those that are still starting counted in.
 * Tolerance, period and both stabilisation windows work as in the Kubernetes horizontal pod autoscaler, whose defaults they have
 * (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale); steps are unbounded by default, unlike there.
 * What a decision wants is held back by the windows first, then by the step, then by the cooldown.
 */
export const targetTracking: ScalingPolicy<z.infer<typeof targetTrackingSettings>> = {
  settings: targetTrackingSettings,
  traits: ({ metric }) => ({ metric }),
  create({ metric, target, every, lag, tolerance, scaleUpAfter, scaleDownAfter, step, cooldown }) {
    const observations = new Observations(metric);
    const stabilisation = new Stabilisation(scaleUpAfter, scaleDownAfter);
    const pause = new Cooldown(cooldown);
    const { up = Infinity, down = Infinity } = step ?? {};
    let first = true;
    return {
      every,
      lag,
      observe: (view, now) => observations.observe(view, now),
      desired({ ready, starting }, now) {
        const seen = observations.next();
        const active = ready + starting;
        if (first) stabilisation.startWith(active, now - every);
        first = false;
        // Nothing is near a target of no replicas, by which nothing can be divided: whatever waits is reason enough to start one.
        const near = Math.abs(seen / (target * active) - 1) <= tolerance;
        const settled = stabilisation.settle(near ? active : replicasFor(seen, target), active, now);
        const stepped = Math.min(active + up, Math.max(active - down, settled));
        const replicas = pause.holds(active, now) ? active : stepped;
        pause.decided(replicas, active, now);
        return replicas;
      },
    };
  },
};
