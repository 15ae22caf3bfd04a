import type { Measurement } from "../kernel/level.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { Zipf } from "../kernel/zipf.ts";
import type { AnswerSettings, KeysSettings } from "./answer-settings.ts";
import { Entries } from "./entries.ts";

/** Questions of a trace that there is room for at first. */
const questionsAtFirst = 1023;

/** The answers that a cache of one name keeps, by what requests ask. A request's key depends on itself alone, so every policy meets the same. */
export class KeptAnswers {
  /** Keys that columns by key have room for at first: all that there are, unless they are the questions of a trace. */
  readonly keyCount: number;
  readonly entries: Entries;
  private readonly simulation: Simulation;
  private readonly zipf: Zipf | undefined;
  private readonly random: KeyedRandom;

  constructor(name: string, keys: KeysSettings, given: AnswerSettings, simulation: Simulation, streams: Streams, measurement: Measurement) {
    this.simulation = simulation;
    this.random = streams.keyed(`caches.${name}.keys`);
    if (keys.zipf !== undefined) this.zipf = new Zipf(keys.zipf.exponent, keys.zipf.count);
    this.keyCount = keys.zipf?.count ?? questionsAtFirst;
    const entries = new Entries(this.keyCount, given.capacity ?? Infinity, given.ttl ?? Infinity, measurement);
    this.entries = entries;
    const invalidate = simulation.handler(() => entries.clear(simulation.now));
    for (const moment of given.invalidateAt ?? []) simulation.at(moment, invalidate);
  }

  /** @param question of the request, by which it asks unless keys are drawn */
  keyOf(number: number, salt: number, question: number): number {
    return this.zipf === undefined ? question : this.zipf.draw(this.random.of(number, 0, salt));
  }

  /** @returns whether the key's answer is there; if so, it has been used */
  use(key: number): boolean {
    return this.entries.use(key, this.simulation.now);
  }

  /** @returns whether there was no answer to the key */
  store(key: number): boolean {
    return this.entries.store(key, this.simulation.now);
  }
}
