import { CountOverTime } from "../kernel/count-over-time.ts";
import type { Measurement } from "../kernel/level.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { Zipf } from "../kernel/zipf.ts";
import { AwaitedAnswers, type AwaitedListener } from "./awaited-answers.ts";
import { Entries } from "./entries.ts";
import type { ExactCacheSettings } from "./exact-cache-settings.ts";

/**
 * A response cache, by hit rate or by what is asked. Whether a request may use it, and its hit or its key, depend on its class and
 * number alone, so every policy meets the same.
 */
export class ExactCache {
  readonly name: string;
  /** Seconds. */
  readonly latency: number;
  lookups = 0;
  hits = 0;
  /** Hits that waited for an answer on its way. */
  coalesced = 0;
  readonly lookupsOverTime: CountOverTime;
  readonly hitsOverTime: CountOverTime;
  /** What it holds; undefined where its hit rate is given. */
  readonly entries: Entries | undefined;
  private readonly simulation: Simulation;
  /** Share of the requests that may hit: those whose hits are given, or all that may use the cache. */
  private readonly eligible: number;
  private readonly random: KeyedRandom;
  private readonly keys: Zipf | undefined;
  private readonly keyRandom: KeyedRandom;
  private readonly awaited: AwaitedAnswers | undefined;

  /** @param listener told of each request that `join` has let wait, unless it leaves before */
  constructor(
    name: string,
    given: ExactCacheSettings,
    simulation: Simulation,
    streams: Streams,
    measurement: Measurement,
    listener: AwaitedListener,
  ) {
    this.name = name;
    this.latency = given.latency;
    this.simulation = simulation;
    this.eligible = (given.hitRate ?? 1) * given.deterministicShare;
    this.random = streams.keyed(`caches.${name}`);
    this.keyRandom = streams.keyed(`caches.${name}.keys`);
    const perWindow = (): CountOverTime => new CountOverTime(measurement.window, measurement.horizon);
    this.lookupsOverTime = perWindow();
    this.hitsOverTime = perWindow();
    const zipf = given.keys?.zipf;
    if (zipf === undefined) return;
    this.keys = new Zipf(zipf.exponent, zipf.count);
    const entries = new Entries(zipf.count, given.capacity ?? Infinity, given.ttl ?? Infinity, measurement);
    this.entries = entries;
    if (given.coalesce === true) {
      this.awaited = new AwaitedAnswers(zipf.count, (request, found) => {
        if (found) this.hit(true);
        listener(request, found);
      });
    }
    const invalidate = simulation.handler(() => entries.clear(simulation.now));
    for (const moment of given.invalidateAt ?? []) simulation.at(moment, invalidate);
  }

  /** @param number of the request within its class; @param salt of the class */
  lookUp(number: number, salt: number): boolean {
    const { entries, simulation } = this;
    this.lookups++;
    this.lookupsOverTime.add(simulation.now);
    if (!this.isEligible(number, salt)) return false;
    if (entries !== undefined && !entries.use(this.keyOf(number, salt), simulation.now)) return false;
    this.hit(false);
    return true;
  }

  /** A request has missed. @returns whether it waits for an answer that another has asked for */
  join(request: number, number: number, salt: number): boolean {
    const { awaited } = this;
    return awaited !== undefined && this.isEligible(number, salt) && awaited.join(request, this.keyOf(number, salt));
  }

  /** A request that waits for another's answer leaves. */
  leave(request: number, number: number, salt: number): void {
    this.awaited?.leave(request, this.keyOf(number, salt));
  }

  /** A request that missed and went on has ended. @param answered whether its answer is there, to be kept */
  settle(number: number, salt: number, answered: boolean): void {
    const { entries, awaited, simulation } = this;
    if (entries === undefined || !this.isEligible(number, salt)) return;
    const key = this.keyOf(number, salt);
    if (answered) entries.store(key, simulation.now);
    awaited?.settle(key, answered);
  }

  private hit(waited: boolean): void {
    this.hits++;
    if (waited) this.coalesced++;
    this.hitsOverTime.add(this.simulation.now);
  }

  private isEligible(number: number, salt: number): boolean {
    return this.random.of(number, 0, salt).uniform() < this.eligible;
  }

  private keyOf(number: number, salt: number): number {
    return this.keys!.draw(this.keyRandom.of(number, 0, salt));
  }
}
