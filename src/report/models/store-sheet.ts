import { createDistribution, type DistributionSettings } from "../../kernel/distributions/registry.ts";
import type { VectorStoreSettings } from "../../retrieval/vector-store-settings.ts";

/** Reads of one kind: how long one takes, and how many a replica can serve that does nothing else. */
export interface ReadSheet {
  readonly mean_s: number;
  readonly most_per_s: number;
}

/** What a vector store's profile comes to, for one replica. Numbers end in their unit. */
export interface StoreSheet {
  readonly slots: number;
  readonly indexed: ReadSheet;
  /** While a rebuild slows reads. */
  readonly slowed: ReadSheet;
  /** Of vectors that are not indexed; absent where the profile does not say. */
  readonly scanned?: ReadSheet;
  readonly vectors: number;
  readonly memory?: {
    readonly used_bytes: number;
    readonly limit_bytes: number;
    /** Vectors from which on reads begin to miss memory, and as many as there is room for. */
    readonly pressureFrom_vectors: number;
    readonly most_vectors: number;
  };
}

export function storeSheet({ concurrency, read, scan, slowdown, vectors, memory }: VectorStoreSettings): StoreSheet {
  const reads = (given: DistributionSettings, times = 1): ReadSheet => {
    const mean_s = createDistribution(given).mean * times;
    return { mean_s, most_per_s: concurrency / mean_s };
  };
  return {
    slots: concurrency,
    indexed: reads(read),
    slowed: reads(read, slowdown),
    ...(scan && { scanned: reads(scan) }),
    vectors,
    ...(memory && {
      memory: {
        used_bytes: vectors * memory.bytesPerVector,
        limit_bytes: memory.limit,
        pressureFrom_vectors: Math.floor((memory.limit * memory.pressureFrom) / memory.bytesPerVector),
        most_vectors: Math.floor(memory.limit / memory.bytesPerVector),
      },
    }),
  };
}
