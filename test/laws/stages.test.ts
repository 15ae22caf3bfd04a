import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { serverNames } from "../../src/scenario/build.ts";
import { none } from "../../src/traffic/requests.ts";
import { overflowing } from "../experiment/overflowing.ts";
import { scenarioOf } from "../experiment/systems.ts";
import type { PlainStage, PlainWork } from "./plain-given-stages.ts";
import { everyFailure, type PlainProvider, type PlainSystem } from "./plain-given.ts";
import { playForReal, runForReal } from "./plain-real.ts";
import { plainSystem } from "./random-plain-system.ts";

const cases = Math.ceil(Number(process.env["HEADROOM_CASES"] ?? 1000) / 10);

/** All that a run has come to, but for what is said of these stages themselves. */
function run(assignments: Readonly<Record<string, string>>, stages: readonly string[] = []): unknown {
  const scenario = scenarioOf(overflowing, { horizon: "5m", ...assignments });
  const { recorder, summary, series } = runReplication(scenario, 0, new Map());
  const { count, arrivedAt, firstTokenAt, endedAt, outcome, servedBy, attempts, lacks, wrong, inputTokens } = recorder;
  const columns = { arrivedAt, firstTokenAt, endedAt, outcome, attempts, lacks, wrong, inputTokens };
  const names = serverNames(scenario);
  const all = {
    ...Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, Array.from(column.slice(0, count))])),
    servedBy: Array.from(servedBy.slice(0, count), (server) => names[server]),
    summary,
    series: series(),
  };
  return JSON.parse(JSON.stringify(all, (key, value: unknown) => (stages.includes(key) ? undefined : value)));
}

/** Answers at once, and has room for all. */
const store = "{ handbook: { concurrency: 100k, read: { constant: 0s }, write: { constant: 0s } } }";
const similar = "{ kind: semantic, embedding: { latency: { constant: 0s } }, store: handbook, threshold: 1, hitRate: 0%, timeout: 1s }";

describe("what does nothing before the targets", () => {
  it.each<[string, Record<string, string>]>([
    ["an empty pipeline", { pipelines: "{ empty: [] }", "traffic.chat.path": "[empty, { first: [gpus, api] }]" }],
    [
      "two empty pipelines side by side",
      { pipelines: "{ empty: [], more: [empty] }", "traffic.chat.path": "[{ parallel: [empty, more] }, { first: [gpus, api] }]" },
    ],
    [
      "a semantic cache to which nothing is similar, whose embedding and store take no time",
      { "caches.similar": similar, vectorStores: store, "traffic.chat.path": "[similar, { first: [gpus, api] }]" },
    ],
    ["a store that takes no time", { vectorStores: store, "traffic.chat.path": "[handbook, { first: [gpus, api] }]" }],
  ])("changes no fate, no money and no series: %s", (_, assignments) => {
    const [withIt, without] = [run(assignments, ["similar", "handbook"]), run({ "traffic.chat.path": "[{ first: [gpus, api] }]" })];
    expect(withIt).toEqual(without);
  });
});

describe("in any system with stages before its targets", () => {
  it("no task outlives its request or its stage", () => {
    let seen = 0;
    fc.assert(
      fc.property(plainSystem, (given) => {
        const { system, requests } = runForReal({ ...given, horizon: 6.1 });
        const tasks = Object.values(system.clients)[0].walk.pipeline["tasks"];
        const open = Array.from(tasks.serial.keys()).filter((task) => tasks.serial[task] !== none);
        expect(tasks.inUse).toBe(open.length);
        for (const task of open) {
          const request = tasks.request[task];
          seen++;
          expect(requests.ordinal[request]).not.toBe(none);
          const { stages } = given.classes[requests.trafficClass[request]];
          expect(requests.stage[request]).toBeLessThan(stages.length);
          expect(stages[requests.stage[request]].kind).not.toBe("exact");
        }
      }),
      { numRuns: cases },
    );
    expect(seen).toBeGreaterThan(10);
  });

  it("the times at its stages and that of the only attempt add up to the time to the first token, where nothing runs side by side", () => {
    let seen = 0;
    fc.assert(
      fc.property(plainSystem, (given) => {
        const { fates } = playForReal(inOneLine(given));
        for (const { outcome, servedBy, arrivedAt, ttft, spent } of fates) {
          if (outcome !== "served" || ttft === undefined) continue;
          const atStages = Object.values(spent).reduce((sum, seconds) => sum + seconds, 0);
          const ofAttempt = servedBy === oneTarget.name ? oneTarget.ttft : 0;
          expect(Math.abs(atStages + ofAttempt - ttft)).toBeLessThan(1e-9 * Math.max(1, arrivedAt + ttft));
          if (atStages > 0 && ofAttempt > 0) seen++;
        }
      }),
      { numRuns: cases },
    );
    expect(seen).toBeGreaterThan(cases);
  });
});

const oneTarget: PlainProvider = { name: "answers", kind: "provider", ttft: 0.7, tpot: 0.01, fails: false };

/** Its stages in order, and one target that always answers at once. */
function inOneLine(given: PlainSystem): PlainSystem {
  return {
    ...given,
    horizon: 2000,
    targets: [...given.targets, oneTarget],
    classes: given.classes.map((one) =>
      Object.assign({}, one, {
        stages: one.stages.flatMap(unfolded),
        agent: undefined,
        chain: { first: [oneTarget.name], on: everyFailure },
        client: {
          ttft: one.client.ttft,
          retry: { ...one.client.retry, attempts: 1, on: everyFailure },
          degrade: [],
        },
      }),
    ),
  };
}

function unfolded(stage: PlainStage): PlainStage[] {
  if (stage.kind === "parallel") return stage.branches.flat().flatMap((work: PlainWork) => unfolded(work));
  return stage.kind === "pipeline" ? [{ ...stage, parts: stage.parts.flatMap(unfolded) as PlainWork[] }] : [stage];
}
