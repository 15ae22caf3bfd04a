import type { Measurement } from "../../kernel/level.ts";
import { startPhases } from "./lifecycle.ts";

/** How long the starts from nothing take that begin after the warm-up, phase by phase, whether or not they are seen through. Starts are few, so each is kept. */
export class StartLog {
  /** Seconds of each start, all phases together, in order of their beginnings. */
  readonly totals: number[] = [];
  /** Seconds of all starts together, by position in `startPhases`. */
  readonly phaseSums = new Float64Array(startPhases.length);
  private readonly warmup: number;

  constructor({ warmup }: Measurement) {
    this.warmup = warmup;
  }

  /** @param phases seconds of each phase of a start that begins now */
  add(now: number, phases: Float64Array): void {
    if (now < this.warmup) return;
    let total = 0;
    phases.forEach((seconds, phase) => {
      this.phaseSums[phase] += seconds;
      total += seconds;
    });
    this.totals.push(total);
  }
}
