import { describe, expect, it } from "vitest";
import { runReplication } from "../../../src/experiment/run.ts";
import { scenarioOf } from "../../experiment/systems.ts";
import { noTime } from "./coefficients.ts";
import { runReplica } from "../drive.ts";
import type { Job } from "./plain-engine.ts";

/** Iterations take 1 s per token read, so that moments count the tokens. */
const settings = {
  stepTime: { ...noTime, overhead: 1e-9, densePerToken: 1 },
  maxSequences: 8,
  maxBatchedTokens: 1000,
  kvBlocks: 100,
  blockSize: 4,
  chunkedPrefill: true,
  prefixCache: {},
};
const prefix = [{ key: 7, tokens: 40 }];
const asked = (arrivesAt: number, prompt: number): Job => ({
  arrivesAt,
  prompt,
  output: 1,
  prefix,
  leavesAt: Infinity,
  withdrawnAt: Infinity,
});
const readSeconds = (jobs: Job[], more: object = {}) =>
  runReplica(jobs, { ...settings, ...more }, "finish").fates.map(({ firstTokenAt }, i) => Math.round(firstTokenAt - jobs[i].arrivesAt));

describe("the prefix cache of a replica", () => {
  it("is cold at first, and from the second prompt on spares what is common, in whole blocks and never all of a prompt", () => {
    expect(readSeconds([asked(0, 50), asked(100, 50), asked(200, 42), asked(300, 40), asked(400, 23)])).toEqual([50, 10, 2, 4, 3]);
  });

  it("is of no use to prompts that begin differently, or when it is off", () => {
    const others = [asked(0, 50), { ...asked(100, 50), prefix: [{ key: 8, tokens: 40 }] }];
    expect(readSeconds(others)).toEqual([50, 50]);
    expect(readSeconds([asked(0, 50), asked(100, 50)], { prefixCache: undefined })).toEqual([50, 50]);
  });

  it("loses the end of what has been out of use for longest as its blocks are taken", () => {
    // Of 100 blocks 10 hold the prefix; a prompt of 380 tokens takes 95, so that half of the prefix goes.
    const large = { ...asked(100, 380), prefix: [{ key: 9, tokens: 1 }] };
    expect(readSeconds([asked(0, 50), large, asked(1000, 50)])).toEqual([50, 380, 30]);
  });

  it("keeps of a prefix no more than its users hold once the blocks of whoever held more are taken", () => {
    // The first holds 160 tokens of the prefix and ends; the second holds 8 of them and stays; the third takes 80 of the 100 blocks.
    const long = { ...asked(0, 170), prefix: [{ key: 7, tokens: 160 }] };
    const short = { ...asked(200, 10), prefix: [{ key: 7, tokens: 8 }], output: 100 };
    const large = { ...asked(210, 320), prefix: [{ key: 9, tokens: 1 }] };
    const again = { ...asked(220, 170), prefix: [{ key: 7, tokens: 160 }] };
    const slow = { ...settings.stepTime, overhead: 1, densePerToken: 0 };
    const { hitTokens } = runReplica([long, short, large, again], { ...settings, stepTime: slow, maxBatchedTokens: 1000 }, "finish");
    const withoutLarge = runReplica([long, short, again], { ...settings, stepTime: slow, maxBatchedTokens: 1000 }, "finish").hitTokens;
    expect(withoutLarge).toBe(8 + 160);
    // Eight tokens are in use, and about 60 more lie in the 15 or so blocks that stayed free.
    expect(hitTokens).toBeGreaterThan(8 + 40);
    expect(hitTokens).toBeLessThan(8 + 80);
  });

  it("keeps the least recently used order: of equally likely prefixes as many are hit as fit", () => {
    const fits = 5;
    const groups = 20;
    const scenario = scenarioOf(`
name: Prefixes
horizon: 40h
warmup: 1h
traffic:
  chat:
    arrivals: { rate: 0.1/s }
    inputTokens: { constant: 200 }
    outputTokens: { constant: 1 }
    sharedPrefix: { tokens: 160, groups: ${groups} }
    path: [gpus]
pools:
  gpus:
    engine: { stepTime: { overhead: 1us }, maxBatchedTokens: 4096, kvBlocks: 1000, prefixCache: { blocks: ${(fits * 160) / 16} } }
    replicas: 1
`);
    const { prefixHits, prefixTokens } = runReplication(scenario, 0, new Map()).summary.meters.pools["gpus"];
    const requests = prefixTokens / 200;
    const hitRate = prefixHits / 160 / requests;
    const exact = fits / groups;
    expect(requests).toBeGreaterThan(10_000);
    expect(Math.abs(hitRate - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / requests));
  });
});
