import { describe, expect, it } from "vitest";
import { PlanError } from "../../../src/base/plan-error.ts";
import type { FittedCoefficient } from "../../../src/experiment/calibration/fit.ts";
import { type Choice, requireIdentified } from "../../../src/experiment/calibration/identifiability.ts";
import { guess } from "./synthetic.ts";

const known: FittedCoefficient = {
  name: "overhead",
  base: 0.003,
  value: 0.002,
  standardError: 0.99,
  atFloor: false,
  largestShare: 0.3,
  standIn: undefined,
};

function refusal(coefficients: readonly FittedCoefficient[], missing?: string, choice?: Choice): string | undefined {
  try {
    requireIdentified(
      { engine: guess, coefficients },
      { file: "a.csv", data: "the 9 rows", engine: guess, choice, missing: () => missing },
    );
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(PlanError);
    return (error as PlanError).message;
  }
}

describe("requireIdentified", () => {
  it("lets coefficients pass whose standard error is below themselves, and those at the hardware's floor", () => {
    expect(refusal([known, { ...known, name: "perKvToken", standardError: NaN, atFloor: true }])).toBeUndefined();
  });

  it("names every coefficient that is not known, its error, the bound, and how to keep it", () => {
    const vague = [
      known,
      { ...known, name: "perSequence", standardError: 3.2 },
      { ...known, name: "perKvToken", standardError: Infinity },
    ] as const;
    expect(refusal(vague)).toBe(
      [
        "a.csv: the 9 rows cannot tell perSequence: its standard error is 320 %, at most 100 % is allowed; its effect drowns in what chance does to the times",
        "  hint: --keep perSequence,perKvToken takes what the base profile says: perSequence 40us, perKvToken 0.15us",
        "  also: the 9 rows cannot tell perKvToken: its standard error is more than 1000 %, at most 100 % is allowed; its effect drowns in what chance does to the times",
      ].join("\n"),
    );
  });

  it("repeats what is kept already, so that following its hints comes to an end", () => {
    const vague = { ...known, standardError: 3 };
    const other = { ...known, name: "perKvToken" } as const;
    expect(refusal([other, vague], "", { flag: "keep", named: ["perSequence"] })).toMatch(/hint: --keep perSequence,overhead takes what/);
    expect(refusal([other, vague], "", { flag: "fit", named: ["perKvToken", "overhead"] })).toMatch(/hint: --fit perKvToken takes what/);
  });

  it("has no flag to advise when nothing can be told", () => {
    const vague = { ...known, standardError: 3 };
    expect(refusal([vague], "", { flag: "keep", named: ["perSequence"] })).toMatch(
      /hint: that would leave nothing to fit: measure at other/,
    );
    expect(refusal([vague], "", { flag: "fit", named: ["overhead"] })).toMatch(/, or --keep overhead in place of --fit, to fit others$/);
  });

  it("says why: what the data lack, what next to no time was spent on, or who stands in", () => {
    const vague = { ...known, standardError: 2 };
    expect(refusal([vague], "all rows are alike")).toMatch(/; all rows are alike\n/);
    expect(refusal([{ ...vague, largestShare: 0.0004 }])).toMatch(/; it makes next to nothing of any time that was measured\n/);
    expect(refusal([{ ...vague, largestShare: 0.011 }])).toMatch(/; it makes at most 1\.1 % of any time that was measured\n/);
    expect(refusal([{ ...vague, standIn: "perSequence" }])).toMatch(/; perSequence can make up for whatever it is\n/);
  });
});
