import type { Arrivals } from "./arrivals.ts";
import type { RateCurve } from "./rate-curve.ts";

/**
 * Lets arrivals come as fast as a curve says: their own time is taken as operational time, of which `level` seconds pass in every
 * second, and is mapped back through the inverse of the curve's integral. Poisson arrivals become a nonhomogeneous Poisson process:
 * Çinlar, Introduction to Stochastic Processes (1975), section 4.7. What the curve does later moves no arrival before.
 */
export function alongCurve(arrivals: Arrivals, curve: RateCurve): Arrivals {
  // Where the present level began, in seconds and in operational time, and where it ends in operational time.
  let began = 0;
  let begun = 0;
  let ending = endOf(curve, began, begun);
  return {
    time: 0,
    inputTokens: 0,
    outputTokens: 0,
    prefix: arrivals.prefix,
    row: arrivals.row,
    advance() {
      if (!arrivals.advance()) return false;
      while (arrivals.time >= ending) {
        const { level, next } = curve;
        curve.step();
        // A step to the same height is none: arrivals are then to the last digit what they would be without it.
        if (curve.level !== level) [began, begun] = [next, ending];
        ending = endOf(curve, began, begun);
      }
      if (curve.level === 0) return false;
      // Rounding must not carry an arrival past the step that it is on.
      this.time = Math.min(curve.next, began + (arrivals.time - begun) / curve.level);
      return true;
    },
  };
}

/** Operational time at the end of the curve's present step; Infinity where nothing comes after it. */
function endOf({ level, next }: RateCurve, began: number, begun: number): number {
  return next === Infinity ? Infinity : begun + level * (next - began);
}
