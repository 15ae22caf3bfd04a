import { expect, test } from "vitest";
import { dollarsWithInterval, overlap, percentWithInterval } from "../../src/experiment/interval-text.ts";
import { around } from "../report/fixture.ts";

test.each([
  [dollarsWithInterval(around(12_340, 120)), "$12,340 ± 120"],
  [dollarsWithInterval(around(1.5, 0.25)), "$1.50 ± 0.25"],
  [dollarsWithInterval({ mean: 7 }), "$7.00"],
  [dollarsWithInterval(null), "–"],
  [percentWithInterval(around(0.9942, 0.0008)), "99.42 % ± 0.08"],
])("prints %s", (printed, expected) => {
  expect(printed).toBe(expected);
});

test("intervals overlap exactly when they share a value, and always when one is missing", () => {
  expect(overlap(around(1, 0.5), around(2, 0.5))).toBe(true);
  expect(overlap(around(1, 0.4), around(2, 0.5))).toBe(false);
  expect(overlap({ mean: 1 }, around(2, 0.5))).toBe(true);
});
