import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { type BatchSettings, ContinuousBatch } from "../../../src/serving/replica/continuous-batch.ts";
import { Sequences } from "../../../src/serving/replica/sequences.ts";
import { Attempts } from "../../../src/traffic/attempts.ts";
import { noTime } from "./coefficients.ts";
import { runReplica } from "../drive.ts";
import { type Job, type Outcome, runPlainEngine } from "./plain-engine.ts";

const cases = Number(process.env["HEADROOM_CASES"] ?? 1000);

interface Case {
  readonly jobs: Job[];
  readonly settings: BatchSettings;
  readonly onCancel: "finish" | "abort";
}

/**
 * Where all times are whole numbers, arrivals and departures meet boundaries exactly, and both engines count without rounding.
 * Otherwise each quantity is a multiple of an irrational number of its own, so that nothing meets by accident.
 */
const scales = {
  whole: { overhead: 1, dense: 1, token: 1, sequence: 1, kv: 1, pair: 2, clock: 1 },
  irrational: {
    overhead: Math.SQRT2 / 10,
    dense: Math.E / 20,
    token: Math.PI / 500,
    sequence: Math.LN2 / 300,
    kv: Math.sqrt(3) / 5000,
    pair: Math.sqrt(7) / 5000,
    clock: Math.sqrt(11) / 30,
  },
};

/** Prompts that begin alike as far as their branches are the same; the last segment goes on for ever. */
const segmentTokens = [3, 8, 5, Infinity];
const prefix = fc.array(fc.nat(1), { minLength: 1, maxLength: segmentTokens.length }).map((branches) =>
  branches.map((_, depth) => ({
    key: branches.slice(0, depth + 1).reduce((key, branch) => key * 3 + branch + 1, 0),
    tokens: segmentTokens[depth],
  })),
);

/** Batches small enough that every iteration can be done by hand, with KV so tight that preemption is common. */
const someCase: fc.Arbitrary<Case> = fc
  .record({
    scale: fc.constantFrom(scales.whole, scales.irrational),
    coefficients: fc.record({
      overhead: fc.nat(5),
      denseFloor: fc.nat(8),
      denseBase: fc.nat(4),
      densePerToken: fc.nat(3),
      perSequence: fc.nat(2),
      perKvToken: fc.nat(2),
      perPrefillPair: fc.nat(2),
      promptOverhead: fc.nat(2),
      expertsFloor: fc.oneof(fc.constant(0), fc.nat(8)),
      communication: fc.nat(2),
      communicationPerToken: fc.nat(1),
    }),
    expertShare: fc.constantFrom(1 / 16, Math.SQRT1_2 / 2, 1),
    dense: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }), { freq: 4 }),
    jobs: fc.array(
      fc.record({
        // Half of all gaps are nothing, so that bursts are common; some are long, so that the replica goes idle.
        gap: fc.oneof(
          { weight: 4, arbitrary: fc.constant(0) },
          { weight: 3, arbitrary: fc.nat(30) },
          { weight: 1, arbitrary: fc.nat(3000) },
        ),
        prompt: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 })),
        output: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 50 })),
        patience: fc.option(fc.nat(400), { freq: 2 }),
        maxWait: fc.option(fc.nat(200), { freq: 3 }),
        prefix: fc.option(prefix, { freq: 2, nil: undefined }),
        received: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      }),
      { minLength: 1, maxLength: 25 },
    ),
    maxSequences: fc.integer({ min: 1, max: 12 }),
    budget: fc.integer({ min: 1, max: 40 }),
    spareBlocks: fc.oneof(fc.nat(4), fc.nat(40)),
    blockSize: fc.constantFrom(1, 2, 3, 4, 8, 16),
    chunkedPrefill: fc.boolean(),
    onCancel: fc.constantFrom("finish" as const, "abort" as const),
    prefixCache: fc.option(fc.record({ blocks: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }) }), { nil: undefined }),
    speculation: fc.option(
      fc.record({
        draftTokens: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 64 })),
        accepted: fc.nat(100),
        draftTime: fc.nat(2),
      }),
      {
        freq: 3,
        nil: undefined,
      },
    ),
  })
  .map(({ scale, coefficients, expertShare, dense, jobs, maxSequences, budget, spareBlocks, blockSize, chunkedPrefill, ...rest }) => {
    const { onCancel, prefixCache } = rest;
    const speculation = rest.speculation && {
      draftTokens: rest.speculation.draftTokens,
      acceptedTokens:
        scale === scales.whole
          ? 1 + (rest.speculation.accepted % (rest.speculation.draftTokens + 1))
          : Math.round(100 + rest.speculation.accepted * rest.speculation.draftTokens) / 100,
      draftTime: rest.speculation.draftTime * scale.overhead,
    };
    const drafts = speculation?.draftTokens ?? 0;
    let clock = 0;
    const planned = jobs.map(({ gap, prompt, output, patience, maxWait, received, ...job }): Job => {
      clock += gap;
      return {
        arrivesAt: clock * scale.clock,
        prompt,
        output: received ? output + 1 : output,
        received,
        ...(job.prefix === undefined ? {} : { prefix: job.prefix }),
        leavesAt: patience === null ? Infinity : (clock + patience) * scale.clock,
        withdrawnAt: maxWait === null ? Infinity : (clock + maxWait) * scale.clock,
      };
    });
    const longest = Math.max(...planned.map(({ prompt, output }) => prompt + output - 1)) + (drafts > 0 ? drafts + 1 : 0);
    const table = dense && {
      denseFloor: 0,
      denseBase: 0,
      densePerToken: 0,
      expertsFloor: 0,
      dense: dense.toSorted((a, b) => a - b).map((tokens, i): [number, number] => [tokens, [1, 3, 3, 8][i] * scale.dense]),
    };
    const stepTime = {
      ...noTime,
      overhead: (1 + coefficients.overhead) * scale.overhead,
      denseFloor: coefficients.denseFloor * scale.dense,
      denseBase: coefficients.denseBase * scale.dense,
      densePerToken: coefficients.densePerToken * scale.token,
      perSequence: coefficients.perSequence * scale.sequence,
      perKvToken: coefficients.perKvToken * scale.kv,
      perPrefillPair: coefficients.perPrefillPair * scale.pair,
      promptOverhead: coefficients.promptOverhead * scale.overhead,
      expertsFloor: coefficients.expertsFloor * scale.dense,
      // Powers of other shares are not exact, and where times are whole, ties must be.
      expertShare: scale === scales.whole ? 1 : expertShare,
      communication: coefficients.communication * scale.overhead,
      communicationPerToken: coefficients.communicationPerToken * scale.token,
      ...(scale === scales.whole ? {} : table),
    };
    const settings = {
      stepTime,
      maxSequences,
      maxBatchedTokens: Math.max(
        1 + drafts,
        chunkedPrefill ? budget : Math.max(...planned.map(({ prompt }) => prompt)) + Math.floor(budget / 4),
      ),
      kvBlocks: Math.ceil(longest / blockSize) + spareBlocks,
      blockSize,
      chunkedPrefill,
      prefixCache,
      speculation,
    };
    return { jobs: planned, settings, onCancel };
  });

function expectSame(found: Outcome, plain: Outcome): void {
  plain.fates.forEach((fate, index) => {
    const other = found.fates[index];
    expect(other.ending).toBe(fate.ending);
    expectNear(other.startedAt, fate.startedAt);
    expectNear(other.firstTokenAt, fate.firstTokenAt);
    expectNear(other.endedAt, fate.endedAt);
  });
  expect(found.preemptions).toBe(plain.preemptions);
  expectNear(found.busySeconds, plain.busySeconds);
  expectNear(found.wastedSeconds, plain.wastedSeconds, plain.busySeconds);
}

function expectNear(found: number, exact: number, scale = Math.abs(exact)): void {
  if (Number.isNaN(exact)) expect(found).toBeNaN();
  else expect(Math.abs(found - exact)).toBeLessThanOrEqual(1e-9 * scale);
}

describe("a replica with continuous batching", () => {
  it("agrees with the plain engine on every moment, on preemptions and on waste, and gives all its blocks back", () => {
    fc.assert(
      fc.property(someCase, ({ jobs, settings, onCancel }) => {
        const plain = runPlainEngine(jobs, settings, onCancel);
        const found = runReplica(jobs, settings, onCancel);
        expectSame(found, plain);
        expect(plain.freeBlocks).toBe(settings.kvBlocks);
        expect(found.freeBlocks).toBe(settings.kvBlocks);
      }),
      { numRuns: cases },
    );
  });

  it("is tried with preemption, abandonment, waste, withdrawal, prefix hits, speculation and exact ties, each in many of the cases", () => {
    const seen = { preempted: 0, dropped: 0, wasted: 0, withdrawn: 0, tied: 0, chunked: 0, hit: 0, speculated: 0, received: 0 };
    for (const { jobs, settings, onCancel } of fc.sample(someCase, { numRuns: 300, seed: 11 })) {
      const { fates, preemptions, wastedSeconds } = runPlainEngine(jobs, settings, onCancel);
      if (runReplica(jobs, settings, onCancel).hitTokens > 0) seen.hit++;
      if (settings.speculation !== undefined) seen.speculated++;
      if (jobs.some(({ received }) => received)) seen.received++;
      if (preemptions > 0) seen.preempted++;
      if (wastedSeconds > 0) seen.wasted++;
      if (fates.some(({ ending }) => ending === "dropped")) seen.dropped++;
      if (fates.some(({ ending }) => ending === "withdrawn")) seen.withdrawn++;
      if (settings.chunkedPrefill && jobs.some(({ prompt }) => prompt > settings.maxBatchedTokens)) seen.chunked++;
      const boundaries = new Set(fates.flatMap(({ firstTokenAt, endedAt }) => [firstTokenAt, endedAt]));
      if (jobs.some(({ arrivesAt, leavesAt }) => boundaries.has(arrivesAt) || boundaries.has(leavesAt))) seen.tied++;
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(30);
  });

  it("needs memory for the sequences in flight, not for all that ever came", () => {
    const stepTime = { ...noTime, overhead: 1 };
    const settings = { stepTime, maxSequences: 8, maxBatchedTokens: 64, kvBlocks: 100, blockSize: 16, chunkedPrefill: true };
    const simulation = new Simulation();
    const attempts = new Attempts();
    const sequences = new Sequences(attempts);
    const finished = (attempt: number) => attempts.close(attempt);
    const batch = new ContinuousBatch(
      {
        simulation,
        sequences,
        onCancel: "finish",
        listener: {
          started: () => {},
          firstToken: () => {},
          finished,
          spends: () => {},
          dropped: () => {},
        },
      },
      settings,
    );
    let asked = 0;
    const ask = simulation.handler(() => {
      batch.take(attempts.open(asked, asked, 0, 0, 20, 4));
      if (++asked < 20_000) simulation.after(1, ask);
    });
    simulation.at(0, ask);
    simulation.run(Number.MAX_VALUE);
    expect(asked).toBe(20_000);
    expect(attempts.inFlight).toBe(0);
    expect(sequences.state.length).toBeLessThanOrEqual(1024);
  });
});
