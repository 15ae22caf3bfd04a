import { describe, expect, it } from "vitest";
import type { Calibration, CalibrationBase } from "../../../src/experiment/calibration/calibration.ts";
import type { FittedCoefficient } from "../../../src/experiment/calibration/fit.ts";
import { requireAboveFloors } from "../../../src/experiment/calibration/floors.ts";
import { guess } from "./synthetic.ts";

const atFloor: FittedCoefficient = {
  name: "densePerToken",
  base: 27e-6,
  value: 17e-6,
  standardError: NaN,
  atFloor: true,
  largestShare: 0.3,
  standIn: undefined,
};
const base: CalibrationBase = { engine: guess, names: [], floors: {}, file: "a.csv" };

function found(...coefficients: FittedCoefficient[]): Calibration {
  return { engine: guess, coefficients, parts: [], error: { ttft: 0, tpot: 0 }, method: "" };
}

describe("requireAboveFloors", () => {
  it("lets a fit pass of which one coefficient at least was told by what was measured", () => {
    expect(() => requireAboveFloors(found(atFloor, { ...atFloor, name: "perKvToken", atFloor: false }), base)).not.toThrow();
  });

  it("refuses a fit that ends at the hardware's floor everywhere, and names what is too long instead", () => {
    expect(() => requireAboveFloors(found(atFloor, { ...atFloor, name: "perKvToken" }), base)).toThrow(
      "a.csv: nothing is fitted: densePerToken, perKvToken all end at the hardware's floor, while denseFloor 10ms of the base is not " +
        "fitted and may be too long\n  hint: --fit denseFloor,densePerToken,perKvToken",
    );
  });

  it("names the time that each prompt adds where there is one, and says when a flag has to go", () => {
    const engine = { ...guess, stepTime: { ...guess.stepTime, promptOverhead: 0.007 } };
    const kept: CalibrationBase = { ...base, engine, choice: { flag: "keep", named: ["overhead"] } };
    expect(() => requireAboveFloors(found(atFloor), kept)).toThrow(
      /densePerToken ends at .* denseFloor 10ms and promptOverhead 7ms of the base are not.*\n.*perKvToken,promptOverhead in place of --keep$/,
    );
  });
});
