import type { Result } from "../experiment/result.ts";
import { courseTable, decisionTable, explanationText, summaryTable, type TextOptions } from "../report/table.ts";
import type { SimulationFlags } from "./flags.ts";

/** Columns of a table where the output is no terminal. */
const plainWidth = 100;

/** The result on stdout: as one JSON document, or as tables for people. */
export function printResult(result: Result, { json, color }: Pick<SimulationFlags, "json" | "color">): void {
  process.stdout.write(json ? resultJson(result) : `${asTables(result, color)}\n`);
}

/** One line, its keys in a fixed order: the same result gives the same bytes. */
export function resultJson(result: Result): string {
  return `${JSON.stringify(result)}\n`;
}

/** How tables are drawn on stdout. */
export function textOptions(color: boolean): TextOptions {
  const { isTTY, columns } = process.stdout;
  const colour = color && isTTY && (process.env["NO_COLOR"] ?? "") === "";
  return { colour, width: isTTY ? columns : plainWidth };
}

const texts: Record<Result["kind"], (result: Result, options: TextOptions) => string> = {
  simulate: summaryTable,
  compare: decisionTable,
  sweep: decisionTable,
  optimize: decisionTable,
  capacity: courseTable,
  forecast: courseTable,
  explain: explanationText,
};

function asTables(result: Result, color: boolean): string {
  return texts[result.kind](result, textOptions(color));
}
