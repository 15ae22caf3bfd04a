import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { classWithoutFuture, futureArrivals, WindowCounts } from "../../src/scenario/future-arrivals.ts";
import { scenarioOf } from "../experiment/systems.ts";
import { readText } from "../traffic/csv/read-text.ts";

const llm = "{ stepTime: { overhead: 1ms }, kvBlocks: 1000, kvBytesPerToken: 1000 }";

/** Classes that ask two pools, one of which has its prompts read by a third; and one that asks a provider only. */
const text = (classes = "", horizon = "200s"): string => `
name: future
seed: 11
horizon: ${horizon}
replications: 1
traffic:
  day: { arrivals: { trace: day.csv, rateScale: 1.6, spikes: [{ at: 50s, lasts: 20s, factor: 3 }] }, path: [{ first: [gpus, hosted] }] }
  table:
    arrivals: { profile: [[0s, 3/s], [40s, 0/s], [60s, 9/s]], repeat: 90s, cv: 2 }
    inputTokens: { exponential: { mean: 100 } }
    outputTokens: { constant: 2 }
    path: [gpus]
  split: { arrivals: { rate: 1/s, cv: 0.5 }, inputTokens: { constant: 10 }, outputTokens: { constant: 2 }, path: [writers] }
  away: { arrivals: { rate: 20/s }, inputTokens: { constant: 10 }, outputTokens: { constant: 2 }, path: [hosted] }
${classes}
pools:
  gpus: { engine: ${llm}, replicas: 1 }
  writers: { engine: ${llm}, replicas: 1, prefill: { pool: readers, transfer: { bandwidth: 1GB/s } } }
  readers: { engine: ${llm}, replicas: 1 }
providers:
  hosted:
    model: { inputPerMillion: $1, outputPerMillion: $1 }
    latency: { ttft: { constant: 1s }, tpot: { constant: 1ms } }
`;

const trace = readText(["time,input,output", ...Array.from({ length: 300 }, (_, i) => `${i * 0.6},${1 + (i % 50)},2`)].join("\n"));
const traces = new Map([["day.csv", trace]]);
const classNames = ["day", "table", "split", "away"];

/** The most moments in [s, s + window) for s in [from, to], per second, by trying every start at which the count could jump. */
function bruteForce(times: readonly number[], from: number, to: number, window: number): number {
  const starts = [from, to, ...times.filter((time) => time >= from && time <= to)];
  // Just after the moment at which one more comes into the window.
  for (const time of times) {
    const start = (time - window) * (1 + 1e-9) + 1e-9;
    if (start >= from && start <= to) starts.push(start);
  }
  return Math.max(...starts.map((start) => times.filter((time) => time >= start && time < start + window).length)) / window;
}

describe("counts of moments in spans of one length", () => {
  it("have the most that any span has which starts within bounds, by trying them all", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(60), { maxLength: 40 }),
        fc.nat(70),
        fc.nat(70),
        fc.integer({ min: 1, max: 20 }),
        (moments, from, length, window) => {
          // Between whole numbers, so that no span starts or ends just where a moment is unless it starts with it.
          const times = moments.sort((a, b) => a - b);
          const counts = new WindowCounts(Float64Array.from(times), window);
          expect(counts.most(from, from + length) / window).toBe(bruteForce(times, from, from + length, window));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("are of spans that hold their start and not their end", () => {
    const counts = new WindowCounts(Float64Array.of(1, 2, 2, 3), 1);
    expect([counts.most(0, 0.5), counts.most(1, 1), counts.most(2, 2), counts.most(0, 9), counts.most(3.5, 9)]).toEqual([1, 1, 2, 2, 0]);
  });
});

describe("the future of a pool", () => {
  const scenario = scenarioOf(text());

  /** When the simulation meets the requests of these classes. */
  const met = (classes: readonly string[], replication: number): number[] => {
    const { recorder } = runReplication(scenario, replication, traces);
    const rows = Array.from({ length: recorder.count }, (_, i) => i).filter((i) => classes.includes(classNames[recorder.trafficClass[i]]));
    return rows.map((i) => recorder.arrivedAt[i]).sort((a, b) => a - b);
  };

  it.each([
    ["gpus", ["day", "table"], 0],
    ["gpus", ["day", "table"], 3],
    ["writers", ["split"], 0],
    ["readers", ["split"], 1],
  ] as const)("holds for %s the very arrivals of %j that replication %i meets", (pool, classes, replication) => {
    const times = met(classes, replication);
    const future = futureArrivals(scenario, replication, traces, pool);
    expect(times.length).toBeGreaterThan(100);
    for (let from = 0; from < 200; from += 7.3) {
      for (const [lead, window] of [
        [0, 60],
        [15, 5],
        [300, 60],
      ] as const) {
        expect(future(from, from + lead, window)).toBe(bruteForce(times, from, from + lead, window));
      }
    }
    // A span so short and so placed that it holds one arrival alone tells its moment to the last digit.
    for (const time of times.slice(0, 50)) expect(future(time, time, 1e-9)).toBeGreaterThan(0);
  });

  it("holds the arrivals of classes that ask it on the way, by name, for a cache and within pipelines", () => {
    const ways = ["[{ call: aside }, hosted]", "[similar, hosted]", "[steps, hosted]", "[hosted]"];
    const classes = ways.map(
      (path, i) => `  c${i}: { arrivals: { rate: 5/s }, inputTokens: { constant: 9 }, outputTokens: { constant: 2 }, path: ${path} }`,
    );
    const rest = `caches:
  similar: { kind: semantic, embedding: aside, store: questions, threshold: 0.9, hitRate: 10% }
vectorStores:
  questions: { concurrency: 9, read: { constant: 1ms } }
pipelines:
  steps: [{ parallel: [questions, [{ call: aside, name: rewrite }]] }]
`;
    const given = scenarioOf(
      text(`${classes.join("\n")}\n${rest}`).replace(
        "  gpus: {",
        "  aside: { engine: { station: { servers: 9, service: { constant: 1s } } }, replicas: 1 }\n  gpus: {",
      ),
    );
    const { recorder } = runReplication(given, 0, traces);
    const asking = recorder.trafficClass.subarray(0, recorder.count).filter((one) => one >= 4 && one < 7);
    expect(futureArrivals(given, 0, traces, "aside")(0, 0, 200) * 200).toBeCloseTo(asking.length, 6);
  });

  it("moves nothing in the simulation, which it may be asked during", () => {
    const before = met(classNames, 0);
    futureArrivals(scenario, 0, traces, "gpus")(0, 100, 60);
    expect(met(classNames, 0)).toEqual(before);
  });

  it("is known of classes whose requests do not wait for each other, and of no closed loop", () => {
    const loop = (path: string): string =>
      `  loop: { arrivals: { closedLoop: { clients: 4 } }, inputTokens: { constant: 9 }, outputTokens: { constant: 2 }, path: [${path}] }`;
    const pools = ["gpus", "writers", "readers"];
    const without = (path: string) => pools.map((pool) => classWithoutFuture(scenarioOf(text(loop(path))), pool));
    expect(pools.map((pool) => classWithoutFuture(scenario, pool))).toEqual([undefined, undefined, undefined]);
    expect(without("{ first: [hosted, gpus] }")).toEqual(["loop", undefined, undefined]);
    expect(without("writers")).toEqual([undefined, "loop", "loop"]);
    expect(without("hosted")).toEqual([undefined, undefined, undefined]);
  });
});
