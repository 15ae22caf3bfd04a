import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { poolView } from "../../../../src/serving/pool-view.ts";
import { PoolDriver } from "../../pool-driver.ts";
import { FleetDriver, type IdleReplica } from "../fleet-driver.ts";

const paces = ({ fleet }: FleetDriver): number[] => fleet.members.map(({ replica }) => (replica as IdleReplica).pace);
const slowReplica = (share: number, speed?: string) => ({ slowReplica: { share, ...(speed === undefined ? {} : { speed }) } });

describe("slow replicas", () => {
  it.each([0.05, 0.3, 0.8])("are %d of all", (share) => {
    const replicas = 4000;
    const all = paces(new FleetDriver({ replicas, faults: slowReplica(share, "25%") }));
    expect(new Set(all)).toEqual(new Set([1, 4]));
    const found = all.filter((pace) => pace === 4).length / replicas;
    expect(Math.abs(found - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / replicas));
  });

  it("are none with a share of 0 and all with one of 1, which by default have 60% of the speed", () => {
    expect(new Set(paces(new FleetDriver({ replicas: 50, faults: slowReplica(0) })))).toEqual(new Set([1]));
    expect(new Set(paces(new FleetDriver({ replicas: 50, faults: slowReplica(1) })))).toEqual(new Set([1 / 0.6]));
  });

  it("are the same ones with a larger share and with another speed, and more of them", () => {
    const slow = (share: number, speed: string): number[] =>
      paces(new FleetDriver({ replicas: 200, faults: slowReplica(share, speed) })).flatMap((pace, i) => (pace > 1 ? [i] : []));
    expect(slow(0.2, "50%")).toEqual(slow(0.2, "90%"));
    expect(slow(0.5, "50%")).toEqual(expect.arrayContaining(slow(0.2, "50%")));
    expect(slow(0.5, "50%").length).toBeGreaterThan(slow(0.2, "50%").length);
  });

  it("stay slow when their processes start again", () => {
    const driver = new FleetDriver({ replicas: 40, faults: { ...slowReplica(0.5), crash: { every: "10s" } } });
    const before = paces(driver);
    driver.simulation.run(100);
    expect(driver.fleet.accounts.crashes).toBeGreaterThan(40);
    expect(paces(driver)).toEqual(before);
  });
});

describe("what a slow replica serves", () => {
  const engines = {
    station: { station: { servers: 2, service: { lognormal: { mean: "10s", cv: 1 } } } },
    staticBatch: {
      staticBatch: { size: 3, service: { exponential: { mean: "4s" } }, perAttempt: "1s", perInputToken: "0.1s", perOutputToken: "0.2s" },
    },
    continuousBatch: {
      stepTime: { overhead: "50ms", densePerToken: "20ms", perSequence: "10ms", perKvToken: "1ms", perPrefillPair: "1ms" },
      maxSequences: 4,
      maxBatchedTokens: 32,
      kvBlocks: 60,
      blockSize: 4,
    },
    speculating: {
      stepTime: { overhead: "50ms", densePerToken: "20ms" },
      maxSequences: 4,
      maxBatchedTokens: 64,
      kvBlocks: 90,
      blockSize: 4,
      speculation: { draftTokens: 3, acceptedTokens: 2.5, draftTime: "30ms" },
    },
  };
  const arrivals = fc.array(
    fc.record({
      gap: fc.double({ min: 0, max: 8, noNaN: true }),
      prompt: fc.integer({ min: 1, max: 60 }),
      output: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 1, maxLength: 25 },
  );

  it.each(Object.entries(engines))("takes, in the %s, 1 / speed as long from the first to the last moment", (_, engine) => {
    // Powers of two scale without rounding, so that not even ties can fall another way.
    fc.assert(
      fc.property(arrivals, fc.constantFrom(2, 4, 8), fc.integer({ min: 1, max: 3 }), (all, pace, replicas) => {
        const run = (scale: number, faults: Record<string, unknown>): PoolDriver => {
          const driver = new PoolDriver({ engine, replicas, faults });
          let at = 0;
          for (const { gap, prompt, output } of all) driver.arrive({ at: (at += gap * scale), prompt, output });
          return driver.run(1e6);
        };
        const plain = run(1, {});
        const slow = run(pace, slowReplica(1, `${100 / pace}%`));
        expect(slow.visits).toEqual(
          plain.visits.map((visit) => ({
            ...visit,
            arrivedAt: visit.arrivedAt * pace,
            firstTokenAt: visit.firstTokenAt * pace,
            endedAt: visit.endedAt * pace,
          })),
        );
        expect(poolView(slow.pool).busySeconds).toBeCloseTo(poolView(plain.pool).busySeconds * pace, 6);
      }),
      { numRuns: 40 },
    );
  });
});
