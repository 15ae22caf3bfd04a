import { expect, it } from "vitest";
import { similaritySettings } from "../../../src/cache/similarity.ts";
import { similaritySheet, similarityTable } from "../../../src/report/models/similarity-table.ts";

it("tells wrong hits as a share of the look-ups and of those who get an answer, of whom there may be none", () => {
  const points = [
    { threshold: 1, hits: "0%", wrong: "0%" },
    { threshold: 0.9, hits: "50%", wrong: "4%" },
  ];
  const sheet = similaritySheet(similaritySettings.parse({ points }));
  expect(sheet.points).toEqual([
    { threshold: 1, hits: 0, wrong: 0 },
    { threshold: 0.9, hits: 0.5, wrong: 0.04, wrongOfHits: 0.08 },
  ]);
  const rows = similarityTable(sheet).lines.map(({ cells }) => cells.map(({ text }) => text));
  expect(rows).toEqual([
    ["1", "0.0 %", "0.00 %", "–"],
    ["0.9", "50.0 %", "4.00 %", "8.00 %"],
  ]);
});
