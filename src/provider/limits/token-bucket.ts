import { duration, settings } from "../../base/settings.ts";
import type { Limiter, LimiterLaw } from "./limiter.ts";

const tokenBucketSettings = settings({
  burst: duration({ above: 0 }).prefault("60s").describe("how much a full bucket holds, as time of refill"),
});

/**
 * A bucket for requests and one for tokens, each refilled continuously and holding `burst` worth of its rate. A call is taken
 * when both hold enough for it, and charged to both at once; a refused call costs nothing.
 */
export const tokenBucket: LimiterLaw<typeof tokenBucketSettings.shape> = {
  settings: tokenBucketSettings,
  create({ rpm, tpm }, { burst }): Limiter {
    const requests = new Bucket(rpm, burst);
    const tokens = new Bucket(tpm, burst);
    return {
      admit(now, count) {
        const wait = Math.max(requests.wait(now, 1), tokens.wait(now, count));
        if (wait > 0) return wait;
        requests.take(1);
        tokens.take(count);
        return 0;
      },
    };
  },
};

/** Share of a full bucket that is not worth waiting for, so that who comes back when told to is not refused for a rounding error. */
const rounding = 1e-9;

class Bucket {
  private readonly perSecond: number;
  private readonly capacity: number;
  private content: number;
  private filledAt = 0;

  /** @param perMinute refill, unlimited when undefined; @param burst seconds of refill that fit in */
  constructor(perMinute: number | undefined, burst: number) {
    this.perSecond = (perMinute ?? Infinity) / 60;
    this.capacity = this.perSecond * burst;
    this.content = this.capacity;
  }

  /** Seconds until the bucket holds so much. */
  wait(now: number, amount: number): number {
    if (this.capacity === Infinity) return 0;
    this.content = Math.min(this.capacity, this.content + (now - this.filledAt) * this.perSecond);
    this.filledAt = now;
    if (amount > this.capacity) return Infinity;
    const missing = amount - this.content;
    return missing > rounding * this.capacity ? missing / this.perSecond : 0;
  }

  take(amount: number): void {
    if (this.capacity !== Infinity) this.content -= amount;
  }
}
