import { expect, it } from "vitest";
import { engineNames, shippedEngine } from "./shipped-engine.ts";

/** Peaks of one GPU by its maker's data sheet, dense (without sparsity): bytes and bytes per second, FLOP per second. */
const gpus: Record<string, { memory: number; bandwidth: number; bf16: number; fp8: number }> = {
  // NVIDIA Ada GPU Architecture, appendix A (with accumulation in fp32)
  "rtx-4090": { memory: 24 * 2 ** 30, bandwidth: 1008e9, bf16: 165.2e12, fp8: 330.3e12 },
  // NVIDIA RTX PRO 6000 Blackwell Workstation Edition data sheet (an eighth and a quarter of its 4000 AI TOPS, which are fp4 with sparsity)
  "rtx-pro-6000": { memory: 96 * 2 ** 30, bandwidth: 1792e9, bf16: 500e12, fp8: 1000e12 },
  // NVIDIA H100 Tensor Core GPU data sheet, SXM (half of what it gives with sparsity)
  h100: { memory: 80 * 2 ** 30, bandwidth: 3.35e12, bf16: 989.5e12, fp8: 1979e12 },
  // NVIDIA H200 Tensor Core GPU data sheet, SXM
  h200: { memory: 141 * 2 ** 30, bandwidth: 4.8e12, bf16: 989.5e12, fp8: 1979e12 },
  // NVIDIA L40S data sheet
  l40s: { memory: 48 * 2 ** 30, bandwidth: 864e9, bf16: 362.05e12, fp8: 733e12 },
};

/**
 * What a model asks of its GPUs at least: parameters of the layers and their bytes each, bytes of head and embedding, FLOP of attention
 * over one pair of tokens, bytes of one token's KV (in fp8 where a profile says that its KV is).
 */
const llama8b = { layerParameters: 6.98e9, headBytes: 1.05e9, flopsPerPair: 4 * 32 * 4096 };
const llama70b = { layerParameters: 68.45e9, headBytes: 2.1e9, flopsPerPair: 4 * 80 * 8192 };
const models: Record<string, typeof llama8b & { precision: "bf16" | "fp8"; kvBytes: number }> = {
  "llama-3.1-8b": { ...llama8b, precision: "bf16", kvBytes: 32 * 8 * 128 * 2 * 2 },
  "llama-3.1-70b-fp8": { ...llama70b, precision: "fp8", kvBytes: 80 * 8 * 128 * 2 * 2 },
};

const engines = engineNames.map((name) => ({ name, engine: shippedEngine(name) })).filter(({ engine }) => engine !== undefined);

it.each(engines)("$name does not beat its hardware", ({ name, engine }) => {
  const { stepTime, gpu, kvBlocks, blockSize, gpus: count } = engine!;
  const peak = gpus[gpu];
  const model = models[name.split("/")[0]];
  if (peak === undefined || model === undefined)
    throw new Error(`the peaks of ${gpu} or the sizes of ${name} are not in this test: add them`);
  const bytesPerParameter = model.precision === "fp8" ? 1 : 2;
  const bandwidth = peak.bandwidth * count;
  const layerBytes = model.layerParameters * bytesPerParameter;

  expect(stepTime.denseFloor, "weights of the layers, read once").toBeGreaterThanOrEqual(layerBytes / bandwidth);
  expect(stepTime.overhead + stepTime.denseFloor, "and the head").toBeGreaterThanOrEqual((layerBytes + model.headBytes) / bandwidth);
  expect(stepTime.densePerToken, "FLOPs of a token").toBeGreaterThanOrEqual((2 * model.layerParameters) / (peak[model.precision] * count));
  expect(stepTime.perKvToken, "KV of a token").toBeGreaterThanOrEqual(model.kvBytes / bandwidth);
  expect(stepTime.perPrefillPair, "attention of a pair").toBeGreaterThanOrEqual(model.flopsPerPair / (peak.bf16 * count));
  expect(kvBlocks * blockSize * model.kvBytes + layerBytes + 2 * model.headBytes, "memory").toBeLessThanOrEqual(peak.memory * count);
});
