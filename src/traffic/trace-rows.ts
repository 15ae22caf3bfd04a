import { resized } from "../kernel/slots.ts";
import { columnHash } from "./column-hash.ts";
import { type Trace, traceDuration } from "./trace.ts";
import { TraceHashRows } from "./trace-hashes.ts";

/** Rows of a trace as they are read; `finish` puts them in order and makes them a trace. */
export class TraceRows {
  count = 0;
  dropped = 0;
  /** The row added last has an earlier time than one before it: so many of those. */
  private outOfOrder = 0;
  /** Nanoseconds since the first row's whole second: exact for the first 104 days, within a nanosecond or so after. */
  private ticks = new Float64Array(0);
  private inputTokens = new Int32Array(0);
  private outputTokens = new Int32Array(0);
  private origin = 0;
  private latest = -Infinity;
  private readonly dropZeroOutput: boolean;
  private readonly hashes: TraceHashRows | undefined;

  /**
   * @param dropZeroOutput whether rows without output tokens are left out and counted, instead of refused
   * @param hashBlock tokens that each hash of a row stands for; rows have none unless given
   */
  constructor(dropZeroOutput: boolean, hashBlock?: number) {
    this.dropZeroOutput = dropZeroOutput;
    this.hashes = hashBlock === undefined ? undefined : new TraceHashRows(hashBlock);
  }

  /** Rows taken so far, those dropped included. */
  get seen(): number {
    return this.count + this.dropped;
  }

  /** Takes a row; false, and nothing happens, when it has no output tokens and such rows are not to be dropped. */
  take(seconds: number, nanoseconds: number, inputTokens: number, outputTokens: number, hashes?: readonly number[]): boolean {
    if (outputTokens === 0) {
      if (this.dropZeroOutput) this.dropped++;
      return this.dropZeroOutput;
    }
    const row = this.count++;
    if (row === 0) this.origin = seconds;
    if (row === this.ticks.length) this.grow();
    const ticks = (seconds - this.origin) * 1e9 + nanoseconds;
    if (ticks < this.latest) this.outOfOrder++;
    else this.latest = ticks;
    this.ticks[row] = ticks;
    this.inputTokens[row] = inputTokens;
    this.outputTokens[row] = outputTokens;
    this.hashes?.add(hashes ?? []);
    return true;
  }

  /** The rows in order of time; rows of one time keep the order that they came in. */
  finish(name: string): Trace {
    const { count, dropped, outOfOrder } = this;
    let [time, inputTokens, outputTokens] = [
      this.ticks.slice(0, count),
      this.inputTokens.slice(0, count),
      this.outputTokens.slice(0, count),
    ];
    let order: Uint32Array | undefined;
    if (outOfOrder > 0) {
      const unsorted = time;
      order = Uint32Array.from(unsorted, (_, row) => row).sort((a, b) => unsorted[a] - unsorted[b] || a - b);
      time = permuted(unsorted, order);
      inputTokens = permuted(inputTokens, order);
      outputTokens = permuted(outputTokens, order);
    }
    const first = time[0] ?? 0;
    for (let row = 0; row < count; row++) time[row] = (time[row] - first) / 1e9;
    const hashes = this.hashes?.finish(order);
    const hash = columnHash([time, inputTokens, outputTokens, ...(hashes === undefined ? [] : [hashes.starts, hashes.keys])]);
    const trace = { name, count, time, inputTokens, outputTokens, duration: traceDuration(time), hash, dropped, outOfOrder };
    return hashes === undefined ? trace : { ...trace, hashes };
  }

  private grow(): void {
    const capacity = Math.max(4096, this.ticks.length * 2);
    this.ticks = resized(this.ticks, capacity);
    this.inputTokens = resized(this.inputTokens, capacity);
    this.outputTokens = resized(this.outputTokens, capacity);
  }
}

function permuted<Column extends Float64Array | Int32Array>(column: Column, order: Uint32Array): Column {
  const moved = column.slice() as Column;
  for (let row = 0; row < order.length; row++) moved[row] = column[order[row]]!;
  return moved;
}
