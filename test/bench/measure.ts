/** CPU time of this process: other users of the machine disturb it less than they do the clock. */

export interface Case {
  readonly name: string;
  /** Requests of one run. */
  readonly requests: number;
  run(): void;
  /** How often it is counted; the median is the figure. */
  readonly counted?: number;
}

export interface Figure {
  readonly name: string;
  readonly requests: number;
  /** Requests per CPU-second. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Runs once to warm up, and then so often as counts. */
export function measure({ name, requests, run, counted = 5 }: Case): Figure {
  const perCpuSecond: number[] = [];
  for (let i = 0; i <= counted; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    if (i > 0) perCpuSecond.push(requests / ((user + system) / 1e6));
  }
  perCpuSecond.sort((a, b) => a - b);
  const figure = (index: number): number => significant(perCpuSecond[index]);
  return { name, requests, median: figure(Math.floor(counted / 2)), least: figure(0), most: figure(counted - 1) };
}

function significant(value: number): number {
  return value >= 1e5 ? Math.round(value / 1000) * 1000 : Number(value.toPrecision(3));
}
