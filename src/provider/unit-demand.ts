import { CountOverTime } from "../kernel/count-over-time.ts";
import type { Measurement } from "../kernel/level.ts";
import { resized } from "../kernel/slots.ts";
import type { Call } from "./limits/limiter.ts";
import { used } from "./limits/what-counts.ts";
import type { ProvisionedUnits } from "./provisioned-units.ts";

const minute = 60;

/**
 * What provisioned units would have to work off to take every request when it first asks, by minute of the run after the
 * warm-up. A request counts once, with the answer that it really gets, however often it comes back: those who are refused and try
 * again need no more units for it.
 */
export class UnitDemand {
  /** Those there are. */
  readonly given: number;
  private readonly settings: ProvisionedUnits;
  private readonly work: CountOverTime;
  private readonly minutes: number;
  /** By request the key of the one that was counted last under its number, which others had before it. */
  private number = new Int32Array(0);
  private salt = new Int32Array(0);

  constructor(settings: ProvisionedUnits, { warmup, horizon }: Measurement) {
    this.settings = settings;
    this.given = settings.units;
    this.work = new CountOverTime(minute, horizon, warmup);
    this.minutes = (horizon - warmup) / minute;
  }

  ask(now: number, request: number, call: Call): void {
    if (request >= this.number.length) this.resize(2 * request + 1);
    if (this.number[request] === call.number && this.salt[request] === call.salt) return;
    this.number[request] = call.number;
    this.salt[request] = call.salt;
    this.work.add(now, used(call, this.settings));
  }

  /** Units that work it all off if it comes evenly. */
  get needed(): number {
    return this.work.total() / this.minutes / this.settings.tokensPerMinutePerUnit;
  }

  /** Units that work off in a minute what comes in the busiest one. */
  get neededInBusiestMinute(): number {
    return this.work.largest() / this.settings.tokensPerMinutePerUnit;
  }

  private resize(capacity: number): void {
    const before = this.number.length;
    this.number = resized(this.number, capacity).fill(-1, before);
    this.salt = resized(this.salt, capacity);
  }
}
