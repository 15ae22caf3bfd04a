import type { Scenario, TrafficClass } from "../scenario/schema.ts";
import type { Objective } from "../scenario/slo.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { estimate } from "./estimate.ts";
import { targetOf } from "./objectives.ts";
import type { Recorder } from "./recorder.ts";
import type { Estimate } from "./result.ts";

/** How a class fared hour by hour, or by twenty-fourths of a shorter run; requests in flight at the end are in none of them. */
export interface HoursResult {
  readonly window_s: number;
  /** Share of the windows with a request in which as many met every objective on requests as must. */
  readonly keptShare: Estimate | null;
  /** The window in which the smallest share met all of them, over all replications; null where none has enough requests. */
  readonly worst: { readonly from_s: number; readonly attainment: number } | null;
}

/** What became in each window of the requests that arrived in it. */
export interface Hours {
  readonly offered: readonly number[];
  /** Met every objective on requests. */
  readonly good: readonly number[];
  /** Whether so many met each of them as must. */
  readonly kept: readonly boolean[];
}

/** Of fewer requests a share says little. */
const fewestRequests = 30;

/** Of a product, in requests. */
const rounding = 1e-6;

function windowOf(horizon: number): number {
  return Math.min(3600, horizon / 24);
}

/** Counts one class by window of the whole run, of which only what is measured is added. */
export class HourTally {
  private readonly window: number;
  private readonly slo: TrafficClass["slo"];
  /** Whether there is an objective on requests. */
  private readonly counts: boolean;
  private readonly offered: Float64Array;
  private readonly good: Float64Array;
  /** By objective; all meet those on cost. */
  private readonly met: readonly Float64Array[];

  constructor({ slo }: TrafficClass, { horizon }: Scenario) {
    this.window = windowOf(horizon);
    this.slo = slo;
    this.counts = slo.some(({ kind }) => kind !== "cost");
    const column = (): Float64Array => new Float64Array(Math.ceil(horizon / this.window - 1e-9));
    this.offered = column();
    this.good = column();
    this.met = slo.map(column);
  }

  /** @param isMet by objective of the class: 1 where the request met it */
  add(recorder: Recorder, request: number, isMet: Uint8Array): void {
    const { met } = this;
    if (!this.counts || recorder.outcome[request] === outcomeCode.unfinished) return;
    const i = Math.min(this.offered.length - 1, Math.floor(recorder.arrivedAt[request] / this.window));
    this.offered[i]++;
    let good = 1;
    for (let k = 0; k < met.length; k++) {
      met[k][i] += isMet[k];
      good &= isMet[k];
    }
    this.good[i] += good;
  }

  /** Null without an objective on requests. */
  summary(): Hours | null {
    if (!this.counts) return null;
    const offered = [...this.offered];
    const keeps = (objective: Objective, met: number, count: number): boolean =>
      objective.kind === "cost" || met >= targetOf(objective) * count - rounding;
    const kept = offered.map((count, i) => this.slo.every((objective, k) => keeps(objective, this.met[k][i], count)));
    return { offered, good: [...this.good], kept };
  }
}

/** What the replications say together; null without an objective on requests. */
export function hoursResult(replications: readonly (Hours | null)[], { horizon }: Scenario): HoursResult | null {
  const all = replications.filter((one) => one !== null);
  if (all.length === 0) return null;
  const window_s = windowOf(horizon);
  const shares = all.flatMap(({ offered, kept }) => {
    const seen = kept.filter((_, i) => offered[i] > 0);
    return seen.length === 0 ? [] : [seen.filter(Boolean).length / seen.length];
  });
  const windows = all[0].offered.flatMap((_, i) => {
    const offered = all.reduce((sum, one) => sum + one.offered[i], 0);
    const good = all.reduce((sum, one) => sum + one.good[i], 0);
    return offered < fewestRequests ? [] : [{ from_s: i * window_s, attainment: good / offered }];
  });
  const worst = windows.length === 0 ? null : windows.reduce((a, b) => (b.attainment < a.attainment ? b : a));
  return { window_s, keptShare: shares.length === 0 ? null : estimate(shares), worst };
}
