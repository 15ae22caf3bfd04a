import { Level, type Measurement } from "../kernel/level.ts";
import { resized } from "../kernel/slots.ts";
import { KeyOrder } from "./key-order.ts";

/**
 * Answers that are kept by their keys. When there is no room for one more, the least recently used goes; each goes anyway when its time
 * since it was stored is over, to which a use adds nothing.
 */
export class Entries {
  evictions = 0;
  expired = 0;
  /** How many are kept. */
  readonly level: Level;
  private readonly capacity: number;
  private readonly ttl: number;
  /** Seconds; 0 where nothing is kept of a key. */
  private expiresAt: Float64Array;
  private readonly byUse: KeyOrder;
  /** Since the time to live is the same for all, the first stored is the first to go. */
  private readonly byAge: KeyOrder | undefined;

  /** @param count keys are whole numbers from 1, and few beyond it; @param capacity at least 1; @param ttl seconds, above 0; both may be Infinity */
  constructor(count: number, capacity: number, ttl: number, measurement: Measurement) {
    this.capacity = capacity;
    this.ttl = ttl;
    this.expiresAt = new Float64Array(count + 1);
    this.byUse = new KeyOrder(count);
    if (ttl < Infinity) this.byAge = new KeyOrder(count);
    this.level = new Level(measurement);
  }

  /** @returns whether the key's answer is there; if so, it has been used */
  use(key: number, now: number): boolean {
    this.expire(now);
    if (key >= this.expiresAt.length || this.expiresAt[key] === 0) return false;
    this.byUse.remove(key);
    this.byUse.append(key);
    return true;
  }

  /** Keeps an answer, in the place of an older one of the same key. @returns whether there was none */
  store(key: number, now: number): boolean {
    this.expire(now);
    if (key >= this.expiresAt.length) this.grow(2 * key);
    const isNew = this.expiresAt[key] === 0;
    if (!isNew) this.unlink(key);
    else if (this.level.value < this.capacity) this.level.add(now, 1);
    else {
      this.unlink(this.byUse.first);
      this.evictions++;
    }
    this.expiresAt[key] = now + this.ttl;
    this.byUse.append(key);
    this.byAge?.append(key);
    return isNew;
  }

  /** Drops all. */
  clear(now: number): void {
    this.expire(now);
    this.level.set(now, 0);
    while (this.byUse.first !== 0) this.unlink(this.byUse.first);
  }

  /** Drops those whose time is over. */
  expire(now: number): void {
    const { byAge, expiresAt } = this;
    if (byAge === undefined) return;
    for (let oldest = byAge.first; oldest !== 0 && expiresAt[oldest] <= now; oldest = byAge.first) {
      this.level.add(expiresAt[oldest], -1);
      this.unlink(oldest);
      this.expired++;
    }
  }

  private grow(count: number): void {
    this.expiresAt = resized(this.expiresAt, count + 1);
    this.byUse.grow(count);
    this.byAge?.grow(count);
  }

  private unlink(key: number): void {
    this.expiresAt[key] = 0;
    this.byUse.remove(key);
    this.byAge?.remove(key);
  }
}
