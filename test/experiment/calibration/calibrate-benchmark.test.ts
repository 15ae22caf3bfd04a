import { describe, expect, it } from "vitest";
import { calibrateBenchmark } from "../../../src/experiment/calibration/calibrate-benchmark.ts";
import { inferenceMax } from "../../../src/experiment/calibration/closed-loop.ts";
import { usualCoefficients } from "../../../src/experiment/calibration/coefficients.ts";
import { benchmarkRows, guess, truth } from "./synthetic.ts";

const base = { engine: guess, names: usualCoefficients, floors: {}, file: "rows.csv" };
const lengths = [
  [256, 128],
  [1024, 256],
  [6000, 128],
] as const;

describe("calibrateBenchmark", () => {
  it("finds the coefficients that made the rows, and tells each group of rows from the others", () => {
    const { coefficients, parts, error } = calibrateBenchmark(benchmarkRows([1, 4, 16, 48], lengths), base, inferenceMax);
    for (const { name, value, standardError } of coefficients) {
      expect(Math.abs(Math.log(value / truth.stepTime[name])), name).toBeLessThan(3 * standardError);
    }
    expect(parts.map(({ name, heldOut, errors }) => [name, heldOut, errors.count])).toEqual([
      ["all 12 rows, fitted", false, 12],
      ["one concurrency held out in turn", true, 12],
      ["one pair of lengths held out in turn", true, 12],
    ]);
    expect(parts[0].errors.tpot.median).toBeLessThan(0.01);
    expect(error.tpot).toBeLessThan(0.05);
    expect(error.tpot).toBe(Math.max(parts[1].errors.tpot.median, parts[2].errors.tpot.median));
  });

  it("refuses rows of one concurrency, which cannot tell a sequence from an iteration", () => {
    expect(() => calibrateBenchmark(benchmarkRows([16], [...lengths, [2000, 500]]), base, inferenceMax)).toThrow(
      /rows\.csv: the 4 rows cannot tell [\s\S]*perSequence: its standard error is .*all rows have the concurrency 16[\s\S]*--keep [\w,]*perSequence/,
    );
  });

  it("refuses rows of one pair of lengths, where more sequences always bring more KV", () => {
    expect(() => calibrateBenchmark(benchmarkRows([2, 4, 8, 16], [[1024, 256]]), base, inferenceMax)).toThrow(
      /cannot tell [\s\S]*all rows have the lengths 1024\/256/,
    );
  });
});
