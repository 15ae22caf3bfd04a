import { describe, expect, it } from "vitest";
import { lagOne } from "../../src/experiment/batches.ts";
import { simulatePlans } from "../../src/experiment/plan.ts";
import { pointsOf } from "../../src/experiment/point.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { simulate } from "../../src/experiment/simulate.ts";
import { notesOn } from "../../src/report/notes.ts";
import { overflowing } from "./overflowing.ts";
import { planOf } from "./systems.ts";

const traces = new Map();
const runner = inlineRunner(traces);
const context = { version: "test", command: "test", traces };
const plan = planOf(overflowing, { replications: "1", batches: "6" });

describe("a replication that is cut into batches", async () => {
  const [{ replications }] = await simulatePlans([plan], runner, { latencies: true });
  const [{ replications: whole }] = await simulatePlans([planOf(overflowing, { replications: "1" })], runner, { latencies: true });
  const sum = (count: (one: (typeof replications)[number]) => number): number => replications.reduce((total, one) => total + count(one), 0);

  it("loses nothing: what its batches count adds up to what the whole counts", () => {
    const summary = whole[0].summary;
    expect(replications).toHaveLength(6);
    expect(sum((one) => one.summary.classes["chat"].counts.offered)).toBe(summary.classes["chat"].counts.offered);
    expect(sum((one) => one.summary.classes["chat"].counts.outcomes.served)).toBe(summary.classes["chat"].counts.outcomes.served);
    expect(sum((one) => one.summary.meters.pools["gpus"].busySeconds)).toBeCloseTo(summary.meters.pools["gpus"].busySeconds, 6);
    expect(sum((one) => one.summary.meters.providers["api"].calls)).toBe(summary.meters.providers["api"].calls);
    expect(sum((one) => one.summary.money.total.usd_per_month) / 6).toBeCloseTo(summary.money.total.usd_per_month, 6);
    expect(sum((one) => one.latencies!.total_s.length)).toBe(whole[0].latencies!.total_s.length);
  });

  it("has an interval of whatever can be cut, and none of what cannot", () => {
    const [point] = pointsOf([{ plan, replications }]).points;
    expect(point.replications).toBe(6);
    expect(point.cost.usd_per_month.low).toBeLessThan(point.cost.usd_per_month.mean);
    expect(point.pools["gpus"].ready.mean).toBeGreaterThan(0.9);
    expect(point.pools["gpus"].ready.mean).toBeLessThanOrEqual(2);
    expect(point.pools["gpus"].peakReplicas).toEqual({ mean: whole[0].summary.fleets["gpus"].peakReplicas });
    expect(point.pools["gpus"].coldStart.starts).toEqual({ mean: whole[0].summary.fleets["gpus"].starts });
    expect(Object.keys(point.providers["api"].busiestMinuteTokens)).toEqual(["mean"]);
    expect(point.batches?.count).toBe(6);
    expect(point.series.classes["chat"].offered.reduce((a, b) => a + b, 0)).toBeGreaterThan(point.classes["chat"].offered.mean * 6);
  });

  it("says in the result that its counts are per batch, and does not miss an interval", async () => {
    const { result } = await simulate(plan, runner, context);
    expect(result.batches).toBe(6);
    expect(notesOn(result)[0]).toContain("One replication, cut into 6 batches of 90 s");
    expect(result.warnings.join(" ")).not.toContain("no interval");
  });

  it("is only of one", () => {
    expect(() => planOf(overflowing, { batches: "6" })).toThrow("are cut from one replication");
  });
});

describe("the correlation of batch means", () => {
  it("is that of each with the next", () => {
    expect(lagOne([1, 2, 1, 2])).toBeCloseTo(-0.75, 12);
    expect(lagOne([0, 0, 1, 1])).toBeCloseTo(0.25, 12);
    expect(lagOne([0.1, 0.1, 0.1])).toBeNull();
  });
});
