import { expect, it } from "vitest";
import { exactJson, parseExactJson } from "../../src/base/exact-json.ts";
import { remembering } from "../../src/experiment/economics/remembering.ts";
import { tasksOf, type Wanted } from "../../src/experiment/plan.ts";
import { inlineRunner, type Runner, type Task } from "../../src/experiment/runner.ts";
import { holds, onlyWanted, taskKey } from "../../src/experiment/task-key.ts";
import { planOf } from "./systems.ts";

const text = `
name: One pool
horizon: 60s
warmup: 10s
replications: 2
traffic:
  chat:
    arrivals: { rate: 2/s }
    inputTokens: { constant: 100 }
    outputTokens: { constant: 20 }
    slo: ["ttft p90 < 2s"]
    path: [answers, gpus]
caches: { answers: { kind: exact, hitRate: 20% } }
pools:
  gpus:
    replicas: 1
    engine: { stepTime: { overhead: 10ms }, maxSequences: 8, kvBlocks: 1000 }
`;

const task = (assignments: Readonly<Record<string, string>> = {}): Task => tasksOf([planOf(text, assignments)])[0][0];

it("a name and the number of replications decide nothing, whatever else is set does", () => {
  const key = taskKey(task());
  expect(taskKey(task({ name: "Another", replications: "9" }))).toBe(key);
  for (const [path, value] of [
    ["seed", "5"],
    ["horizon", "61s"],
    ["traffic.chat.arrivals.rate", "2.0000001/s"],
    ["pools.gpus.engine.kvBlocks", "1001"],
  ]) {
    expect(taskKey(task({ [path]: value }))).not.toBe(key);
  }
  expect(taskKey({ ...task(), replication: 1 })).not.toBe(key);
});

it("settings that plain JSON writes alike are told apart", () => {
  const { scenario, ...rest } = task();
  const horizons = [Infinity, NaN, 0, -0].map((horizon) => taskKey({ scenario: { ...scenario, horizon }, ...rest }));
  expect(new Set(horizons).size).toBe(4);
});

it("a trace counts by what it holds where that is told, and else by where it is read from", () => {
  const traced = (file: string): Task => {
    const { scenario, ...rest } = task();
    const chat = { ...scenario.traffic["chat"], arrivals: { ...scenario.traffic["chat"].arrivals, trace: file } };
    return { scenario: { ...scenario, traffic: { chat } }, ...rest };
  };
  expect(taskKey(traced("a.csv"))).not.toBe(taskKey(traced("b.csv")));
  expect(taskKey(traced("a.csv"), () => "hash")).toBe(taskKey(traced("b.csv"), () => "hash"));
  expect(taskKey(traced("a.csv"), () => "hash")).not.toBe(taskKey(traced("a.csv"), () => "other"));
});

it("what a replication comes to survives the way through text bit for bit", async () => {
  const all = { ...task(), requests: true, latencies: true };
  const finished = await inlineRunner(new Map()).run(all);
  expect(finished.requests!.count).toBeGreaterThan(10);
  expect(parseExactJson(exactJson(finished))).toEqual(finished);
});

it("equal tasks are simulated once, unless the second wants more", async () => {
  const run: Task[] = [];
  const counting: Runner = {
    run: async (one) => {
      run.push(one);
      return inlineRunner(new Map()).run(one);
    },
  };
  const runner = remembering(counting);
  await runner.run(task());
  await runner.run(task({ name: "Another" }));
  await runner.run({ ...task(), series: false, latencies: false });
  expect(run.length).toBe(1);
  await runner.run({ ...task(), requests: true });
  expect(run.length).toBe(2);
});

it("what is kept serves whoever wants no more of it, and gives no more than that", async () => {
  const poor = { series: false, requests: false };
  const rich = { series: true, requests: true, latencies: true };
  expect([holds(rich, poor), holds(poor, poor), holds(poor, rich), holds({ ...rich, latencies: false }, rich)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const finished = await inlineRunner(new Map()).run({ ...task(), ...rich });
  expect(Object.keys(onlyWanted(finished, poor))).toEqual(["summary"]);
  expect(onlyWanted(finished, rich)).toEqual(finished);
});

it("how long each request took is kept only for whoever tells the worth of caches, and where there are any", () => {
  const latencies = (wanted: Wanted, assignments: Readonly<Record<string, string>> = {}): boolean | undefined =>
    tasksOf([planOf(text, assignments)], wanted)[0][0].latencies;
  expect(latencies({})).toBe(false);
  expect(latencies({ latencies: "with caches" })).toBe(true);
  expect(latencies({ latencies: "with caches" }, { caches: "{}", "traffic.chat.path": "[gpus]" })).toBe(false);
});
