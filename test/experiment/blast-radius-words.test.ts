import { expect, it } from "vitest";
import { blastRadiusSentences } from "../../src/experiment/blast-radius-words.ts";
import type { BlastRadius, Trouble } from "../../src/experiment/retrieval-result.ts";
import { around } from "../report/fixture.ts";

const none = around(0, 0);
const rebuild: BlastRadius = {
  plan: "base",
  store: "handbook",
  trouble: "rebuild",
  misses: around(1494, 100),
  missesCaused: around(1240, 90),
  causedShare: around(0.83, 0.04),
  timeoutsCaused: around(310, 20),
  withoutCaused: around(5, 6),
};

it("what a trouble surely caused is said with its share and its intervals", () => {
  expect(blastRadiusSentences([rebuild], false)).toEqual([
    "Rebuilds of handbook's index cause 83 % ± 4 of the misses (paired runs without them): 1,240 ± 90 a replication, with 310 ± 20 more time-outs.",
  ]);
});

it("answers without retrieval are told, also where they are no misses", () => {
  const lost = { ...rebuild, withoutCaused: around(2100, 80) };
  expect(blastRadiusSentences([lost], false)[0]).toContain(
    ", with 310 ± 20 more time-outs and 2,100 ± 80 more answers without what it gives.",
  );
  const tolerated = { ...lost, trouble: "reembedding" as const, missesCaused: around(3, 9) };
  expect(blastRadiusSentences([tolerated], false)).toEqual([
    "The re-embedding of handbook causes no certain misses, but 2,100 ± 80 more answers without what it gives a replication (paired runs without it).",
  ]);
});

it("of what may be chance nothing is said", () => {
  const doubtful = { ...rebuild, missesCaused: around(80, 90) };
  expect(blastRadiusSentences([doubtful, { ...rebuild, missesCaused: none }], false)).toEqual([]);
  expect(blastRadiusSentences([doubtful], true)).toEqual([]);
});

it("with one replication there are no intervals, and what was counted is told", () => {
  const { low: _low, high: _high, ...missesCaused } = rebuild.missesCaused;
  const once = { ...rebuild, missesCaused, causedShare: { mean: 0.83 }, timeoutsCaused: { mean: 0 }, withoutCaused: { mean: 0 } };
  expect(blastRadiusSentences([once], false)).toEqual([
    "Rebuilds of handbook's index cause 83 % of the misses (paired runs without them): 1,240 a replication.",
  ]);
});

it.each<[Trouble, string]>([
  ["outage", "Outages of handbook cause 83 % ± 4 of the misses (paired runs without them): "],
  ["memory", "Short memory of handbook causes 83 % ± 4 of the misses (paired runs without it): "],
])("names the trouble: %s", (trouble, words) => {
  expect(blastRadiusSentences([{ ...rebuild, trouble }], false)[0]).toContain(words);
});

it("one system is told of all its troubles, the worst first; several of the worst of each", () => {
  const outage = { ...rebuild, trouble: "outage" as const, missesCaused: around(2000, 90) };
  expect(blastRadiusSentences([rebuild, outage], false).map((text) => text.split(" ")[0])).toEqual(["Outages", "Rebuilds"]);
  const other = { ...rebuild, plan: "larger" };
  const told = blastRadiusSentences([rebuild, outage, other], true);
  expect(told.map((text) => text.split(" cause")[0])).toEqual(["In base, outages of handbook", "In larger, rebuilds of handbook's index"]);
});
