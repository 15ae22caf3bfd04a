import { describe, expect, it } from "vitest";
import { openBase } from "../../src/cli/calibration/base-profile.ts";
import { calibrateBenchmark } from "../../src/experiment/calibration/calibrate-benchmark.ts";
import { inferenceMax } from "../../src/experiment/calibration/closed-loop.ts";
import { usualCoefficients } from "../../src/experiment/calibration/coefficients.ts";
import { compareRow, comparisonTable, errorSentence, medianError, reportedReplication, signed, worstError } from "./closed-loop-errors.ts";
import { llama70bRows, measuredIsAbsent } from "./closed-loop-rows.ts";
import { rowsMissingInReadme } from "./readme-tables.ts";
import { aboutEngine, shippedEngine } from "./shipped-engine.ts";

describe.skipIf(measuredIsAbsent).each([2, 4, 8])("Llama-3.1-70B in fp8 on %i H100s", (gpus) => {
  const name = `llama-3.1-70b-fp8/h100/tp${gpus}`;
  const compare = () => llama70bRows(gpus).map((row) => compareRow(row, shippedEngine(name)!, reportedReplication));

  it("stays near the measured closed loops", () => {
    const comparisons = compare();
    console.log(`${name}\n${comparisonTable(comparisons)}`);
    expect(comparisons).toHaveLength(15);
    expect(medianError(comparisons, "tpot")).toBeLessThan(0.05);
    expect(worstError(comparisons, "tpot")).toBeLessThan(0.12);
    expect(medianError(comparisons, "ttft")).toBeLessThan(0.1);
    expect(worstError(comparisons, "ttft")).toBeLessThan(0.3);
  });

  it("misses them by what its profile states and the README shows", () => {
    const comparisons = compare();
    expect(aboutEngine(name)).toMatchObject({
      how: "fitted",
      error: expect.stringContaining(`over all 15 rows, ${errorSentence(comparisons)}`),
    });
    expect(rowsMissingInReadme(comparisonTable(comparisons))).toEqual([]);
  });

  it("preempts more than once a client just where clients had to wait for KV", () => {
    for (const { row, simulated } of compare()) {
      const kvWasFull = row.measured.ttft > 5;
      expect.soft(simulated.preemptions > row.concurrency, JSON.stringify(row)).toBe(kvWasFull);
    }
  });

  it("give a profile to a calibration that starts far from them, and tell the rows that it has not seen", () => {
    const { engine, floors } = openBase(name, []);
    const { stepTime } = engine;
    const far = { overhead: stepTime.overhead * 1.5, densePerToken: stepTime.densePerToken * 1.4, perSequence: stepTime.perSequence / 2 };
    const base = {
      ...engine,
      stepTime: { ...stepTime, ...far, perKvToken: stepTime.perKvToken * 1.5, perPrefillPair: stepTime.perPrefillPair * 2 },
    };
    const { parts } = calibrateBenchmark(llama70bRows(gpus), { engine: base, names: usualCoefficients, floors, file: name }, inferenceMax);
    const size = (share: number) => signed(share).slice(1);
    const table = parts.map(({ name: part, errors: { tpot, ttft } }) => {
      return `| ${[gpus, part, size(tpot.median), size(tpot.worst), size(ttft.median), size(ttft.worst)].join(" | ")} |`;
    });
    console.log(table.join("\n"));
    const held = parts.filter(({ heldOut }) => heldOut);
    expect(held).toHaveLength(2);
    for (const { errors } of held) {
      expect(errors.tpot.median).toBeLessThan(0.06);
      expect(errors.ttft.median).toBeLessThan(0.2);
    }
    expect(rowsMissingInReadme(table.join("\n"))).toEqual([]);
  });
});
