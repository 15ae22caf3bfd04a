import { describe, expect, it } from "vitest";
import type { Point, Result } from "../../src/experiment/result.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { simulate } from "../../src/experiment/simulate.ts";
import { doubtsAboutBatches } from "../../src/experiment/steadiness-doubts.ts";
import { simulated } from "../report/fixture.ts";
import { planOf } from "./systems.ts";

const traces = new Map();

/** One server that is busy for half of the time. */
const queue = `
name: Queue
horizon: 20m
warmup: 2m
replications: 2
traffic:
  jobs:
    arrivals: { rate: 5/s }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    slo: ["total p95 < 2s"]
    path: [station]
pools:
  station:
    engine: { station: { servers: 1, service: { exponential: { mean: 100ms } } } }
    replicas: 1
    price: { perReplicaHour: $1 }
`;

async function resultOf(assignments: Readonly<Record<string, string>>): Promise<Result> {
  return (await simulate(planOf(queue, assignments), inlineRunner(traces), { version: "test", command: "test", traces })).result;
}

async function warningsOf(assignments: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await resultOf(assignments)).warnings;
}

it("a sound run has none of these warnings", async () => {
  expect(await warningsOf({})).toEqual([]);
  expect(await warningsOf({ replications: "1", batches: "10" })).toEqual([]);
});

describe("too few served requests", () => {
  it("are said, whatever the number of replications, with how many the percentiles need", async () => {
    const rare = { "traffic.jobs.arrivals.rate": "3/m", replications: "40" };
    expect(await warningsOf(rare)).toEqual([
      expect.stringMatching(/^jobs: 5\d requests served a replication are few for its latencies, of which percentiles need 100$/),
    ]);
    const extreme = { "traffic.jobs.slo": '["total p99.9 < 5s"]', replications: "4", horizon: "12m" };
    expect((await warningsOf(extreme)).join(" ")).toContain("of which percentiles need 5,000");
  });

  it("are counted by batch where there are batches", async () => {
    const cut = { replications: "1", batches: "100", "traffic.jobs.slo": "[]" };
    expect((await warningsOf(cut)).join(" ")).toMatch(/jobs: 5\d requests served a batch are few/);
  });
});

describe("saturation and a trend", () => {
  it("are said of a system that falls behind", async () => {
    const warnings = await warningsOf({ "traffic.jobs.arrivals.rate": "12/s" });
    expect(warnings).toContainEqual(expect.stringMatching(/^station: its replicas were busy >?(99|100)\.\d % .*: it is saturated/));
    expect(warnings).toContainEqual(expect.stringMatching(/^jobs: no steady state: its requests took longer and longer/));
  });

  it("are not said of one that is busy but keeps up", async () => {
    const text = (await warningsOf({ "traffic.jobs.arrivals.rate": "8/s" })).join(" ");
    expect(text).not.toMatch(/saturated|steady/);
  });

  it("are saturation alone where requests leave, so that the line does not grow", async () => {
    const text = (await warningsOf({ "traffic.jobs.arrivals.rate": "30/s", "pools.station.queue": "{ capacity: 5 }" })).join(" ");
    expect(text).toContain("saturated");
    expect(text).not.toContain("steady");
  });

  it("are no trend where more comes, or where a spike disturbs", async () => {
    const growing = { "traffic.jobs.arrivals": "{ profile: [[0m, 2/s], [20m, 9.5/s]] }" };
    const spike = { "traffic.jobs.arrivals": "{ rate: 5/s, spikes: [{ at: 5m, lasts: 14m, factor: 2.2 }] }" };
    for (const change of [growing, spike]) expect((await warningsOf(change)).join(" ")).not.toContain("longer and longer");
  });
});

describe("batches that depend on each other", () => {
  const point: Point = simulated().points[0];
  const doubts = (correlation: number | null, count = 20) =>
    doubtsAboutBatches({ ...point, batches: { count, of: "jobs total", correlation } }).map(({ text }) => text);

  it("are said beyond what chance does in one run of a hundred", () => {
    expect(doubts(0.6)).toEqual([
      "20 batches are too short: the means of jobs total of neighbours are correlated by 0.60, so that intervals are too narrow; take fewer batches, or a longer horizon",
    ]);
    expect(doubts(0.5)).toEqual([]);
    expect(doubts(0.5, 40)).toHaveLength(1);
    expect(doubts(null)).toEqual([]);
    expect(doubtsAboutBatches(point)).toEqual([]);
  });

  it("are found in a queue that is nearly always busy, cut short", async () => {
    const short = { "traffic.jobs.arrivals.rate": "9/s", replications: "1", batches: "180", "traffic.jobs.slo": "[]" };
    expect((await warningsOf(short)).join(" ")).toContain("180 batches are too short");
  });
});
