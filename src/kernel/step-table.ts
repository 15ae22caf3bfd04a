import type { z } from "zod";
import { issue } from "../base/settings.ts";

/** A quantity that changes in steps, walked forward in time. */
export interface Steps {
  /** What holds until `next`. */
  readonly level: number;
  /** Seconds; Infinity when nothing changes any more. */
  readonly next: number;
  step(): void;
}

/** Levels by the time in seconds from which each holds, the first from 0 on. */
type Table = readonly (readonly [time: number, level: number])[];

/** Refuses a table that does not begin at 0h, or whose times do not ascend. @param level what its levels are, and how one is written */
export function checkSteps(table: Table, key: string, level: { noun: string; example: string }, context: z.RefinementCtx): void {
  table.forEach(([time], i) => {
    if (i === 0 && time !== 0) {
      issue(context, "contradiction", `the first ${level.noun} must hold from 0h on`, { path: [key, 0, 0], hint: level.example });
    } else if (i > 0 && time <= table[i - 1][0]) {
      issue(context, "contradiction", "is not after the time before it", { path: [key, i, 0], hint: "put the times in ascending order" });
    }
  });
}

/** The levels of a table as time goes on; each holds until the next one does, and with `repeat` the table begins anew after so long. */
export class StepTable implements Steps {
  level: number;
  next: number;
  private readonly table: Table;
  private readonly repeat: number;
  private entry = 0;
  private round = 0;

  constructor(table: Table, repeat: number = Infinity) {
    this.table = table;
    this.repeat = repeat;
    this.level = table[0][1];
    this.next = this.endOfEntry();
  }

  step(): void {
    this.entry++;
    if (this.entry === this.table.length) {
      this.entry = 0;
      this.round++;
    }
    this.level = this.table[this.entry][1];
    this.next = this.endOfEntry();
  }

  private endOfEntry(): number {
    const { table, repeat, entry, round } = this;
    if (entry + 1 === table.length) return (round + 1) * repeat;
    return (round === 0 ? 0 : round * repeat) + table[entry + 1][0];
  }
}
