import { describe, expect, it } from "vitest";
import { comparisonTable, compareRow, errorSentence, medianError, reportedReplication, worstError } from "./closed-loop-errors.ts";
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
});
