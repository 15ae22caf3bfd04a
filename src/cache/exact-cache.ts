import { CountOverTime } from "../kernel/count-over-time.ts";
import type { Measurement } from "../kernel/level.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { AwaitedAnswers, type AwaitedListener } from "./awaited-answers.ts";
import type { Entries } from "./entries.ts";
import type { ExactCacheSettings } from "./exact-cache-settings.ts";
import { KeptAnswers } from "./kept-answers.ts";

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
  private readonly simulation: Simulation;
  /** Share of the requests that may hit: those whose hits are given, or all that may use the cache. */
  private readonly eligible: number;
  private readonly random: KeyedRandom;
  private readonly kept: KeptAnswers | undefined;
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
    const perWindow = (): CountOverTime => new CountOverTime(measurement.window, measurement.horizon);
    this.lookupsOverTime = perWindow();
    this.hitsOverTime = perWindow();
    if (given.keys === undefined) return;
    this.kept = new KeptAnswers(name, given.keys, given, simulation, streams, measurement);
    if (given.coalesce === true) {
      this.awaited = new AwaitedAnswers(this.kept.keyCount, (request, found) => {
        if (found) this.hit(true);
        listener(request, found);
      });
    }
  }

  /** What it holds; undefined where its hit rate is given. */
  get entries(): Entries | undefined {
    return this.kept?.entries;
  }

  /** @param number of the request within its class; @param salt of the class; @param question its number among those of traces, 0 unless known */
  lookUp(number: number, salt: number, question: number): boolean {
    const { kept, simulation } = this;
    this.lookups++;
    this.lookupsOverTime.add(simulation.now);
    if (!this.isEligible(number, salt)) return false;
    if (kept !== undefined && !kept.use(kept.keyOf(number, salt, question))) return false;
    this.hit(false);
    return true;
  }

  /** A request has missed. @returns whether it waits for an answer that another has asked for */
  join(request: number, number: number, salt: number, question: number): boolean {
    const { awaited, kept } = this;
    if (awaited === undefined || kept === undefined) return false;
    return this.isEligible(number, salt) && awaited.join(request, kept.keyOf(number, salt, question));
  }

  /** A request that waits for another's answer leaves. */
  leave(request: number, number: number, salt: number, question: number): void {
    if (this.kept !== undefined) this.awaited?.leave(request, this.kept.keyOf(number, salt, question));
  }

  /** A request that missed and went on has ended. @param answered whether its answer is there, to be kept */
  settle(number: number, salt: number, question: number, answered: boolean): void {
    const { kept, awaited } = this;
    if (kept === undefined || !this.isEligible(number, salt)) return;
    const key = kept.keyOf(number, salt, question);
    if (answered) kept.store(key);
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
}
