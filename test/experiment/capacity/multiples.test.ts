import { expect, it, test } from "vitest";
import { multiples } from "../../../src/experiment/capacity/multiples.ts";

test.each([
  [0.5, 16],
  [0.1, 10],
  [0.01, 16],
  [0.01, 1000],
  [0.001, 16],
])("multiples on a grid of %f up to %f are doubled exactly, differ, and lie no further apart than that", (resolution, upTo) => {
  const { octave, least, largest, at } = multiples(resolution, upTo);
  expect([at(0), at(octave), at(largest)]).toEqual([1, 2, upTo]);
  expect(at(least) * 64).toBeCloseTo(1, 2);
  for (let step = least + 1; step <= largest; step++) {
    const ratio = at(step) / at(step - 1);
    expect(ratio).toBeGreaterThan(1);
    // Rounding moves either end by at most half of its last digit.
    expect(ratio).toBeLessThan(1 + resolution * 1.2);
  }
});

it("the largest multiple is the one asked for, also between two of the grid", () => {
  const { largest, at } = multiples(0.5, 3);
  expect([at(largest - 1), at(largest)]).toEqual([2.83, 3]);
});
