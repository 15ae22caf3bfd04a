import type { Scenario } from "../scenario/schema.ts";
import type { Trace } from "../traffic/trace.ts";
import { type Latencies, latenciesOf } from "./latencies.ts";
import { type RequestColumns, requestColumns } from "./request-columns.ts";
import type { Series } from "./result.ts";
import { runReplication } from "./run.ts";
import type { Summary } from "./summary.ts";

/** One replication to simulate, and what is wanted of it beside its summary. */
export interface Task {
  readonly scenario: Scenario;
  readonly replication: number;
  readonly series: boolean;
  readonly requests: boolean;
  /** How long each request took; not unless given. */
  readonly latencies?: boolean;
}

export interface Finished {
  readonly summary: Summary;
  readonly series?: Series;
  readonly requests?: RequestColumns;
  readonly latencies?: Latencies;
}

/** Carries out tasks, in this thread or in others; the results are the same wherever they are computed. */
export interface Runner {
  run(task: Task): Promise<Finished>;
}

export type Traces = ReadonlyMap<string, Trace>;

export function carryOut({ scenario, replication, series, requests, latencies }: Task, traces: Traces): Finished {
  const run = runReplication(scenario, replication, traces);
  return {
    summary: run.summary,
    ...(series ? { series: run.series() } : {}),
    ...(requests ? { requests: requestColumns(run.recorder, scenario) } : {}),
    ...(latencies === true ? { latencies: latenciesOf(run.recorder, scenario) } : {}),
  };
}

/** Runs one task after the other where it stands. */
export function inlineRunner(traces: Traces): Runner {
  return { run: async (task) => carryOut(task, traces) };
}
