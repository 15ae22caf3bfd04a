import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { profileMetadata } from "../../src/scenario/document/profiles.ts";
import type { BatchSettings } from "../../src/serving/continuous-batch.ts";
import { type EngineSettings, engineSettings } from "../../src/serving/pool-settings.ts";
import { closedLoop } from "./closed-loop.ts";
import { hardware, llama8b } from "./hardware.ts";

const catalogue = openCatalogue();
const names = catalogue.names("engines");

function engine(name: string): EngineSettings {
  const profile = { ...(catalogue.find("engines", name) as Record<string, unknown>) };
  for (const field of profileMetadata) delete profile[field];
  return z.decode(engineSettings, profile);
}

/** Measured elsewhere, read where it lies. */
const samples = "../shared/measured/closed-loop.csv";

describe.each(names)("the engine %s", (name) => {
  const { stepTime, gpu, gpus, kvBlocks, blockSize, ...rest } = engine(name);
  const limits = hardware[gpu!];
  const fp8 = name.includes("-fp8/");
  const bytes = fp8 ? 1 : 2;
  const { layers, head, embedding, kvValuesPerToken, flopPerPair } = llama8b;

  it("says which GPU it runs on, and is for one", () => {
    expect(name).toContain(`/${gpu}/tp1`);
    expect(gpus).toBe(1);
    expect(rest.maxBatchedTokens).toBeGreaterThanOrEqual(rest.maxSequences);
  });

  it("reads its weights no faster than the memory gives them", () => {
    // The head stays in bf16; its time is in the overhead.
    const seconds = stepTime!.overhead + Math.max(stepTime!.denseFloor, stepTime!.denseBase);
    expect(seconds).toBeGreaterThan((layers * bytes + head * 2) / limits.bandwidth);
    expect(stepTime!.denseFloor).toBeGreaterThan((layers * bytes) / limits.bandwidth);
  });

  it("computes no faster than the GPU's peak", () => {
    expect(stepTime!.densePerToken).toBeGreaterThan((2 * layers) / (fp8 ? limits.fp8 : limits.bf16));
    expect(stepTime!.perPrefillPair).toBeGreaterThan(flopPerPair / limits.bf16);
  });

  it("reads KV no faster than the memory gives it", () => {
    expect(stepTime!.perKvToken).toBeGreaterThan((kvValuesPerToken * bytes) / limits.bandwidth);
  });

  it("holds no more KV than its memory has beside the weights", () => {
    const weights = layers * bytes + (head + embedding) * 2;
    expect(kvBlocks! * blockSize * kvValuesPerToken * bytes).toBeLessThan(limits.memory * 0.9 - weights);
  });
});

describe("the fitted engine llama-3.1-8b-fp8/h200/tp1", () => {
  it.skipIf(!existsSync(samples))("is as far from the measured closed loops as it says", () => {
    const fitted = engine("llama-3.1-8b-fp8/h200/tp1") as EngineSettings & BatchSettings;
    const rows = readFileSync(samples, "utf8")
      .split("\n")
      .map((line) => line.split(","))
      .filter(
        ([model, gpu, , tp, , , , , server]) =>
          model === "nvidia/Llama-3.1-8B-Instruct-FP8" && gpu === "h200_sxm" && tp === "1" && server === "vllm",
      )
      .map((cells) => ({
        input: Number(cells[10]),
        output: Number(cells[11]),
        concurrency: Number(cells[12]),
        ttft: Number(cells[13]) / 1000,
        tpot: Number(cells[14]) / 1000,
      }))
      .filter(({ output }) => output >= 500);
    const errors = rows.map((row) => {
      const { ttft, tpot } = closedLoop(fitted, row);
      return { ttft: Math.abs(ttft / row.ttft - 1), tpot: Math.abs(tpot / row.tpot - 1) };
    });
    const median = (values: number[]) => {
      const sorted = values.sort((a, b) => a - b);
      return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
    };
    const stated = /TPOT (\d+) %, of TTFT (\d+) %/.exec(
      (catalogue.find("engines", "llama-3.1-8b-fp8/h200/tp1") as { error: string }).error,
    )!;
    expect(rows).toHaveLength(6);
    expect(median(errors.map(({ tpot }) => tpot)) * 100).toBeCloseTo(Number(stated[1]), 0);
    expect(median(errors.map(({ ttft }) => ttft)) * 100).toBeCloseTo(Number(stated[2]), 0);
  });
});
