/** A table before it is text or HTML: both print the same words from the same rows. */
import type { Verdict } from "../experiment/result.ts";

export interface Column {
  readonly text: string;
  readonly align: "left" | "right";
  /** Never shortened, since it is to be typed as it stands. */
  readonly whole?: boolean;
}

interface Cell {
  readonly text: string;
  /** A judgement shown in colour besides its word. */
  readonly verdict?: Verdict;
}

export interface Line {
  readonly cells: readonly Cell[];
  /** The recommended plan, or what else the table says that is. */
  readonly marked?: boolean;
}

export interface DataTable {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly lines: readonly Line[];
  readonly note?: string;
  /** What a marked line is; the plan advised unless given. */
  readonly mark?: string;
}

/** Columns of which the first is a name and the others are numbers. */
export function nameAndNumbers(name: string, ...numbers: readonly string[]): Column[] {
  return [left(name), ...numbers.map(right)];
}

export function left(text: string): Column {
  return { text, align: "left" };
}

export function right(text: string): Column {
  return { text, align: "right" };
}

export function line(...texts: readonly string[]): Line {
  return { cells: texts.map((text) => ({ text })) };
}
