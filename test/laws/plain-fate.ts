import type { Outcome } from "../../src/traffic/outcome.ts";
import type { PlainTime } from "./plain-time.ts";

/** What became of a request; `ttft` and `total` from its arrival, undefined where the moment never came. */
export interface PlainFate {
  readonly className: string;
  readonly arrivedAt: number;
  outcome: Outcome;
  servedBy: string | undefined;
  attempts: number;
  /** Number of the last rung that applied to its last call, from 1; 0: none. */
  rung: number;
  /** A cache gave it the answer to another question. */
  wrong: boolean;
  /** Names of the stages that it went on without. */
  lacks: string[];
  /** Seconds at each of the stages that it has left. */
  spent: Record<string, number>;
  /** What its time went to until its end or the horizon. */
  time: PlainTime;
  ttft: number | undefined;
  total: number | undefined;
}

export const fateAtArrival = (className: string, arrivedAt: number): PlainFate => ({
  className,
  arrivedAt,
  outcome: "unfinished",
  servedBy: undefined,
  attempts: 0,
  rung: 0,
  wrong: false,
  lacks: [],
  spent: {},
  time: {},
  ttft: undefined,
  total: undefined,
});
