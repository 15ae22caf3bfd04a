import type { Scenario } from "../scenario/schema.ts";
import type { Trace } from "../traffic/trace.ts";
import { type Course, courseOf } from "./course.ts";
import { type Latencies, latenciesOf } from "./latencies.ts";
import { type RequestColumns, requestColumns } from "./request-columns.ts";
import type { Series } from "./result.ts";
import { runReplication } from "./run.ts";
import { batchSpans, measuredSpan } from "./spans.ts";
import type { Summary } from "./summary.ts";

/** One replication to simulate, and what is wanted of it beside its summary. */
export interface Task {
  readonly scenario: Scenario;
  readonly replication: number;
  readonly series: boolean;
  readonly requests: boolean;
  /** How long each request took; not unless given. */
  readonly latencies?: boolean;
  /** How long requests were in the system, over time; not unless given. */
  readonly course?: boolean;
}

export interface Finished {
  readonly summary: Summary;
  readonly series?: Series;
  readonly requests?: RequestColumns;
  readonly latencies?: Latencies;
  readonly course?: Course;
  /** The parts into which the scenario cuts a replication, in order. */
  readonly batches?: readonly Batch[];
}

/** What is measured in one part of a replication. */
type Batch = Pick<Finished, "summary" | "latencies">;

/** Carries out tasks, in this thread or in others; the results are the same wherever they are computed. */
export interface Runner {
  run(task: Task): Promise<Finished>;
}

export type Traces = ReadonlyMap<string, Trace>;

export function carryOut(task: Task, traces: Traces): Finished {
  const { scenario, replication, series, requests, latencies = false, course = false } = task;
  const run = runReplication(scenario, replication, traces);
  const spans = batchSpans(scenario);
  const batch = (summary: Summary, i: number): Batch =>
    latencies ? { summary, latencies: latenciesOf(run.recorder, scenario, spans[i]) } : { summary };
  return {
    summary: run.summary,
    ...(series ? { series: run.series() } : {}),
    ...(requests ? { requests: requestColumns(run.recorder, scenario) } : {}),
    ...(latencies ? { latencies: latenciesOf(run.recorder, scenario, measuredSpan(scenario)) } : {}),
    ...(course ? { course: courseOf(run.recorder, scenario) } : {}),
    ...(run.batches.length === 0 ? {} : { batches: run.batches.map(batch) }),
  };
}

/** Runs one task after the other where it stands. */
export function inlineRunner(traces: Traces): Runner {
  return { run: async (task) => carryOut(task, traces) };
}
