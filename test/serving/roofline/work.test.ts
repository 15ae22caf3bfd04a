import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Deployment, deploymentOf, type DeploymentRequest, isIssue } from "../../../src/serving/roofline/deployment.ts";
import { heldBytes, kvBlocksOf, kvBytesOf, memorySettings, rankKvBytes } from "../../../src/serving/roofline/memory.ts";
import { workOf } from "../../../src/serving/roofline/work.ts";
import { a100, deepseek, gptOss, h100, llama70b, llama8b, mixtral } from "./models.ts";

/** A GPU that holds anything, so that only the counts matter. */
const vast = { ...h100, memory: 1e13 };

function deployed(request: Partial<DeploymentRequest> & Pick<DeploymentRequest, "llm">): Deployment {
  const deployment = deploymentOf({ gpu: vast, tp: 1, ...request });
  if (isIssue(deployment)) throw new Error(deployment.message);
  return deployment;
}

const work = (request: Parameters<typeof deployed>[0]) => workOf(deployed(request));
const anyModel = fc.constantFrom(llama8b, llama70b, mixtral, gptOss, deepseek);
const anySplit = fc.constantFrom(1, 2, 4, 8);

describe("workOf", () => {
  it("counts the 15.0 GB that Llama 8B reads, 13.96 GFLOP a token, 524,288 a pair", () => {
    const { weightBytes, headBytes, flopsPerToken, flopsPerPair, kvBytesPerToken, expertBytes } = work({ llm: llama8b });
    expect(weightBytes / 1e9).toBeCloseTo(15.01, 2);
    expect(headBytes / 1e9).toBeCloseTo(1.05, 2);
    expect(flopsPerToken / 1e9).toBeCloseTo(13.96, 2);
    expect([flopsPerPair, kvBytesPerToken, expertBytes]).toEqual([524_288, 131_072, 0]);
  });

  it("keeps head, embedding and routers in bf16 where the layers are in fp8", () => {
    const [wide, narrow] = [work({ llm: llama70b }), work({ llm: llama70b, precision: "fp8" })];
    expect(narrow.headBytes).toBe(wide.headBytes);
    expect(narrow.weightBytes - narrow.headBytes).toBe((wide.weightBytes - wide.headBytes) / 2);
    expect(narrow.weightBytes / 1e9).toBeCloseTo(70.55, 1);
  });

  it("holds gpt-oss' experts in 4.25 bits and its attention in bf16, 65 GB in all, and computes both in bf16 on an H100", () => {
    const { heldBytes: held, densePrecision, expertPrecision, windowBytesPerSequence } = work({ llm: gptOss, gpu: h100 });
    expect(held / 1e9).toBeCloseTo(65.2, 1);
    expect([densePrecision, expertPrecision]).toEqual(["bf16", "bf16"]);
    expect(windowBytesPerSequence).toBe(18 * 128 * 8 * 64 * 2 * 2);
  });

  it("counts the latents of DeepSeek: 70,272 bytes a token, held by every GPU of a group", () => {
    for (const tp of [1, 8]) expect(work({ llm: deepseek, tp }).kvBytesPerToken).toBe(61 * 576 * 2);
    expect(work({ llm: deepseek, tp: 1, dp: 8 }).kvBytesPerToken).toBe((61 * 576 * 2) / 8);
    expect(work({ llm: deepseek, tp: 4, kvPrecision: "fp8" }).kvBytesPerToken).toBe(61 * 576);
    expect(kvBytesOf(deployed({ llm: deepseek, tp: 8 }))).toBe(70_272);
  });

  it("counts attention on latents in the two ways in which it is computed", () => {
    const { flopsPerPair, flopsPerKvToken } = work({ llm: deepseek });
    expect(flopsPerPair).toBe(61 * 128 * 2 * (128 + 64 + 128));
    expect(flopsPerKvToken).toBe(61 * 128 * 2 * (512 + 64 + 512));
  });

  it("repeats KV heads where there are fewer than GPUs", () => {
    const perToken = (tp: number) => work({ llm: llama70b, tp }).kvBytesPerToken;
    expect([1, 8, 16, 32].map(perToken)).toEqual([327_680, 40_960, 40_960, 40_960]);
  });

  it("never asks less of all GPUs together than of one, and exactly as much of what can be split", () => {
    fc.assert(
      fc.property(anyModel, anySplit, (llm, tp) => {
        const [one, split] = [work({ llm }), work({ llm, tp })];
        for (const key of ["weightBytes", "flopsPerToken", "kvBytesPerToken", "heldBytes"] as const) {
          expect(split[key] * tp).toBeGreaterThanOrEqual(one[key] * (1 - 1e-12));
          expect(split[key]).toBeLessThanOrEqual(one[key]);
        }
        for (const key of ["expertBytes", "expertFlopsPerToken", "flopsPerPair", "headBytes"] as const) {
          expect(split[key] * tp).toBeCloseTo(one[key], -2);
        }
      }),
    );
  });

  it("spreads sequences over groups of GPUs, so that each has its share of tokens but all weights of the attention", () => {
    const [group, groups] = [work({ llm: deepseek, tp: 2 }), work({ llm: deepseek, tp: 2, dp: 4, ep: true })];
    expect(groups.weightBytes).toBe(group.weightBytes);
    for (const key of ["flopsPerToken", "kvBytesPerToken", "flopsPerPair", "expertBytes"] as const)
      expect(groups[key]).toBe(group[key] / 4);
  });

  it("sends nothing on one GPU, and 2·(tp − 1)/tp of the activations twice a layer on several", () => {
    expect(work({ llm: llama8b })).toMatchObject({ allReduces: 0, allToAlls: 0, communicationBytesPerToken: 0 });
    const four = work({ llm: llama8b, tp: 4 });
    expect(four).toMatchObject({ allReduces: 64, communicationBytesPerToken: 64 * 1.5 * 4096 * 2 });
  });

  it("sends tokens to those GPUs that have their experts, which is never more than sending them to all", () => {
    const [slices, whole] = [false, true].map((ep) => work({ llm: deepseek, tp: 1, dp: 16, ep }));
    expect(whole).toMatchObject({ allReduces: 0, allToAlls: 2 * 58 });
    expect(slices.communicationBytesPerToken).toBe(58 * 2 * (15 / 16) * 7168 * 2);
    expect(whole.communicationBytesPerToken / slices.communicationBytesPerToken).toBeCloseTo(1 - (15 / 16) ** 8, 10);
  });
});

describe("kvBlocksOf", () => {
  const memory = memorySettings.parse({});

  it("gives what the memory leaves beside weights and activations", () => {
    const deployment = deployed({ llm: llama8b, gpu: h100 });
    const left = h100.memory * 0.9 - 2.5e9 - heldBytes(deployment);
    expect(kvBlocksOf(deployment, memory, 16, 256)).toBe(Math.floor(left / (16 * 131_072)));
  });

  it("gives within a thousandth the 14,540 blocks of Llama 70B in fp8 on two H100 with which measured rows of full KV are met", () => {
    const blocks = kvBlocksOf(deployed({ llm: llama70b, gpu: h100, tp: 2, precision: "fp8" }), memory, 16, 256);
    expect(Math.abs(blocks / 14_540 - 1)).toBeLessThan(1e-3);
  });

  it("adds up over groups, and fits into the memory of every GPU", () => {
    fc.assert(
      fc.property(
        anyModel,
        anySplit,
        fc.constantFrom(1, 2, 4),
        fc.constantFrom<("bf16" | "fp8")[]>("bf16", "fp8"),
        (llm, tp, groups, kvPrecision) => {
          const dp = llm.experts === undefined ? 1 : groups;
          const deployment = deploymentOf({ llm, gpu: h100, tp, dp, kvPrecision });
          fc.pre(!isIssue(deployment));
          const blocks = kvBlocksOf(deployment, memory, 16, 64);
          fc.pre(blocks > 0);
          const used = heldBytes(deployment) + (blocks / dp) * 16 * rankKvBytes(deployment) + 2.5e9;
          expect(used).toBeLessThanOrEqual(h100.memory * 0.9);
          expect(blocks % dp).toBe(0);
        },
      ),
    );
  });

  it("is none or less where nothing is left", () => {
    expect(kvBlocksOf(deployed({ llm: llama70b, gpu: { ...a100, memory: 141.5e9 } }), memory, 16, 256)).toBeLessThan(1);
  });
});
