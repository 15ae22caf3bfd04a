import { expect, it } from "vitest";
import { warningsOn } from "../../src/experiment/warnings.ts";
import { simulated } from "../report/fixture.ts";
import { overflowing } from "./overflowing.ts";
import { planOf } from "./systems.ts";

const [point] = simulated().points;
const warnings = (...plans: readonly Readonly<Record<string, string>>[]): string[] =>
  warningsOn(
    plans.map((one) => planOf(overflowing, { caches: "{}", "traffic.chat.path": "[gpus]", ...one })),
    [point],
    undefined,
    new Map(),
  );

const store = (more = ""): string => `{ handbook: { concurrency: 8, read: { constant: 5ms }, perReplicaHour: $1${more} } }`;
const reading = { "traffic.chat.path": "[handbook, gpus]" };

it("what is planned of stores and caches for later than the run is said", () => {
  const planned = (more: string) => warnings({ ...reading, vectorStores: store(`, ${more}`) });
  expect(planned("rebuild: { every: 1h, lasts: 1m }")).toEqual(["handbook: its rebuild at 1 h comes after the run has ended"]);
  expect(planned("rebuild: { at: [1m, 1h], lasts: 1m }")).toEqual(["handbook: its rebuild at 1 h comes after the run has ended"]);
  expect(planned("outages: { at: [10m], lasts: 1m }")).toEqual(["handbook: its outage at 10 m comes after the run has ended"]);
  expect(planned("reembed: { at: 1h, rate: 5/s }")).toEqual(["handbook: its re-embedding at 1 h comes after the run has ended"]);
  expect(planned("rebuild: { at: [9m], lasts: 1m }, outages: { every: 30d, lasts: 1m }")).toEqual([]);
  const caches = "{ answers: { kind: exact, keys: { zipf: { exponent: 1, count: 9 } }, invalidateAt: [5m, 2h] } }";
  expect(warnings({ caches, "traffic.chat.path": "[answers, gpus]" })).toEqual([
    "answers: its invalidation at 2 h comes after the run has ended",
  ]);
});

it("writes that found no memory are said, since no request shows them", () => {
  const given = { ...reading, vectorStores: store() };
  const of = (mean: number) => ({ mean, low: mean, high: mean });
  const handbook = { refusedWrites: of(1200) } as (typeof point.vectorStores)[string];
  const plan = planOf(overflowing, { caches: "{}", ...given });
  expect(warningsOn([plan], [{ ...point, vectorStores: { handbook } }], undefined, new Map())).toEqual([
    "handbook: its memory was full for 1,200 writes a replication, which are lost",
  ]);
});

it("a curve measured on paraphrases is said to be an upper bound", () => {
  const caches =
    "{ similar: { kind: semantic, embedding: { latency: { constant: 20ms } }, store: handbook, threshold: 0.9, similarity: lmarena-paraphrases } }";
  expect(warnings({ caches, vectorStores: store(), "traffic.chat.path": "[similar, gpus]" })).toEqual([
    "similar: its hits by threshold are an upper bound, measured on questions made to be alike; real traffic has fewer",
  ]);
});

it("what is said of a store that only caches read, and only counts where a path names it, is said to change nothing", () => {
  const caches =
    "{ similar: { kind: semantic, embedding: { latency: { constant: 20ms } }, store: handbook, threshold: 0.9, hitRate: 10% } }";
  const asked = { caches, "traffic.chat.path": "[similar, gpus]" };
  const given = ", timeout: 1s, onFailure: answerWithout, promptTokens: 500";
  expect(warnings({ ...asked, vectorStores: store(given) })).toEqual([
    "handbook: its timeout, onFailure, promptTokens change nothing, since only caches read it, whose failed look-ups are misses",
  ]);
  expect(warnings({ ...asked, vectorStores: store(", retry: { attempts: 2 }") })).toEqual([
    "handbook: its retry changes nothing, since only caches read it, whose failed look-ups are misses",
  ]);
  expect(warnings({ ...asked, "traffic.chat.path": "[similar, handbook, gpus]", vectorStores: store(given) })).toEqual([]);
});

it("a store without a price is said to cost nothing", () => {
  expect(warnings({ ...reading, vectorStores: store().replace(", perReplicaHour: $1", "") })).toEqual([
    "handbook: the vector store has no price, so its replicas cost nothing here",
  ]);
});
