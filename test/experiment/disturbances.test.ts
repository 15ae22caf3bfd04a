import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { disturbancesOf } from "../../src/experiment/disturbances.ts";
import { scenarioOf } from "./systems.ts";

const text = `
name: Disturbed
horizon: 10h
traffic:
  chat:
    arrivals: { rate: 1/s, spikes: [{ at: 1h, lasts: 10m, factor: 3 }] }
    inputTokens: { constant: 10 }
    outputTokens: { constant: 10 }
    path: [gpus]
  digests:
    arrivals: { rate: 1/s }
    inputTokens: { constant: 10 }
    outputTokens: { constant: 10 }
    path: [others]
pools:
  gpus: { engine: { station: { servers: 1, service: { constant: 1s } } }, replicas: 1 }
  others: { engine: { station: { servers: 1, service: { constant: 1s } } }, replicas: 1 }
`;
const found = (set: Readonly<Record<string, string>>, name = "chat") => disturbancesOf(scenarioOf(text, set), name);

it("a spike disturbs its own class", () => {
  expect(found({})).toEqual([{ what: "spike", from: 3600, to: 4200, until: Infinity }]);
  expect(found({}, "digests")).toEqual([]);
});

it("a spike that comes again is several, of which the first 24 are looked at", () => {
  const again = found({ "traffic.chat.arrivals.spikes": "[{ at: 1h, lasts: 10m, factor: 3, every: 4h }]" });
  expect(again.map(({ from }) => from / 3600)).toEqual([1, 5, 9]);
  expect(found({ "traffic.chat.arrivals.spikes": "[{ at: 0s, lasts: 1m, factor: 3, every: 10m }]" })).toHaveLength(24);
});

it("the time after one ends where the next begins, even if that one is looked at no more", () => {
  const often = "{ at: 0s, lasts: 1m, factor: 3, every: 10m }";
  const untilOf = (spikes: string) => found({ "traffic.chat.arrivals.spikes": `[${spikes}]` }).map(({ until }) => until / 60);
  expect(untilOf(often)).toEqual(Array.from({ length: 24 }, (_, i) => 10 * (i + 1)));
  expect(untilOf(`${often}, { at: 545m, lasts: 1s, factor: 2 }`).slice(-2)).toEqual([240, 550]);
});

it("a dip disturbs nobody, nor what begins after the run has ended", () => {
  expect(found({ "traffic.chat.arrivals.spikes": "[{ at: 1h, lasts: 10m, factor: 0.5 }, { at: 11h, lasts: 10m, factor: 2 }]" })).toEqual(
    [],
  );
});

it("scripted faults disturb the classes that may ask whom they strike; those by chance have no script", () => {
  const faults = {
    "pools.gpus.faults.zoneLoss": "{ at: [3h, 6h], lasts: 30m }",
    "pools.gpus.faults.stockOut": "{ every: 1h, lasts: 30m }",
  };
  expect(found(faults).map(({ what, from, to }) => [what, from / 3600, to / 3600])).toEqual([
    ["spike", 1, 7 / 6],
    ["zoneLoss of gpus", 3, 3.5],
    ["zoneLoss of gpus", 6, 6.5],
  ]);
  expect(found(faults, "digests")).toEqual([]);
});

it("so do faults of the pool that reads its prompts", () => {
  const apart = readFileSync("models/scenarios/engine-prefill.yaml", "utf8");
  const struck = scenarioOf(apart, { "pools.readers.faults.zoneLoss": "{ at: [1h], lasts: 5m }" });
  expect(disturbancesOf(struck, "chat")).toEqual([{ what: "zoneLoss of readers", from: 3600, to: 3900, until: Infinity }]);
});

it("disturbances that overlap or touch are one, under all their names", () => {
  const faults = {
    "pools.gpus.faults.zoneLoss": "{ at: [65m], lasts: 30m }",
    "pools.gpus.faults.stockOut": "{ at: [95m, 125m], lasts: 20m }",
  };
  expect(found(faults)).toEqual([
    { what: "spike and zoneLoss of gpus and stockOut of gpus", from: 3600, to: 115 * 60, until: 125 * 60 },
    { what: "stockOut of gpus", from: 125 * 60, to: 145 * 60, until: Infinity },
  ]);
});
