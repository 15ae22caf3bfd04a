import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Deployment, deploymentOf } from "../../../src/serving/roofline/deployment.ts";
import { beatsFloor, floorOf } from "../../../src/serving/roofline/floor.ts";
import { stepTimeSettings } from "../../../src/serving/replica/step-time.ts";
import { deepseek, h100, llama70b, llama8b, mixtral } from "./models.ts";

const small = deploymentOf({ llm: llama8b, gpu: h100, tp: 1 }) as Deployment;
const large = deploymentOf({ llm: llama70b, gpu: h100, tp: 2, precision: "fp8" }) as Deployment;
const experts = deploymentOf({ llm: mixtral, gpu: h100, tp: 2 }) as Deployment;
const latent = deploymentOf({ llm: deepseek, gpu: h100, tp: 1, dp: 16, ep: true }) as Deployment;

/** A step time that is just what the hardware allows. */
function best(deployment: Deployment) {
  const { weights, head, experts: all, perToken, perKvToken, perPair } = floorOf(deployment);
  const { llm } = deployment;
  const expertShare = llm.experts === undefined ? 1 : llm.experts.active / llm.experts.count;
  return stepTimeSettings.decode({
    denseFloor: `${weights + head}s`,
    expertsFloor: `${all}s`,
    expertShare,
    densePerToken: `${perToken}s`,
    perKvToken: `${perKvToken}s`,
    perPrefillPair: `${perPair}s`,
  });
}

describe("floorOf", () => {
  it("is bytes at full bandwidth and FLOP at full peak", () => {
    const floor = floorOf(small);
    expect((floor.weights + floor.head) * 3.35e12).toBeCloseTo(15_009_316_864, 0);
    expect(floor.perToken * 989e12).toBeCloseTo(13_958_643_712, 0);
    expect(floor.perKvToken * 3.35e12).toBeCloseTo(131_072, 3);
    expect(floor.perPair * 989e12).toBeCloseTo(524_288, 3);
  });

  it("computes in fp8 where the weights are, attends in bf16 unless KV is in fp8 too", () => {
    expect(floorOf(large).perToken * 1979e12).toBeCloseTo((2 * 68.45e9) / 2, -8);
    expect(floorOf(large).perPair * 989e12).toBeCloseTo((4 * 80 * 8192) / 2, 3);
    expect(floorOf({ ...large, kvPrecision: "fp8" }).perPair * 1979e12).toBeCloseTo((4 * 80 * 8192) / 2, 3);
  });

  it("is the FLOP of decoding where many heads share a latent and the groups are small", () => {
    const slow = { ...latent, gpu: { ...h100, flops: { bf16: 500e12 } } };
    expect(floorOf(slow).perKvToken * 500e12).toBeCloseTo((61 * 2 * 128 * (2 * 512 + 64)) / 16, 0);
  });
});

describe("beatsFloor", () => {
  it.each([
    ["a dense model", small],
    ["several GPUs", large],
    ["a mixture of experts", experts],
    ["latent attention", latent],
  ])("lets the best step time of %s pass", (_, deployment) => {
    expect(beatsFloor(best(deployment), 1, deployment, 16)).toEqual([]);
  });

  it.each(["denseFloor", "densePerToken", "perKvToken", "perPrefillPair", "expertsFloor"] as const)("refuses a smaller %s", (key) => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 0.97, noNaN: true }), (share) => {
        const stepTime = best(experts);
        const violations = beatsFloor({ ...stepTime, [key]: stepTime[key] * share }, 1, experts, 16);
        const sums = key === "denseFloor" || key === "expertsFloor";
        expect(violations.map(({ coefficient }) => coefficient)).toEqual(sums ? ["denseFloor", "expertsFloor"] : [key]);
        for (const { given, bound } of violations) expect(given).toBeLessThan(bound);
      }),
    );
  });

  it("names both numbers and what takes so long", () => {
    const stepTime = { ...best(small), densePerToken: 1e-6, perKvToken: 2e-8, perPrefillPair: 1e-10, denseFloor: 1e-3 };
    expect(beatsFloor(stepTime, 40_000, small, 16).map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "an iteration of one token at 1 ms is below the 4.48 ms that 15.01 GB take at 3.35 TB/s",
        "densePerToken 1 us is below the 14.11 us that 13.96 GFLOP take at 989 TFLOPS",
        "perKvToken 0.02 us is below the 0.03913 us that 131,072 bytes take at 3.35 TB/s",
        "perPrefillPair 0.1 ns is below the 0.5301 ns that 524,288 FLOP take at 989 TFLOPS",
        "kvBlocks 40,000 is above the 33,121 that fit beside weights of 16.1 GB in 1 × 85.5 GB",
      ]
    `);
    expect(beatsFloor({ ...best(large), perKvToken: 1e-9 }, 1, large, 16)[0].message).toMatchInlineSnapshot(
      `"perKvToken 1 ns is below the 0.04891 us that 163,840 bytes on each of 2 GPUs take at 3.35 TB/s"`,
    );
  });

  it("does not mind whether the head is in the overhead or in the floor", () => {
    const { head } = floorOf(small);
    const stepTime = best(small);
    const moved = { ...stepTime, overhead: head, denseFloor: stepTime.denseFloor - head };
    expect(beatsFloor(moved, 1, small, 16)).toEqual([]);
    expect(beatsFloor({ ...moved, overhead: 0 }, 1, small, 16).map(({ coefficient }) => coefficient)).toEqual(["denseFloor"]);
  });

  it("holds every row of a table to the FLOP of its tokens", () => {
    const { weights, head, perToken } = floorOf(small);
    const slow = weights + head;
    const { denseFloor: _, densePerToken: __, expertsFloor: ___, ...rest } = best(small);
    const table = (last: number) => ({
      ...rest,
      denseFloor: 0,
      densePerToken: 0,
      expertsFloor: 0,
      dense: [
        [1, slow],
        [4096, last],
      ] as [number, number][],
    });
    expect(beatsFloor(table(4096 * perToken), 1, small, 16)).toEqual([]);
    expect(beatsFloor(table(4000 * perToken), 1, small, 16).map(({ coefficient }) => coefficient)).toEqual(["dense"]);
  });
});
