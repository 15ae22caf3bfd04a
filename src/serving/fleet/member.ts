import type { Replica } from "../replica/replica.ts";
import { type LifecycleState, startPhases } from "./lifecycle.ts";

/** One replica with its place in the life cycle. */
export class Member {
  readonly number: number;
  /** What serves; a process that starts again after a crash is another replica in the same place. */
  replica: Replica;
  /** Whether it was bought as spot capacity, which can be taken away. */
  readonly spot: boolean;
  state: LifecycleState | "gone" = "gone";
  /** Goes up with each change of state, so that events planned before it are recognised as void. */
  epoch = 0;
  /** Whether its start ends in the warm pool rather than in service. */
  forWarmPool: boolean;
  /** Position among the ready replicas; -1 while it is not one of them. */
  position = -1;
  /** Seconds of each phase of its latest start, by position in `startPhases`. */
  readonly phases = new Float64Array(startPhases.length);
  /** The phase that it is in, as a position in `startPhases`. */
  phase = 0;
  /** Seconds; from when on it is paid for, NaN until then. */
  billedFrom = NaN;

  constructor(number: number, replica: Replica, spot: boolean, forWarmPool: boolean) {
    this.number = number;
    this.replica = replica;
    this.spot = spot;
    this.forWarmPool = forWarmPool;
  }
}
