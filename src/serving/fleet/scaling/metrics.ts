import * as z from "zod";
import type { PoolView } from "./scaler.ts";

/** A quantity, summed over the pool, that replicas are counted out by. */
interface Metric {
  /** What the metric is, for the settings' description. */
  readonly means: string;
  readonly read: (view: PoolView) => number;
  /** `read` is a counter, and the metric how much it gained per second since the observation before. */
  readonly perSecond?: true;
  /** Replicas have it, each 1 at most; what waits does not. */
  readonly ofReady?: true;
}

/** Metrics by the name a scenario uses. */
const metrics = {
  concurrency: { means: "attempts queued and running", read: (view) => view.outstanding },
  queueLength: { means: "attempts waiting", read: (view) => view.waiting },
  kvUse: { means: "share of the KV blocks in use", read: (view) => view.kvUse, ofReady: true },
  requestRate: { means: "attempts sent to the pool per second", read: (view) => view.arrived, perSecond: true },
  gpuBusy: { means: "share of the time busy", read: (view) => view.busySeconds, perSecond: true, ofReady: true },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as MetricName[];

/** Whether the metric is a share of what replicas have, at most 1 each and 0 while there is none. */
export function onlyOfReady(name: MetricName): boolean {
  return "ofReady" in metrics[name];
}

/** Setting that names one of `names`, with what each means. */
export function metricSetting<Name extends MetricName>(names: readonly Name[]) {
  return z.enum(names).describe(names.map((name) => `${name}: ${metrics[name].means}`).join("; "));
}

/** Takes the metric off a pool, moment by moment. What it gained per second is counted from the start of the run at first. */
export function meter(name: MetricName): (view: PoolView, now: number) => number {
  const { read, perSecond }: Metric = metrics[name];
  if (perSecond === undefined) return read;
  let before = 0;
  let since = 0;
  return (view, now) => {
    const count = read(view);
    const gained = now > since ? (count - before) / (now - since) : 0;
    before = count;
    since = now;
    return gained;
  };
}
