import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Deployment, deploymentOf, isIssue, kvPrecisions } from "../../../src/serving/roofline/deployment.ts";
import { type RooflineSettings, rooflineSettings } from "../../../src/serving/roofline/efficiencies.ts";
import { beatsFloor } from "../../../src/serving/roofline/floor.ts";
import { rooflineStepTime } from "../../../src/serving/roofline/roofline.ts";
import { type Work, workOf } from "../../../src/serving/roofline/work.ts";
import { precisions } from "../../../src/serving/replica/engine-settings.ts";
import { StepTime } from "../../../src/serving/replica/step-time.ts";
import { deepseek, h100, llama70b, llama8b, mixtral } from "./models.ts";

const share = () => fc.double({ min: 0.05, max: 1, noNaN: true });
const microseconds = (most: number) => fc.double({ min: 0, max: most / 1e6, noNaN: true });
const byPrecision = () => fc.record({ bf16: share(), fp8: share(), fp4: share() });

const someEfficiencies: fc.Arbitrary<RooflineSettings> = fc.record({
  bandwidth: fc.record({ weights: share(), experts: share(), kv: share() }),
  flops: fc.record({ dense: byPrecision(), experts: byPrecision(), attention: share() }),
  unhidden: fc.double({ min: 0, max: 1, noNaN: true }),
  activationPasses: fc.double({ min: 0, max: 20, noNaN: true }),
  expertPasses: fc.double({ min: 0, max: 20, noNaN: true }),
  host: fc.record({
    iteration: microseconds(3000),
    layer: microseconds(50),
    expertLayer: microseconds(50),
    promptLayer: microseconds(500),
    promptExpertLayer: microseconds(500),
    sequence: microseconds(20),
  }),
  exchange: fc.record({ latency: microseconds(30), growth: fc.double({ min: 0, max: 1, noNaN: true }), bandwidth: share() }),
});

const flops = (unit: number) => fc.double({ min: unit, max: 20 * unit, noNaN: true });
const someGpu = fc.record({
  memory: fc.constant(2e12),
  bandwidth: fc.double({ min: 3e11, max: 1e13, noNaN: true }),
  flops: fc.record({ bf16: flops(1e14), fp8: flops(2e14), fp4: flops(4e14) }),
  link: fc.record({
    kind: fc.constantFrom("nvlink" as const, "pcie" as const),
    bandwidth: fc.double({ min: 3e10, max: 1e12, noNaN: true }),
    peers: fc.constant(64),
  }),
});

const someDeployment: fc.Arbitrary<Deployment> = fc
  .record({
    llm: fc.constantFrom(llama8b, llama70b, mixtral, deepseek),
    gpu: someGpu,
    tp: fc.constantFrom(1, 2, 4, 8),
    dp: fc.constantFrom(1, 2, 4),
    ep: fc.boolean(),
    precision: fc.constantFrom(...precisions),
    kvPrecision: fc.constantFrom(...kvPrecisions),
  })
  .map((request) => deploymentOf(request))
  .filter((result): result is Deployment => !isIssue(result));

/** What an engine may be asked to do in one iteration. */
const someBatch = fc.record({
  decoding: fc.integer({ min: 0, max: 512 }),
  prompt: fc.integer({ min: 1, max: 8192 }),
  held: fc.nat(20_000),
});

function timeOf(deployment: Deployment, efficiencies: RooflineSettings): StepTime {
  return new StepTime(rooflineStepTime(workOf(deployment), deployment.gpu, efficiencies));
}

/** Bytes and FLOP of one GPU in an iteration that reads one prompt and decodes `decoding` sequences of `held` tokens. */
function demandOf(work: Work, { decoding, prompt, held }: { decoding: number; prompt: number; held: number }) {
  const tokens = decoding + prompt;
  const unused = (1 - work.expertShare) ** tokens;
  return {
    bytes: work.weightBytes + work.expertBytes * (1 - unused) + work.kvBytesPerToken * decoding * held,
    denseFlops: tokens * (work.flopsPerToken - work.expertFlopsPerToken),
    expertFlops: tokens * work.expertFlopsPerToken,
    attentionFlops: (work.flopsPerPair * prompt * prompt) / 2,
  };
}

describe("rooflineStepTime", () => {
  it("never beats its hardware: bytes at full bandwidth, FLOP at full peak", () => {
    fc.assert(
      fc.property(someDeployment, someEfficiencies, someBatch, (deployment, efficiencies, batch) => {
        const { decoding, prompt, held } = batch;
        const { gpu } = deployment;
        const work = workOf(deployment);
        const seconds = timeOf(deployment, efficiencies).iteration(decoding + prompt, decoding + 1, decoding * held, (prompt * prompt) / 2);
        const { bytes, denseFlops, expertFlops, attentionFlops } = demandOf(work, batch);
        const linear = denseFlops / gpu.flops[work.densePrecision]! + expertFlops / gpu.flops[work.expertPrecision]!;
        expect(seconds).toBeGreaterThanOrEqual((bytes / gpu.bandwidth) * (1 - 1e-12));
        expect(seconds).toBeGreaterThanOrEqual((linear + attentionFlops / gpu.flops.bf16) * (1 - 1e-12));
      }),
    );
  });

  it("passes the check that every profile must pass", () => {
    fc.assert(
      fc.property(someDeployment, someEfficiencies, (deployment, efficiencies) => {
        const stepTime = rooflineStepTime(workOf(deployment), deployment.gpu, efficiencies);
        // A GPU that attends in fp8 twice as fast as in bf16, or not at all: here the two peaks are unrelated.
        fc.pre(deployment.kvPrecision === "bf16");
        expect(beatsFloor(stepTime, 1, deployment, 16)).toEqual([]);
      }),
    );
  });

  it("never takes less time for more tokens, sequences, KV or pairs", () => {
    const amounts = fc.tuple(fc.integer({ min: 1, max: 8192 }), fc.nat(256), fc.nat(1_000_000), fc.nat(1_000_000));
    fc.assert(
      fc.property(someDeployment, someEfficiencies, amounts, amounts, (deployment, efficiencies, some, more) => {
        const time = timeOf(deployment, efficiencies);
        const all = some.map((amount, i) => amount + more[i]) as typeof some;
        expect(time.iteration(...all)).toBeGreaterThanOrEqual(time.iteration(...some) * (1 - 1e-12));
      }),
    );
  });

  it("never has a longer dense part on more GPUs", () => {
    fc.assert(
      fc.property(someDeployment, someEfficiencies, fc.integer({ min: 1, max: 8192 }), (deployment, efficiencies, tokens) => {
        const twice = deploymentOf({ ...deployment, tp: deployment.tp * 2 });
        fc.pre(!isIssue(twice));
        const dense = (of: Deployment) => {
          const { denseFloor, denseBase, densePerToken, expertsFloor, expertShare } = rooflineStepTime(workOf(of), of.gpu, efficiencies);
          return Math.max(denseFloor + expertsFloor * (1 - (1 - expertShare) ** tokens), denseBase + densePerToken * tokens);
        };
        expect(dense(twice)).toBeLessThanOrEqual(dense(deployment) * (1 + 1e-12));
      }),
    );
  });

  it("is the data sheet where an engine reaches it and its host takes no time", () => {
    const none = { iteration: 0, layer: 0, expertLayer: 0, promptLayer: 0, promptExpertLayer: 0, sequence: 0 };
    const all = { bf16: 1, fp8: 1, fp4: 1 };
    const perfect = {
      bandwidth: { weights: 1, experts: 1, kv: 1 },
      flops: { dense: all, experts: all, attention: 1 },
      unhidden: 0,
      activationPasses: 0,
      expertPasses: 0,
      host: none,
      exchange: { latency: 0, growth: 0, bandwidth: 1 },
    };
    const small = deploymentOf({ llm: llama8b, gpu: h100, tp: 1 }) as Deployment;
    const law = rooflineStepTime(workOf(small), h100, perfect);
    expect(law.denseFloor * 3.35e12).toBeCloseTo(15_009_316_864, 0);
    expect(law.perKvToken * 3.35e12).toBeCloseTo(131_072, 3);
    expect(law).toMatchObject({
      overhead: 0,
      denseBase: 0,
      expertsFloor: 0,
      promptOverhead: 0,
      communication: 0,
      communicationPerToken: 0,
    });
  });

  it("counts host work by layers, exchanges by GPUs, and host work of a sequence in its own group alone", () => {
    const host = { iteration: 1, layer: 2, expertLayer: 3, promptLayer: 4, promptExpertLayer: 5, sequence: 6 };
    const exchange = { latency: 7, growth: 0.5, bandwidth: 1 };
    const [efficiencies] = fc.sample(someEfficiencies, 1);
    const of = (request: Parameters<typeof deploymentOf>[0]) => {
      const deployment = deploymentOf(request) as Deployment;
      return rooflineStepTime(workOf(deployment), deployment.gpu, { ...efficiencies, host, exchange });
    };
    const dense = of({ llm: llama70b, gpu: h100, tp: 8 });
    expect(dense.overhead).toBe(1 + 2 * 80);
    expect(dense.promptOverhead).toBe(4 * 80);
    expect(dense.communication).toBeCloseTo(160 * 7 * 2, 9);
    const latent = of({ llm: deepseek, gpu: { ...h100, memory: 1e12 }, tp: 1, dp: 8, ep: true });
    expect(latent.overhead).toBe(1 + 2 * 61 + 3 * 58);
    expect(latent.promptOverhead).toBe(4 * 61 + 5 * 58);
    expect(latent.communication).toBeCloseTo(2 * 58 * 7 * 2, 9);
    expect(latent.perSequence).toBeCloseTo(6 / 8, 2);
  });
});

describe("rooflineSettings", () => {
  it("refuses a share above the peak", () => {
    const [efficiencies] = fc.sample(someEfficiencies, 1);
    const { bandwidth } = efficiencies;
    const written = { ...efficiencies, host: {}, exchange: {}, bandwidth: { ...bandwidth, weights: 1.1 } };
    const messages = rooflineSettings.safeParse(written).error?.issues.filter(({ path }) => path[0] === "bandwidth");
    expect(messages?.map(({ path, message }) => [path.join("."), message])).toEqual([["bandwidth.weights", "must be at most 100%"]]);
  });
});
