import { describe, expect, it } from "vitest";
import { compare } from "../../src/experiment/compare.ts";
import { requireComparable, simulatePlans } from "../../src/experiment/plan.ts";
import { relativeHalfWidth } from "../../src/experiment/precision.ts";
import { inlineRunner, type Runner, type Task } from "../../src/experiment/runner.ts";
import { settle } from "../../src/experiment/settled.ts";
import { simulate } from "../../src/experiment/simulate.ts";
import { notesOn } from "../../src/report/notes.ts";
import { planOf } from "./systems.ts";

const traces = new Map();
const context = { version: "test", command: "test", traces };

/** A station that nothing serves until its replica has started, so that a line grows first and then shrinks. */
const starting = `
name: Starting
horizon: 1h
warmup: auto
replications: 3
traffic:
  jobs:
    arrivals: { rate: 2/s }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    slo: ["total p95 < 2s"]
    path: [station]
pools:
  station:
    engine: { station: { servers: 1, service: { exponential: { mean: 100ms } } } }
    replicas: 1
    coldStart: { phases: { loading: { constant: 5m } } }
    price: { perReplicaHour: $1 }
`;
/** Ready at once, and busy for a fifth of the time. */
const calm = {
  "pools.station.coldStart": "{ phases: {} }",
  "pools.station.engine": "{ station: { servers: 1, service: { constant: 100ms } } }",
};
/** More comes than can be served. */
const overloaded = { ...calm, "traffic.jobs.arrivals.rate": "12/s", horizon: "20m" };

/** A runner that tells what it was asked for. */
function watched(): { runner: Runner; tasks: Task[] } {
  const tasks: Task[] = [];
  const inner = inlineRunner(traces);
  return { tasks, runner: { run: (task) => (tasks.push(task), inner.run(task)) } };
}

describe("a warm-up that is to be found", () => {
  it("is no longer than the system needs to become steady, the same for all plans, and a whole number of windows", async () => {
    const spike = { "traffic.jobs.arrivals": "{ rate: 2/s, spikes: [{ at: 0s, lasts: 5m, factor: 8 }] }" };
    const plans = [planOf(starting, calm), planOf(starting, { ...calm, ...spike }, "spike")];
    const { plans: ready, settled } = await settle(plans, inlineRunner(traces));
    const [a, b] = ready.map(({ decoded }) => decoded.scenario.warmup);
    expect(a).toBe(b);
    expect(settled.warmUp).toMatchObject({ steady: true, plan: "spike", className: "jobs", window_s: 15 });
    expect(a % 15).toBe(0);
    // In the spike 16/s come and 10/s are served; the 1,800 left over then take 225 s.
    expect(a).toBeGreaterThanOrEqual(300);
    expect(a).toBeLessThanOrEqual(700);
    const result = await compare(ready, inlineRunner(traces), { ...context, settled });
    expect(result.warmup_s).toBe(a);
    expect(notesOn(result).join(" ")).toMatch(/^The warm-up of .* was found by MSER-5 .*: jobs of spike is steady last\./);
  });

  it("is half of the horizon with a warning where there is no steady state", async () => {
    const { plans, settled, runner } = await settle([planOf(starting, overloaded)], inlineRunner(traces));
    expect(plans[0].decoded.scenario.warmup).toBe(600);
    expect(settled.warmUp?.steady).toBe(false);
    const { result } = await simulate(plans[0], runner, { ...context, settled });
    expect(result.warnings[0]).toBe(
      "no steady state within the horizon: jobs of base never settles, so that the first half, 10 m, is not counted",
    );
  });

  it("is not simulated without, nor compared with one that is given", async () => {
    const open = planOf(starting, calm);
    expect(open.decoded.scenario.warmup).toBe(0);
    await expect(simulatePlans([open], inlineRunner(traces))).rejects.toThrow("still to be found");
    expect(() => requireComparable([open, planOf(starting, { ...calm, warmup: "0s" })])).toThrow("must be the same");
  });
});

describe("a precision that is asked for", () => {
  const busy = { ...calm, warmup: "1m", horizon: "10m", "traffic.jobs.arrivals.rate": "8/s" };

  it("adds replications to all plans alike until every one is precise, and simulates none twice", async () => {
    const { runner, tasks } = watched();
    const plans = [planOf(starting, busy), planOf(starting, { ...busy, "traffic.jobs.arrivals.rate": "5/s" }, "calm")];
    const { plans: ready, settled, runner: remembers } = await settle(plans, runner, { share: 0.08, mostReplications: 64 });
    const { replications, capped, reached, plan, of } = settled.precision!;
    expect(replications).toBeGreaterThan(3);
    expect(capped).toBe(false);
    expect(reached).toBeLessThanOrEqual(0.08);
    expect([plan, of]).toEqual(["base", "jobs total p95"]);
    expect(ready.map(({ decoded }) => decoded.scenario.replications)).toEqual([replications, replications]);
    const result = await compare(ready, remembers, { ...context, settled });
    expect(tasks).toHaveLength(2 * replications);
    expect(result.precision).toEqual(settled.precision);
    expect(relativeHalfWidthOf(result.points[0].classes["jobs"].total_s.p95!)).toBeCloseTo(reached!, 12);
    expect(notesOn(result).join(" ")).toContain("were enough for ± 8.0 %: the least precise, jobs total p95 of base, is known to ±");
  });

  it("ends at the most replications that it may have, and says what is not known", async () => {
    const plan = planOf(starting, { ...busy, replications: "1" });
    const { plans, settled, runner } = await settle([plan], inlineRunner(traces), { share: 0.001, mostReplications: 4 });
    expect(settled.precision).toMatchObject({ wanted: 0.001, replications: 4, capped: true });
    const { result } = await simulate(plans[0], runner, { ...context, settled });
    expect(result.warnings[0]).toMatch(/^4 replications are not enough for ± 0\.1 %: jobs total p95 of base is known to ± \d+\.\d %$/);
  });

  it("is none of one long replication", async () => {
    const plan = planOf(starting, { ...busy, replications: "1", batches: "5" });
    await expect(settle([plan], inlineRunner(traces), { share: 0.1, mostReplications: 4 })).rejects.toThrow("batches are cut from one");
  });

  it("is the half-width over the mean, and needs two values", () => {
    expect(relativeHalfWidth([7])).toBe(Infinity);
    expect(relativeHalfWidth([7, 7, 7])).toBe(0);
    // Student's t of one degree of freedom is 12.706 at 97.5 %.
    expect(relativeHalfWidth([9, 11])).toBeCloseTo(1.2706, 4);
  });
});

function relativeHalfWidthOf({ mean, low, high }: { readonly mean: number; readonly low?: number; readonly high?: number }): number {
  return (high! - low!) / 2 / mean;
}
