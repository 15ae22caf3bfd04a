import { percent } from "../../base/format.ts";
import { benchmarkTarget } from "./benchmark-target.ts";
import { type Calibration, type CalibrationBase, heldOutError, type Part } from "./calibration.ts";
import type { LoadProtocol } from "./closed-loop.ts";
import { errorsOf, rowPairs } from "./errors.ts";
import { fitCoefficients, fittedEngine } from "./fit.ts";
import { requireIdentified } from "./identifiability.ts";
import type { BenchmarkRow } from "./measurements.ts";

/** Ways to leave rows out that have something in common, so that the rest must speak for what it has not seen. */
const groupings: readonly { readonly name: string; readonly keyOf: (row: BenchmarkRow) => string }[] = [
  { name: "one concurrency", keyOf: ({ concurrency }) => String(concurrency) },
  { name: "one pair of lengths", keyOf: ({ inputTokens, outputTokens }) => `${inputTokens}/${outputTokens}` },
];

/**
 * Fits an engine to all rows; what each group of rows would have got from a fit without it, started from the same base, is its honest error.
 * @throws PlanError when the rows cannot tell a coefficient
 */
export function calibrateBenchmark(rows: readonly BenchmarkRow[], base: CalibrationBase, protocol: LoadProtocol): Calibration {
  const { engine, names, floors, file, choice } = base;
  const fit = fitCoefficients(engine, names, benchmarkTarget(rows, protocol), floors);
  requireIdentified(fit, { file, data: `the ${rows.length} rows`, engine, choice, missing: (name) => whatRowsLack(name, rows) });
  const parts: Part[] = [
    { name: `all ${rows.length} rows, fitted`, heldOut: false, errors: errorsOf(rowPairs(rows, fit.engine, protocol)) },
  ];
  for (const { name, keyOf } of groupings) {
    const keys = [...new Set(rows.map(keyOf))];
    if (keys.length === 1) continue;
    const pairs = keys.flatMap((key) => {
      const others = rows.filter((row) => keyOf(row) !== key);
      const without = fittedEngine(engine, names, benchmarkTarget(others, protocol), floors);
      const held = rows.filter((row) => keyOf(row) === key);
      return rowPairs(held, without, protocol);
    });
    parts.push({ name: `${name} held out in turn`, heldOut: true, errors: errorsOf(pairs) });
  }
  const { requestsPerClient, shortest } = protocol;
  const lengths = shortest === 1 ? "exact lengths" : `lengths uniform from ${percent(shortest, 0)} of the nominal ones up to them`;
  const method =
    `robust least squares on log TPOT and, with half its weight, log TTFT of ${rows.length} closed loops, ` +
    `simulated with ${requestsPerClient} requests a client and ${lengths}; groups of rows held out in turn`;
  return { engine: fit.engine, coefficients: fit.coefficients, parts, error: heldOutError(parts), method };
}

/** What kind of row is missing when a coefficient cannot be told. */
function whatRowsLack(name: string, rows: readonly BenchmarkRow[]): string | undefined {
  const [{ concurrency, inputTokens, outputTokens }] = rows;
  if (rows.every((row) => row.concurrency === concurrency) && name !== "perPrefillPair") {
    return `all rows have the concurrency ${concurrency}, so that what each sequence adds looks like what every iteration takes`;
  }
  if (rows.every((row) => row.inputTokens === inputTokens && row.outputTokens === outputTokens)) {
    return `all rows have the lengths ${inputTokens}/${outputTokens}, so that more sequences and more KV always come together`;
  }
  return undefined;
}
