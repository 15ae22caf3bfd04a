import { describe, expect, it } from "vitest";
import * as z from "zod";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { createDistribution } from "../../src/kernel/distributions/registry.ts";
import { vectorStoreSettings } from "../../src/retrieval/vector-store-settings.ts";
import { splitProfile } from "../../src/scenario/document/profiles.ts";

const catalogue = openCatalogue();
const settingsOf = (name: string) =>
  z.decode(vectorStoreSettings, splitProfile(catalogue.find("vector-stores", name) as Record<string, unknown>).settings as never);

describe("the vector stores of the catalogue", () => {
  it.each([
    ["pgvectorscale/50m", 471],
    ["pgvector/5m", 650],
    ["milvus/5m", 2800],
    ["qdrant/5m", 1200],
  ])("%s serves with all slots the %d reads a second that were published, within 5 %%", (name, published) => {
    const { concurrency, read } = settingsOf(name);
    expect(Math.abs(concurrency / createDistribution(read).mean / published - 1)).toBeLessThan(0.05);
  });

  it.each([
    ["hnsw-single-node", 4.3, 780],
    ["hnsw-single-node/one-optimizer-thread", 4.3, 138],
    ["hnsw-single-node/one-large-segment", 3.2, 472],
    ["hnsw-single-node/many-small-segments", 17, 127],
  ])("%s slows a read of %d ms while it rebuilds to %d ms, within 2 %%", (name, before, during) => {
    expect(Math.abs((before * settingsOf(name).slowdown) / during - 1)).toBeLessThan(0.02);
  });

  it("keep their vectors in a share of the memory, where any is given", () => {
    const { memory, vectors } = settingsOf("hnsw-single-node");
    expect((vectors * memory!.bytesPerVector) / memory!.limit).toBeCloseTo(0.338, 3);
    expect(memory!.bytesPerVector).toBe(1024 * 4 * 1.5);
  });
});
