import { type Cause, causes } from "../traffic/cause.ts";
import type { Recorder } from "./recorder.ts";

/** Sums over requests of one class. */
export interface TimeSummary {
  /** Requests that missed some objective of their class, or were not served. */
  readonly lateRequests: number;
  /** Their seconds from arrival to end, or to the horizon, by what these went to; and those of all that were offered. */
  readonly lateSeconds: Readonly<Record<Cause, number>>;
  readonly seconds: Readonly<Record<Cause, number>>;
}

/** Where the time of requests went, of those that missed an objective and of the others. */
export class TimeTally {
  private lateRequests = 0;
  private readonly late = new Float64Array(causes.length);
  private readonly good = new Float64Array(causes.length);

  /** @param isGood whether it was served and met every objective */
  add(recorder: Recorder, request: number, isGood: boolean): void {
    if (!isGood) this.lateRequests++;
    recorder.time.addTo(isGood ? this.good : this.late, request);
  }

  summary(): TimeSummary {
    const { lateRequests, late, good } = this;
    return {
      lateRequests,
      lateSeconds: byCause((code) => late[code]),
      seconds: byCause((code) => late[code] + good[code]),
    };
  }
}

function byCause(of: (code: number) => number): Record<Cause, number> {
  return Object.fromEntries(causes.map((cause, code) => [cause, of(code)])) as Record<Cause, number>;
}
