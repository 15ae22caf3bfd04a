import { createDistribution } from "../kernel/distributions/registry.ts";
import type { Distribution } from "../kernel/distributions/distribution.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";
import type { Reads } from "./reads.ts";
import type { VectorStoreSettings } from "./vector-store-settings.ts";

/** Tells writes of the same number apart: the store's own, those from outside, and vectors that are written anew. */
export const writers = { own: 0, outside: 1, backfill: 2 };

/** What chance decides about reads and writes: by their keys, each aspect in a stream of its own, so that none shifts another. */
export class Chances {
  private readonly reads: Reads;
  private readonly read: Distribution;
  private readonly scan: Distribution;
  private readonly write: Distribution;
  private readonly times: KeyedRandom;
  private readonly scans: KeyedRandom;
  private readonly misses: KeyedRandom;
  private readonly parts: KeyedRandom;
  private readonly writeTimes: KeyedRandom;

  constructor(name: string, given: VectorStoreSettings, reads: Reads, streams: Streams) {
    const stream = (aspect: string): KeyedRandom => streams.keyed(`vectorStores.${name}.${aspect}`);
    this.reads = reads;
    this.read = createDistribution(given.read);
    this.scan = given.scan === undefined ? this.read : createDistribution(given.scan);
    this.write = createDistribution(given.write);
    this.times = stream("reads");
    this.scans = stream("scans");
    this.misses = stream("memory");
    this.parts = stream("reembedding");
    this.writeTimes = stream("writeTimes");
  }

  /** Seconds that a read takes, of the share `unindexed` of which it is a scan. */
  readTime(ticket: number, unindexed: number): number {
    const law = this.happens(this.scans, ticket, unindexed) ? this.scan : this.read;
    return law.sample(this.keyed(this.times, ticket));
  }

  /** Whether a read misses memory, as the share does. */
  missesMemory(ticket: number, share: number): boolean {
    return this.happens(this.misses, ticket, share);
  }

  /** Whether a read misses what is embedded by the other model, as the share does. */
  missesVectors(ticket: number, share: number): boolean {
    return this.happens(this.parts, ticket, share);
  }

  /** Seconds that a write holds a slot. @param writer one of `writers` */
  writeTime(nth: number, writer: number): number {
    return this.write.sample(this.writeTimes.of(nth, writer));
  }

  private happens(random: KeyedRandom, ticket: number, share: number): boolean {
    return share > 0 && this.keyed(random, ticket).uniform() < share;
  }

  private keyed(random: KeyedRandom, ticket: number): KeyedRandom {
    const { number, turn, salt } = this.reads;
    return random.of(number[ticket], turn[ticket], salt[ticket]);
  }
}
