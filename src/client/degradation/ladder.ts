import type { LadderSettings, RungSettings } from "./ladder-settings.ts";

/** How things stand with a request when its client looks at the ladder. */
export interface Standing {
  /** Number of its call, 0 before the first. */
  readonly call: number;
  /** Seconds since its arrival. */
  readonly waited: number;
  /** Requests of its class in flight, itself counted. */
  readonly inFlight: number;
  readonly breakerOpen: boolean;
  /** Tokens of the answer if nothing cuts it. */
  readonly output: number;
}

/** What stands in a path, by its name if it has one. */
interface Named {
  readonly name: string | undefined;
}

/**
 * The rungs of a class, the mildest first. All whose conditions hold apply together; where two say the same thing the later one
 * wins. What applied when `look` was called last is left in the fields, so that nothing is made for a request.
 */
export class Ladder {
  /** Number of the last rung, from 1, that makes a call's answer worse; 0 for none. One that only skips stages does so elsewhere. */
  rung = 0;
  /** Number of the chain that calls walk instead of the class's own; 0 when it is that one. */
  chain = 0;
  /** Tokens; Infinity when answers are not cut. */
  maxOutput = Infinity;
  /** Seconds until a canned answer is there; undefined when there is none. */
  canned: number | undefined;
  /** The rung, from 1, that answers when nothing else did, and its latency; 0 when there is none. */
  readonly lastResort: number;
  readonly lastResortLatency: number;
  private readonly rungs: readonly RungSettings[];
  private readonly chainOf: readonly number[];
  private readonly stages: readonly Named[];
  private readonly holds: boolean[];

  /** @param stages what stands before the targets, by position in the path */
  constructor(settings: LadderSettings, stages: readonly Named[]) {
    this.rungs = Object.values(settings);
    let chains = 0;
    this.chainOf = this.rungs.map(({ first }) => (first === undefined ? 0 : ++chains));
    this.stages = stages;
    this.holds = this.rungs.map(() => false);
    const last = this.rungs.findLastIndex(({ when }) => when.exhausted !== undefined);
    this.lastResort = last + 1;
    this.lastResortLatency = this.rungs[last]?.canned?.latency ?? 0;
  }

  /** Finds what applies. */
  look(standing: Standing): void {
    this.rung = 0;
    this.chain = 0;
    this.maxOutput = Infinity;
    this.canned = undefined;
    for (let i = 0; i < this.rungs.length; i++) {
      const rung = this.rungs[i];
      this.holds[i] = applies(rung, standing);
      if (!this.holds[i]) continue;
      const { first, canned, maxOutput } = rung;
      if ((first ?? canned) !== undefined || standing.output > (maxOutput ?? Infinity)) this.rung = i + 1;
      if (first !== undefined) this.chain = this.chainOf[i];
      if (maxOutput !== undefined) this.maxOutput = maxOutput;
      if (canned !== undefined) this.canned = canned.latency;
    }
  }

  /** The last rung, from 1, that leaves out the stage at a position, as of the last look; 0 when none does. */
  skipping(stage: number): number {
    const { rungs, holds, stages } = this;
    const { name } = stages[stage];
    if (name === undefined) return 0;
    let last = rungs.length;
    while (last > 0 && !(holds[last - 1] && rungs[last - 1].skip?.includes(name) === true)) last--;
    return last;
  }
}

function applies({ when }: RungSettings, { call, waited, inFlight, breakerOpen }: Standing): boolean {
  return (
    when.exhausted === undefined &&
    call >= (when.call ?? 0) &&
    waited >= (when.waited ?? 0) &&
    inFlight >= (when.inFlight ?? 0) &&
    (breakerOpen || when.breakerOpen === undefined)
  );
}
