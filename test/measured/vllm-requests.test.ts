import { describe, expect, it } from "vitest";
import { openBase } from "../../src/cli/calibration/base-profile.ts";
import { calibrateRequests } from "../../src/experiment/calibration/calibrate-requests.ts";
import { usualCoefficients } from "../../src/experiment/calibration/coefficients.ts";
import { signed } from "./closed-loop-errors.ts";
import { measuredIsAbsent } from "./closed-loop-rows.ts";
import { rowsMissingInReadme } from "./readme-tables.ts";
import { type Means, measuredMeans, measuredRequests, replayedMeans } from "./replayed-requests.ts";
import { shippedEngine } from "./shipped-engine.ts";

/** The share of the requests, the last in time, that a calibration is only scored on. */
const heldOut = 0.4;

/** Bounds of the relative errors, just above what they are; preemptions as that engine counted them. */
const runs = [
  {
    run: "RTX4090_Llama-3.1-8B_vllm",
    engine: "llama-3.1-8b/rtx-4090/tp1",
    bounds: { ttft: 0.03, tpot: 0.03, total: 0.03 },
    preemptions: [235, 260],
  },
  {
    run: "RTXPRO6000_Llama-3.1-8B_vllm",
    engine: "llama-3.1-8b/rtx-pro-6000/tp1",
    bounds: { ttft: 0.03, tpot: 0.03, total: 0.03 },
    preemptions: [0, 0],
  },
] as const;

describe.skipIf(measuredIsAbsent).each(runs)("the 300 requests of $run", ({ run, engine, bounds, preemptions }) => {
  it(`are reproduced by ${engine} in the mean`, () => {
    const requests = measuredRequests(run);
    const measured = measuredMeans(requests);
    const simulated = replayedMeans(requests, shippedEngine(engine)!);
    const errorOf = (of: keyof Means) => simulated[of] / measured[of] - 1;
    const table = (["ttft", "tpot", "total"] as const)
      .map((of) => `| ${[engine, of, milliseconds(measured[of]), milliseconds(simulated[of]), signed(errorOf(of))].join(" | ")} |`)
      .join("\n");
    console.log(`\n${table}\npreemptions: ${simulated.preemptions}`);

    expect(requests).toHaveLength(300);
    for (const of of ["ttft", "tpot", "total"] as const) expect(Math.abs(errorOf(of)), of).toBeLessThan(bounds[of]);
    expect(simulated.preemptions).toBeGreaterThanOrEqual(preemptions[0]);
    expect(simulated.preemptions).toBeLessThanOrEqual(preemptions[1]);
    expect(rowsMissingInReadme(table)).toEqual([]);
  });

  it("do not tell what a sequence costs beside its tokens and its KV, and a fit that asks for it is refused", () => {
    const calibrate = () =>
      calibrateRequests(measuredRequests(run), { ...openBase(engine, []), names: usualCoefficients, file: run }, heldOut);
    expect(calibrate).toThrow(/cannot tell perSequence: its standard error is .*hint: --keep perSequence/s);
  }, 60_000);

  it("give a profile from the first 60 % of them that tells the rest", () => {
    const names = usualCoefficients.filter((name) => name !== "perSequence");
    const { parts, coefficients } = calibrateRequests(measuredRequests(run), { ...openBase(engine, []), names, file: run }, heldOut);
    const { errors } = parts.find((part) => part.heldOut)!;
    const table = (["ttft", "tpot", "total"] as const)
      .map((of) => {
        const { measured, simulated, ofMean, median } = errors[of]!;
        const cells = [engine, of, milliseconds(measured), milliseconds(simulated), signed(ofMean), signed(median).slice(1)];
        return `| ${cells.join(" | ")} |`;
      })
      .join("\n");
    const fitted = coefficients.map(({ name, value, standardError, atFloor }) => {
      return `${name} ${value} s ${atFloor ? "at its floor" : `± ${(standardError * 100).toFixed(0)} %`}`;
    });
    console.log(`\n${table}\n${fitted.join(", ")}`);

    expect(errors.count).toBe(120);
    expect(Math.abs(errors.total!.ofMean)).toBeLessThan(0.03);
    expect(Math.abs(errors.ttft.ofMean)).toBeLessThan(0.05);
    expect(Math.abs(errors.tpot.ofMean)).toBeLessThan(0.03);
    expect(rowsMissingInReadme(table)).toEqual([]);
  });
});

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(1);
}
