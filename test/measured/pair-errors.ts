import { medianSorted } from "simple-statistics";
import { type ClosedLoopTimes, simulateClosedLoop } from "../../src/experiment/calibration/closed-loop.ts";
import type { BatchSettings } from "../../src/serving/replica/continuous-batch.ts";
import type { RooflineSettings } from "../../src/serving/roofline/efficiencies.ts";
import { rooflineStepTime } from "../../src/serving/roofline/roofline.ts";
import { workOf } from "../../src/serving/roofline/work.ts";
import { blockSize, type EngineName, type RooflineRow } from "./roofline-rows.ts";

/** Engines of these rows read at most so many tokens in an iteration, and take in as many clients as there were. */
const maxBatchedTokens = 8192;

/** One replica as a row describes it, with times derived from its data sheets. */
function derivedEngine(row: RooflineRow, efficiencies: RooflineSettings): BatchSettings {
  const { deployment, kvBlocks, concurrency } = row;
  const stepTime = rooflineStepTime(workOf(deployment), deployment.gpu, efficiencies);
  return { stepTime, maxSequences: concurrency, maxBatchedTokens, kvBlocks, blockSize, chunkedPrefill: true };
}

export function simulateRow(row: RooflineRow, efficiencies: RooflineSettings, replication: number): ClosedLoopTimes {
  return simulateClosedLoop(row, derivedEngine(row, efficiencies), replication, row.protocol);
}

/** A row beside what it was simulated as; errors are relative, positive where the simulation is slower. */
export interface RowError {
  readonly row: RooflineRow;
  readonly tpot: number;
  /** Undefined where the row's TTFT does not count. */
  readonly ttft: number | undefined;
}

export function rowError(row: RooflineRow, simulated: ClosedLoopTimes): RowError {
  const { tpot, ttft } = row.measured;
  return { row, tpot: simulated.tpot / tpot - 1, ttft: row.ttftCounts ? simulated.ttft / ttft - 1 : undefined };
}

export function pairOf({ llm, gpu }: RooflineRow): string {
  return `${llm} ${gpu}`;
}

export function kindOf({ deployment }: RooflineRow): "dense" | "experts" {
  return deployment.llm.experts === undefined ? "dense" : "experts";
}

/** Things by what they are called, in order of appearance. */
export function grouped<Thing>(things: readonly Thing[], nameOf: (thing: Thing) => string): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const name = nameOf(thing);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [thing]);
    else group.push(thing);
  }
  return groups;
}

/** Median of the sizes of errors; undefined where there are none. */
export function medianOf(errors: readonly (number | undefined)[]): number | undefined {
  const sizes = errors.flatMap((error) => (error === undefined ? [] : [Math.abs(error)])).sort((a, b) => a - b);
  return sizes.length === 0 ? undefined : medianSorted(sizes);
}

/** Medians of the sizes of the errors of one group of rows. */
export interface GroupError {
  readonly name: string;
  readonly rows: number;
  readonly tpot: number | undefined;
  readonly ttft: number | undefined;
}

export function groupErrors(errors: readonly RowError[], nameOf: (row: RooflineRow) => string): GroupError[] {
  const groups = grouped(errors, ({ row }) => nameOf(row));
  return [...groups.entries()]
    .map(([name, members]) => ({
      name,
      rows: members.length,
      tpot: medianOf(members.map(({ tpot }) => tpot)),
      ttft: medianOf(members.map(({ ttft }) => ttft)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a roofline states as its error: the median, over the pairs, of each pair's median. */
export function statedError(errors: readonly RowError[], kind: "dense" | "experts"): { tpot: number; ttft: number } {
  const pairs = groupErrors(
    errors.filter(({ row }) => kindOf(row) === kind),
    pairOf,
  );
  return { tpot: medianOf(pairs.map(({ tpot }) => tpot))!, ttft: medianOf(pairs.map(({ ttft }) => ttft))! };
}

/** Efficiencies without a pair, by pair and engine: what left-out-efficiencies.json holds. */
export type LeftOutEfficiencies = Readonly<Record<string, Readonly<Partial<Record<EngineName, RooflineSettings>>>>>;

/** The groups as a Markdown table, each with its error under other efficiencies beside it. */
export function groupTable(columns: readonly string[], groups: readonly GroupError[], others: readonly GroupError[] = []): string {
  const beside = others.length > 0 ? ["TPOT, fitted", "TTFT, fitted"] : [];
  const lines = groups.map(({ name, rows, tpot, ttft }, i) => {
    const more = others.length > 0 ? [percent(others[i].tpot), percent(others[i].ttft)] : [];
    return `| ${[...name.split(" "), rows, percent(tpot), percent(ttft), ...more].join(" | ")} |`;
  });
  return [
    `| ${[...columns, "rows", "TPOT", "TTFT", ...beside].join(" | ")} |`,
    `| ${[...columns.map(() => ":--"), "--:", "--:", "--:", ...beside.map(() => "--:")].join(" | ")} |`,
    ...lines,
  ].join("\n");
}

export function percent(share: number | undefined): string {
  return share === undefined ? "–" : `${(share * 100).toFixed(1)} %`;
}
