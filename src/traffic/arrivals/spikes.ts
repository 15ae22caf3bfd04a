import * as z from "zod";
import { duration, factor, issue, settings } from "../../base/settings.ts";
import type { Steps } from "../../kernel/step-table.ts";

const spikeSettings = settings({
  at: duration().describe("when it begins"),
  lasts: duration({ min: 0.001 }).describe("how long it lasts"),
  factor: factor({ above: 0, max: 1000 }).describe("multiple of the traffic meanwhile; below 1 it is a dip"),
  every: duration({ min: 0.001 }).optional().describe("from one beginning to the next; it comes once unless given"),
}).superRefine(({ lasts, every }, context) => {
  if (every !== undefined && every < lasts) {
    issue(context, "contradiction", "it comes again before it is over", { path: ["every"], hint: "make it as long as lasts, or longer" });
  }
});

export type Spike = z.infer<typeof spikeSettings>;

export const spikesSettings = z.array(spikeSettings).min(1).max(100);

/** One spike as time goes on: its factor while it lasts, 1 before and after. */
export class SpikeSteps implements Steps {
  level = 1;
  next: number;
  lasting = false;
  private readonly spike: Spike;
  private round = 0;

  constructor(spike: Spike) {
    this.spike = spike;
    this.next = spike.at;
  }

  step(): void {
    const { at, lasts, factor: multiple, every } = this.spike;
    this.lasting = !this.lasting;
    if (this.lasting) {
      this.level = multiple;
      this.next += lasts;
    } else {
      this.round++;
      this.level = 1;
      this.next = every === undefined ? Infinity : at + this.round * every;
    }
  }
}

/** A spike that begins while another lasts. */
export interface Overlap {
  readonly later: number;
  readonly earlier: number;
  /** Seconds; when it begins. */
  readonly moment: number;
}

/** The first of the spikes, by position in their list, that begin while another lasts; of so many beginnings and ends before `end`. */
export function overlapOf(spikes: readonly Spike[], end: number, most: number): Overlap | undefined {
  if (spikes.length === 0) return undefined;
  const walks = spikes.map((spike) => new SpikeSteps(spike));
  for (let turns = 0; turns < most; turns++) {
    const later = walks.reduce((first, { next }, i) => (next < walks[first].next ? i : first), 0);
    const moment = walks[later].next;
    if (moment >= end) return undefined;
    walks[later].step();
    if (!walks[later].lasting) continue;
    // One that begins where another ends does so also where the sum of the two durations is rounded.
    const earlier = walks.findIndex(({ lasting, next }, i) => i !== later && lasting && next > moment * (1 + 1e-12));
    if (earlier >= 0) return { later, earlier, moment };
  }
  return undefined;
}
