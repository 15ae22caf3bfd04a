import type { Call, Limiter, Surroundings } from "./limits/limiter.ts";
import { type LimitsSettings, namedLimits } from "./limits/limits-settings.ts";
import { createLimiter } from "./limits/registry.ts";
import { type ProvisionedUnits, provisionedUnits } from "./provisioned-units.ts";

interface Guard {
  readonly limiter: Limiter;
  /** Whether its refusals say when to come back. */
  readonly says: boolean;
}

/**
 * What guards an account, which one deployment or several draw on: a call is taken when all limits have room for it, and then
 * charged to all of them.
 */
export class Quota implements Limiter {
  /** What was bought of it, where it is limited by provisioned units. */
  readonly provisioned: ProvisionedUnits | undefined;
  private readonly guards: readonly Guard[];

  constructor(limits: LimitsSettings, { stream, simulation, streams }: Surroundings) {
    this.provisioned = provisionedUnits(limits);
    this.guards = namedLimits(limits).map(([name, limit]) => ({
      limiter: createLimiter(limit, { stream: name === undefined ? stream : `${stream}.${name}`, simulation, streams }),
      says: limit.retryAfter,
    }));
  }

  wait(now: number, call: Call): number {
    let longest = 0;
    for (const { limiter } of this.guards) longest = Math.max(longest, limiter.wait(now, call));
    return longest;
  }

  take(now: number, call: Call): void {
    for (const { limiter } of this.guards) limiter.take(now, call);
  }

  refused(now: number, call: Call): void {
    for (const { limiter } of this.guards) limiter.refused?.(now, call);
  }

  /** Seconds that the 429 says for a call that was refused; 0: nothing, for one that never fits or a limit that keeps silent. */
  retryAfter(now: number, call: Call): number {
    let longest = 0;
    for (const { limiter, says } of this.guards) {
      const wait = limiter.wait(now, call);
      if (wait === Infinity || (wait > 0 && !says)) return 0;
      longest = Math.max(longest, wait);
    }
    return longest;
  }

  firstToken(now: number, call: Call): void {
    for (const { limiter } of this.guards) limiter.firstToken?.(now, call);
  }

  settle(now: number, call: Call): void {
    for (const { limiter } of this.guards) limiter.settle?.(now, call);
  }
}
