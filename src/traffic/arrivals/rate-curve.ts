import { type Steps, StepTable } from "../../kernel/step-table.ts";
import type { Profile } from "./profile.ts";
import { type Spike, SpikeSteps } from "./spikes.ts";

/** What a curve is made of: a table of rates, or 1 throughout, times the spikes. */
export interface CurveSettings {
  readonly profile?: Profile | undefined;
  /** Seconds after which the table begins anew. */
  readonly repeat?: number | undefined;
  readonly spikes?: readonly Spike[] | undefined;
}

/** The height of the traffic over time, in steps, walked forward from time 0. A step holds its start and not its end. */
export class RateCurve implements Steps {
  level = 1;
  next = 0;
  private readonly parts: readonly Steps[];
  private readonly end: number;

  /** @param end seconds; from then on the level is 0, so that no walk goes on for ever */
  constructor({ profile, repeat, spikes = [] }: CurveSettings, end: number) {
    const table = profile === undefined ? [] : [new StepTable(profile, repeat)];
    this.parts = [...table, ...spikes.map((spike) => new SpikeSteps(spike))];
    this.end = end;
    this.step();
  }

  step(): void {
    const { parts, end, next: now } = this;
    this.level = now < end ? 1 : 0;
    this.next = now < end ? end : Infinity;
    if (now >= end) return;
    for (const part of parts) {
      while (part.next <= now) part.step();
      this.level *= part.level;
      this.next = Math.min(this.next, part.next);
    }
  }

  /** The level at a moment that is not before the one last asked about. */
  at(moment: number): number {
    while (this.next <= moment) this.step();
    return this.level;
  }
}
