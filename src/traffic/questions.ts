import type { TraceHashes } from "./trace-hashes.ts";
import type { Trace } from "./trace.ts";

/**
 * Numbers what prompts of traces ask, from 1 on. Two rows with the same hashes in the same order and as many tokens ask the same, in
 * every copy of the trace and every class of it. What a row asks alone, or without hashes, is new each time: a prompt that came once does
 * not come again.
 */
export class Questions {
  private numbered = 0;
  private readonly ofTrace = new Map<Trace, (row: number) => number>();

  /** Gives the number of the question of each row, asked once for each that comes; undefined where the trace has no hashes. */
  of(trace: Trace): ((row: number) => number) | undefined {
    const { hashes } = trace;
    if (hashes === undefined) return undefined;
    let questionOf = this.ofTrace.get(trace);
    if (questionOf === undefined) {
      const { groups, count } = repeatedPrompts(trace, hashes);
      const before = this.numbered;
      this.numbered += count;
      questionOf = (row) => (groups[row] === 0 ? ++this.numbered : before + groups[row]);
      this.ofTrace.set(trace, questionOf);
    }
    return questionOf;
  }
}

/** By row, the number of its prompt among those that several rows have, from 1 on, or 0; and how many those are. */
function repeatedPrompts({ count: rows, inputTokens }: Trace, { starts, keys }: TraceHashes): { groups: Int32Array; count: number } {
  /** An order in which equal prompts are side by side. The last hashes come first, since they tell most. */
  const compare = (a: number, b: number): number => {
    const length = starts[a + 1] - starts[a];
    const lengths = length - (starts[b + 1] - starts[b]);
    if (lengths !== 0 || inputTokens[a] !== inputTokens[b]) return lengths || inputTokens[a] - inputTokens[b];
    for (let i = 1; i <= length; i++) {
      const difference = keys[starts[a + 1] - i] - keys[starts[b + 1] - i];
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const sorted = Uint32Array.from({ length: rows }, (_, row) => row).sort(compare);
  const groups = new Int32Array(rows);
  let count = 0;
  for (let i = 1; i < rows; i++) {
    const [row, before] = [sorted[i], sorted[i - 1]];
    if (starts[row] === starts[row + 1] || compare(row, before) !== 0) continue;
    if (groups[before] === 0) groups[before] = ++count;
    groups[row] = groups[before];
  }
  return { groups, count };
}
