import { expect, it } from "vitest";
import { keptAnswers } from "../../src/report/cache-table.ts";
import { simulated } from "./fixture.ts";

it("what caches kept is told of those that are asked by keys", () => {
  const [point] = simulated().points;
  const rated = point.caches["answers"];
  const keyed = { ...rated, entries: { mean: 5000 }, evictions: { mean: 1200 }, expired: { mean: 30 }, coalesced: { mean: 7 } };
  const { lines, columns } = keptAnswers({ ...point, caches: { rated, keyed } });
  expect(lines.map(({ cells }) => cells.map(({ text }) => text))).toEqual([["keyed", "5,000", "1,200", "30", "7"]]);
  expect(columns.map(({ text }) => text)).toEqual(["cache", "held", "evicted", "expired", "waited for"]);
});
