import { CountOverTime } from "../kernel/count-over-time.ts";
import type { Measurement } from "../kernel/level.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { Entries } from "./entries.ts";
import { KeptAnswers } from "./kept-answers.ts";
import type { SemanticCacheSettings } from "./semantic-cache-settings.ts";
import { sharesOf } from "./similarity.ts";

/** How a look-up ends; a wrong answer is a hit too. */
export type SemanticVerdict = "miss" | "hit" | "wrong";

/**
 * What a semantic cache decides once a question is embedded and looked up. Whether a request may use it, how similar its question is to
 * what is kept, and whether what is found is wrong depend on its class and number alone: every policy meets the same, and a lower
 * threshold answers all that a higher one does.
 */
export class SemanticCache {
  readonly name: string;
  lookups = 0;
  /** Wrong ones included. */
  hits = 0;
  wrong = 0;
  readonly lookupsOverTime: CountOverTime;
  readonly hitsOverTime: CountOverTime;
  private readonly simulation: Simulation;
  private readonly deterministicShare: number;
  /** Share of the eligible look-ups that are hits, with keys of those whose question is kept; and of the hits that are wrong. */
  private readonly hitShare: number;
  private readonly wrongOfHits: number;
  /** For each request whether it may use the cache, how similar its question is, and whether the answer found is wrong, in this order. */
  private readonly random: KeyedRandom;
  private readonly kept: KeptAnswers | undefined;

  constructor(name: string, given: SemanticCacheSettings, simulation: Simulation, streams: Streams, measurement: Measurement) {
    this.name = name;
    this.simulation = simulation;
    this.deterministicShare = given.deterministicShare;
    const { hits, wrong } = sharesOf(given);
    this.hitShare = hits;
    this.wrongOfHits = hits === 0 ? 0 : wrong / hits;
    this.random = streams.keyed(`caches.${name}`);
    this.lookupsOverTime = new CountOverTime(measurement.window, measurement.horizon);
    this.hitsOverTime = new CountOverTime(measurement.window, measurement.horizon);
    if (given.keys !== undefined) this.kept = new KeptAnswers(name, given.keys, given, simulation, streams, measurement);
  }

  /** What it holds; undefined where every question counts as kept from the start. */
  get entries(): Entries | undefined {
    return this.kept?.entries;
  }

  /**
   * The request has been embedded and the store has answered.
   * @param number of the request within its class; @param salt of the class; @param question its number among those of traces, 0 unless known
   */
  lookUp(number: number, salt: number, question: number): SemanticVerdict {
    const { kept, random } = this;
    this.count();
    if (!this.isEligible(number, salt)) return "miss";
    if (random.uniform() >= this.hitShare) return "miss";
    const isWrong = random.uniform() < this.wrongOfHits;
    if (kept !== undefined && !kept.use(kept.keyOf(number, salt, question))) return "miss";
    this.hits++;
    this.hitsOverTime.add(this.simulation.now);
    if (!isWrong) return "hit";
    this.wrong++;
    return "wrong";
  }

  /** Embedding or store did not answer in time: a look-up that found nothing. */
  gaveUp(): void {
    this.count();
  }

  /**
   * A request that missed has ended. An answer to a question that is kept already takes the place of the older one.
   * @param answered whether its answer is there, to be kept
   * @returns whether its question is new to the cache, so that the store is written
   */
  settle(number: number, salt: number, question: number, answered: boolean): boolean {
    const { kept } = this;
    if (!answered || !this.isEligible(number, salt)) return false;
    return kept === undefined || kept.store(kept.keyOf(number, salt, question));
  }

  private count(): void {
    this.lookups++;
    this.lookupsOverTime.add(this.simulation.now);
  }

  /** Leaves `random` at the draws that follow this one. */
  private isEligible(number: number, salt: number): boolean {
    return this.random.of(number, 0, salt).uniform() < this.deterministicShare;
  }
}
