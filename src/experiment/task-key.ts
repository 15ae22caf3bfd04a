import { exactJson } from "../base/exact-json.ts";
import { mapValues } from "../base/records.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Finished, Task } from "./runner.ts";

/**
 * Canonical text of all that a replication depends on: tasks of equal texts come to the same, bit for bit. A scenario's name and how
 * often it is repeated decide nothing.
 * @param traceOf what stands for a trace in the text, by default where it is read from
 */
export function taskKey({ scenario, replication }: Task, traceOf?: (arrivals: Arrivals) => string | undefined): string {
  const { name: _, replications: __, ...decisive } = scenario;
  return exactJson({ replication, scenario: traceOf === undefined ? decisive : { ...decisive, traffic: standIns(scenario, traceOf) } });
}

type Arrivals = Scenario["traffic"][string]["arrivals"];

function standIns({ traffic }: Scenario, traceOf: (arrivals: Arrivals) => string | undefined): Scenario["traffic"] {
  return mapValues(traffic, (one) => ({ ...one, arrivals: { ...one.arrivals, trace: traceOf(one.arrivals) } }));
}

/** What may be wanted of a task beside its summary. */
export type Extras = Pick<Task, "series" | "requests" | "latencies">;

/** Whether a task that was asked for these brings back all that the other asks for. */
export function holds(earlier: Extras, { series, requests, latencies }: Extras): boolean {
  return (earlier.series || !series) && (earlier.requests || !requests) && (earlier.latencies === true || latencies !== true);
}

/** Of what a task has brought back, no more than is wanted of this one. */
export function onlyWanted({ summary, ...extras }: Finished, wanted: Extras): Finished {
  return {
    summary,
    ...(wanted.series && extras.series !== undefined ? { series: extras.series } : {}),
    ...(wanted.requests && extras.requests !== undefined ? { requests: extras.requests } : {}),
    ...(wanted.latencies === true && extras.latencies !== undefined ? { latencies: extras.latencies } : {}),
  };
}
