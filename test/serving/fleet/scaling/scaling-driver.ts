import { createScaler, scalingSettings } from "../../../../src/serving/fleet/scaling/registry.ts";
import type { PoolView, Scaler, ScalingContext } from "../../../../src/serving/fleet/scaling/scaler.ts";

export type Written = Record<string, unknown>;

/** A pool without replicas and load, of which some is given. */
export const viewOf = (given: Partial<PoolView>): PoolView => ({
  outstanding: 0,
  waiting: 0,
  ready: 0,
  starting: 0,
  arrived: 0,
  busySeconds: 0,
  kvUse: 0,
  ...given,
});

/** A scaler with its settings as a scenario writes them. */
export function scalerOf(written: Written, context: Partial<ScalingContext> = {}): Scaler {
  return createScaler(scalingSettings.parse(written), { coldStart: 0, horizon: 1e9, future: () => 0, ...context });
}

/** What is wrong with settings: where, what, and the hint. */
export function refusals(written: Written): string[] {
  const { error } = scalingSettings.safeParse(written);
  return (error?.issues ?? []).map((issue) => {
    const hint = issue.code === "custom" ? ` (${String(issue.params?.["hint"])})` : "";
    return `${issue.path.join(".")}: ${issue.message}${hint}`;
  });
}

export interface Decision {
  readonly at: number;
  /** Replicas that there were, and were wanted. */
  readonly active: number;
  readonly desired: number;
  /** Of those there were, how many served. */
  readonly ready: number;
}

export interface Pool {
  readonly until: number;
  /** Load at a moment, whatever the number of replicas. */
  readonly load?: (now: number) => Partial<PoolView>;
  readonly replicas?: { readonly start?: number; readonly min?: number; readonly max?: number };
  /** Seconds until a new replica serves. */
  readonly coldStart?: number;
}

/** Lets a scaler decide over a pool that does what it wants at once, but for the cold start. */
export function drive(scaler: Scaler, { until, load = () => ({}), replicas = {}, coldStart = 0 }: Pool): Decision[] {
  const { every, lag } = scaler;
  const { start = 1, min = 0, max = Infinity } = replicas;
  /** When each replica serves. */
  const readyAt = Array.from({ length: start }, () => 0);
  const view = (now: number): PoolView => {
    const ready = readyAt.filter((at) => at <= now).length;
    return viewOf({ ...load(now), ready, starting: readyAt.length - ready });
  };
  const decisions: Decision[] = [];
  const first = Math.max(1, Math.ceil(lag / every));
  let observed = 0;
  for (let period = first; period * every <= until; period++) {
    const now = period * every;
    for (; (first + observed) * every - lag <= now; observed++) {
      const at = (first + observed) * every - lag;
      scaler.observe(view(at), at);
    }
    const seen = view(now);
    const desired = scaler.desired(seen, now);
    decisions.push({ at: now, active: readyAt.length, desired, ready: seen.ready });
    const wanted = Math.min(max, Math.max(min, Math.ceil(desired)));
    while (readyAt.length < wanted) readyAt.push(now + coldStart);
    readyAt.length = wanted;
  }
  return decisions;
}
