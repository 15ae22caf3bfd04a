import { mean } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { calibrateRequests } from "../../../src/experiment/calibration/calibrate-requests.ts";
import { usualCoefficients } from "../../../src/experiment/calibration/coefficients.ts";
import { fitCoefficients } from "../../../src/experiment/calibration/fit.ts";
import { requestTarget } from "../../../src/experiment/calibration/request-target.ts";
import { guess, measuredRequests, truth } from "./synthetic.ts";

const names = ["overhead", "densePerToken", "perKvToken", "perPrefillPair"] as const;

const base = { engine: guess, names: usualCoefficients, floors: {}, file: "requests.csv" };

describe("the standard errors of calibrated coefficients", () => {
  it("are about as large as the coefficients are off, over several runs", () => {
    const offs = [1, 2, 3, 4].flatMap((replication) => {
      const calibration = fitCoefficients(guess, names, requestTarget(measuredRequests(200, replication), 160, guess), {});
      return calibration.coefficients.map(({ name, value, standardError }) => Math.log(value / truth.stepTime[name]) / standardError);
    });
    const rms = Math.sqrt(mean(offs.map((off) => off * off)));
    console.log(`coefficients are off by ${rms.toFixed(2)} stated standard errors, root mean square of ${offs.length}`);
    expect(rms).toBeGreaterThan(0.3);
    expect(rms).toBeLessThan(2);
  }, 60_000);
});

describe("calibrateRequests", () => {
  const calibration = calibrateRequests(measuredRequests(300, 0), base, 0.4);

  it("finds the coefficients that made the requests, within three of their stated standard errors", () => {
    for (const { name, value, standardError } of calibration.coefficients) {
      expect(standardError, name).toBeGreaterThan(0);
      expect(Math.abs(Math.log(value / truth.stepTime[name])), name).toBeLessThan(3 * standardError);
    }
    const wellKnown = calibration.coefficients.filter(({ standardError }) => standardError < 0.1).map(({ name }) => name);
    expect(wellKnown).toEqual(expect.arrayContaining(["overhead", "densePerToken"]));
  });

  it("states an error of what was held out, which is about the noise of the measurement", () => {
    const [fitted, held] = calibration.parts;
    expect([fitted.heldOut, held.heldOut]).toEqual([false, true]);
    expect([fitted.errors.count, held.errors.count]).toEqual([180, 120]);
    expect(calibration.error).toEqual({ ttft: held.errors.ttft.median, tpot: held.errors.tpot.median });
    expect(calibration.error.tpot).toBeGreaterThan(0.005);
    expect(calibration.error.tpot).toBeLessThan(0.03);
    expect(Math.abs(held.errors.total!.ofMean)).toBeLessThan(0.02);
  });

  it("does not look at the times of what is held out", () => {
    const requests = measuredRequests(60, 1);
    const spoilt = requests.map((request, i) => (i < 36 ? request : { ...request, ttft: request.ttft * 9, total: request.total * 9 }));
    const engines = [requests, spoilt].map(
      (some) => calibrateRequests(some, { ...base, engine: truth, names: names.slice(0, 2) }, 0.4).engine,
    );
    expect(engines[1]).toEqual(engines[0]);
  });

  it("keeps all that it does not fit", () => {
    const { engine } = calibrateRequests(measuredRequests(60, 1), { ...base, names: ["overhead"] }, 0.4);
    expect({ ...engine, stepTime: { ...engine.stepTime, overhead: guess.stepTime.overhead } }).toEqual(guess);
  });

  it("stops at the hardware's floor and says so", () => {
    const floors = { densePerToken: 50e-6 };
    const { coefficients } = calibrateRequests(measuredRequests(100, 2), { ...base, engine: truth, names: names.slice(0, 2), floors }, 0.4);
    const [, perToken] = coefficients;
    expect(perToken).toMatchObject({ name: "densePerToken", atFloor: true, value: 50e-6 });
    expect(perToken.standardError).toBeNaN();
  });

  it("refuses to tell a coefficient that next to nothing was spent on, and says which and by how much", () => {
    const short = measuredRequests(80, 3, 0.5).map((request) => Object.assign(request, { inputTokens: 20 }));
    expect(() => calibrateRequests(short, { ...base, names: ["overhead", "perPrefillPair"] }, 0.4)).toThrow(
      /requests\.csv: the first 48 requests cannot tell perPrefillPair: its standard error is [\s\S]*hint: --keep perPrefillPair takes .* 4\.5ns/,
    );
  });
});
