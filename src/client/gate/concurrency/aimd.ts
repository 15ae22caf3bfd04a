import type * as z from "zod";
import { factor, settings } from "../../../base/settings.ts";
import { bounded, boundsShape, checkBounds } from "./bounds.ts";
import type { Concurrency, ConcurrencyPolicy } from "./concurrency.ts";

const aimdSettings = settings({
  ...boundsShape,
  decrease: factor({ min: 0.1, max: 0.99 }).prefault(0.9).describe("what a failure multiplies the limit by"),
});

type AimdSettings = z.infer<typeof aimdSettings>;

/**
 * Additive increase, multiplicative decrease: an answer raises the limit by its inverse, so that a limit's worth of answers raises it
 * by one, and a failure multiplies it by `decrease`. It is raised only while at least half of it is in use, since otherwise nothing
 * is known of what more would do. Of failures whose attempts were sent before the last decrease none counts: they tell of the
 * limit that was. Chiu and Jain, Analysis of the increase and decrease algorithms for congestion avoidance (1989); once per round trip as in
 * TCP (RFC 5681); half in use and 0.9 as in Netflix' concurrency-limits, whose answers raise the limit by one each.
 */
export const aimd: ConcurrencyPolicy<AimdSettings> = {
  settings: aimdSettings,
  check: checkBounds,
  create: (given) => new Aimd(given),
};

class Aimd implements Concurrency {
  private readonly given: AimdSettings;
  private exact: number;
  private decreasedAt = -Infinity;

  constructor(given: AimdSettings) {
    this.given = given;
    this.exact = given.initial;
  }

  get limit(): number {
    return Math.floor(this.exact);
  }

  ended(now: number, seconds: number, ok: boolean, underWay: number): void {
    if (ok) this.raise(underWay);
    else if (now - seconds >= this.decreasedAt) {
      this.exact = bounded(this.exact * this.given.decrease, this.given);
      this.decreasedAt = now;
    }
  }

  private raise(underWay: number): void {
    if (2 * underWay >= this.limit) this.exact = bounded(this.exact + 1 / this.exact, this.given);
  }
}
