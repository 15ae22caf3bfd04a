import type * as z from "zod";
import { count, duration, factor, settings } from "../../../base/settings.ts";
import { bounded, boundsShape, checkBounds } from "./bounds.ts";
import type { Concurrency, ConcurrencyPolicy } from "./concurrency.ts";

const gradientSettings = settings({
  ...boundsShape,
  tolerance: factor({ min: 1, max: 10 }).prefault(1.5).describe("times to the first token may grow by this before the limit falls"),
  smoothing: factor({ min: 0.01, max: 1 }).prefault(0.2).describe("how far each step goes towards the new limit"),
  every: duration({ above: 0 }).prefault("1s").describe("between two steps, each of which takes at least 10 answers"),
  longTerm: count({ min: 10, whole: true }).prefault(600).describe("steps that the long-term average looks back on"),
});

type GradientSettings = z.infer<typeof gradientSettings>;

/** Answers that a mean is made of at least, and steps over which the long-term average is a plain mean. */
const fewest = 10;

/**
 * Compares the mean time to the first token of late with its long-term average. As long as it is not much longer there is no queue, and
 * the limit grows by its own square root, which is the queue it dares to cause; when it has grown, the limit falls in proportion, by half
 * at most. Refused and failed attempts do not count: they may take no time at all. Where an overload lasts, its times become
 * the long-term average, and the limit creeps up again; `max` bounds it then.
 *
 * Source: Gradient2 of Netflix' concurrency-limits (Gradient2Limit.java and WindowedLimit.java, 2018 on) for the long-term average over 600
 * steps of a second with 10 answers each, the smoothing and the tolerance; the square root is the queue of its first gradient.
 */
export const gradient: ConcurrencyPolicy<GradientSettings> = {
  settings: gradientSettings,
  check: checkBounds,
  create: (given) => new Gradient(given),
};

class Gradient implements Concurrency {
  private readonly given: GradientSettings;
  private exact: number;
  /** Sum and number of the times since the last step, and the most attempts under way. */
  private sum = 0;
  private answers = 0;
  private mostUnderWay = 0;
  private nextStepAt = 0;
  /** Long-term average in seconds, and the steps that it has seen, up to `fewest`. */
  private longTerm = 0;
  private steps = 0;

  constructor(given: GradientSettings) {
    this.given = given;
    this.exact = given.initial;
  }

  get limit(): number {
    return Math.floor(this.exact);
  }

  ended(now: number, seconds: number, ok: boolean, underWay: number): void {
    if (!ok) return;
    this.sum += seconds;
    this.answers++;
    if (underWay > this.mostUnderWay) this.mostUnderWay = underWay;
    if (now < this.nextStepAt || this.answers < fewest) return;
    this.step(this.sum / this.answers, this.mostUnderWay);
    this.sum = 0;
    this.answers = 0;
    this.mostUnderWay = 0;
    this.nextStepAt = now + this.given.every;
  }

  private step(short: number, underWay: number): void {
    const { given, exact } = this;
    const long = this.average(short);
    // Where less than half is in use nothing is known of what more would do.
    if (2 * underWay < exact) return;
    const slope = short === 0 ? 1 : Math.min(1, Math.max(0.5, (given.tolerance * long) / short));
    const aim = slope * exact + Math.sqrt(exact);
    this.exact = bounded(exact + given.smoothing * (aim - exact), given);
  }

  /** The long-term average with one more mean in it. */
  private average(short: number): number {
    const weight = this.steps < fewest ? 1 / ++this.steps : 2 / (this.given.longTerm + 1);
    const average = this.longTerm + weight * (short - this.longTerm);
    // After a long overload it would take as long to come down again.
    this.longTerm = average > 2 * short ? 0.9 * average : average;
    return average;
  }
}
