/**
 * Fits the efficiencies of models/rooflines.yaml to the measured closed loops, once with all rows and once without each (model, GPU)
 * pair, prints them with their errors and writes left-out-efficiencies.json: `npx tsx test/measured/fit-roofline.ts`, some minutes. The
 * same every time.
 */
import { writeFileSync } from "node:fs";
import { Cholesky } from "../../src/experiment/calibration/cholesky.ts";
import { type LeastSquares, leastSquares } from "../../src/experiment/calibration/least-squares.ts";
import { huberWeights, normalEquations, robustScale } from "../../src/experiment/calibration/normal-equations.ts";
import type { RooflineSettings } from "../../src/serving/roofline/efficiencies.ts";
import { fittedReplication, reportedReplication } from "./closed-loop-errors.ts";
import {
  grouped,
  groupErrors,
  groupTable,
  kindOf,
  pairOf,
  percent,
  type RowError,
  rowError,
  simulateRow,
  statedError,
} from "./pair-errors.ts";
import { deviations, efficienciesAt, priorPoint } from "./roofline-parameters.ts";
import { type EngineName, engineNames, type RooflineRow, rooflineRows } from "./roofline-rows.ts";

/** Of each (pair, engine, precision, parallelism) so many rows are fitted, evenly spaced in the file, with at most so many clients. */
const rowsPerGroup = 4;
const mostClients = 300;

/** TTFT is noisier than TPOT, so it counts half. */
const ttftWeight = 0.5;

/** A standard deviation from what was taken beforehand costs as much as one row that is off by this much. */
const priorWeight = 0.25;

/** Huber's bound, in robust standard deviations. */
const huber = 1.5;

const { rows, leftOut } = rooflineRows();
const fitted = sampled();
const residualCount = 2 * fitted.length + priorPoint.length;

function sampled(): RooflineRow[] {
  const few = rows.filter(({ concurrency }) => concurrency <= mostClients);
  const groups = grouped(few, (row) => {
    const { precision, tp, dp, ep } = row.deployment;
    return [pairOf(row), row.engine, precision, tp, dp, ep].join();
  });
  return [...groups.values()].flatMap((group) => {
    const taken = Math.min(rowsPerGroup, group.length);
    return Array.from({ length: taken }, (_, i) => group[Math.floor(((i + 0.5) * group.length) / taken)]);
  });
}

/** Every (model, GPU, engine) counts alike, unless it has so few rows that each would count for more than four. */
function rowWeights(): Float64Array {
  const name = (row: RooflineRow) => `${pairOf(row)} ${row.engine}`;
  const groups = grouped(fitted, name);
  const weights = new Float64Array(residualCount).fill(1);
  for (const [i, row] of fitted.entries()) {
    const weight = Math.min(4, fitted.length / groups.size / groups.get(name(row))!.length);
    weights[2 * i] = weight;
    weights[2 * i + 1] = row.ttftCounts ? weight * ttftWeight * ttftWeight : 0;
  }
  return weights;
}

/** Simulations by row, remembered while the efficiencies of the row's engine stay: a step moves one coordinate at a time. */
const remembered = new Map<RooflineRow, Map<string, [tpot: number, ttft: number]>>();

function logErrors(row: RooflineRow, efficiencies: RooflineSettings, key: string): [tpot: number, ttft: number] {
  const known = remembered.get(row) ?? new Map<string, [number, number]>();
  remembered.set(row, known);
  let errors = known.get(key);
  if (errors === undefined) {
    const { tpot, ttft } = simulateRow(row, efficiencies, fittedReplication);
    errors = [Math.log(tpot / row.measured.tpot), Math.log(ttft / row.measured.ttft)];
    if (known.size > 8) known.clear();
    known.set(key, errors);
  }
  return errors;
}

function residualsAt(point: readonly number[]): Float64Array {
  const residuals = new Float64Array(residualCount);
  const engines = new Map(
    engineNames.map((engine) => {
      const efficiencies = efficienciesAt(point, engine);
      return [engine, { efficiencies, key: JSON.stringify(efficiencies) }];
    }),
  );
  for (const [i, row] of fitted.entries()) {
    const { efficiencies, key } = engines.get(row.engine)!;
    [residuals[2 * i], residuals[2 * i + 1]] = logErrors(row, efficiencies, key);
  }
  residuals.set(
    deviations(point).map((deviation) => priorWeight * deviation),
    2 * fitted.length,
  );
  return residuals;
}

/**
 * The optimum without some rows: Gauss–Newton steps from the full optimum that keep its derivatives but simulate the remaining rows anew,
 * shortened until they lead downhill.
 */
function without(isOut: (row: RooflineRow) => boolean, full: LeastSquares, given: Float64Array): readonly number[] {
  const kept = given.map((weight, i) => (i < 2 * fitted.length && isOut(fitted[i >> 1]) ? 0 : weight));
  let { point, residuals }: Pick<LeastSquares, "point" | "residuals"> = full;
  for (let round = 0; round < 6; round++) {
    const weights = huberWeights(residuals, kept, huber, robustScale(residuals, kept));
    const cost = (at: Float64Array) => at.reduce((sum, residual, i) => sum + weights[i] * residual * residual, 0);
    const { matrix, gradient } = normalEquations(full.jacobian, residuals, weights);
    const step = Cholesky.of(matrix)!.solve(gradient.map((slope) => -slope));
    const goal = cost(residuals) * (1 - 1e-4);
    let lower = false;
    for (let length = 1; !lower && length > 0.05; length /= 2.5) {
      const tried = point.map((value, i) => value + length * Math.max(-1, Math.min(1, step[i])));
      const errors = residualsAt(tried);
      lower = cost(errors) < goal;
      if (lower) [point, residuals] = [tried, errors];
    }
    if (!lower) break;
  }
  return point;
}

function errorsOf(pointOf: (row: RooflineRow) => readonly number[]): RowError[] {
  return rows.map((row) => rowError(row, simulateRow(row, efficienciesAt(pointOf(row), row.engine, true), reportedReplication)));
}

function report(title: string, errors: readonly RowError[]): void {
  console.log(`\n${title}`);
  console.log(
    groupTable(
      ["model", "GPU", "engine"],
      groupErrors(errors, (row) => `${pairOf(row)} ${row.engine}`),
    ),
  );
  for (const group of groupErrors(errors, kindOf))
    console.log(`all rows, ${group.name}: TPOT ${percent(group.tpot)}, TTFT ${percent(group.ttft)}`);
  for (const kind of ["dense", "experts"] as const) console.log(`median of the pairs' medians, ${kind}:`, statedError(errors, kind));
}

console.log(`${rows.length} rows, ${fitted.length} of them fitted; left out:`, leftOut);
const weights = rowWeights();
const full = leastSquares(residualsAt, priorPoint, { weights, huber, rounds: 12, step: 0.05 });
for (const engine of engineNames) console.log(engine, JSON.stringify(efficienciesAt(full.point, engine, true)));
report(
  "fitted to all",
  errorsOf(() => full.point),
);

/** One group of rows left out in turn, by the group's name. */
function leaveOut(nameOf: (row: RooflineRow) => string): Map<string, readonly number[]> {
  const names = [...new Set(rows.map(nameOf))].sort();
  return new Map(names.map((name) => [name, without((row) => nameOf(row) === name, full, weights)]));
}

const points = leaveOut(pairOf);
const enginesOf = (pair: string) => [...new Set(rows.filter((row) => pairOf(row) === pair).map(({ engine }) => engine))].sort();
const kept = [...points].map(([pair, point]) => {
  const own = enginesOf(pair).map((engine): [EngineName, RooflineSettings] => [engine, efficienciesAt(point, engine, true)]);
  return [pair, Object.fromEntries(own)] as const;
});
writeFileSync(new URL("left-out-efficiencies.json", import.meta.url), `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`);
report(
  "each (model, GPU) left out in turn",
  errorsOf((row) => points.get(pairOf(row))!),
);
for (const [title, nameOf] of [
  ["each model left out in turn, on all GPUs", ({ llm }: RooflineRow) => llm],
  ["each GPU left out in turn, with all models", ({ gpu }: RooflineRow) => gpu],
] as const) {
  const others = leaveOut(nameOf);
  report(
    title,
    errorsOf((row) => others.get(nameOf(row))!),
  );
}
