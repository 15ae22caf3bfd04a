import { exactJson } from "../base/exact-json.ts";
import { mapValues } from "../base/records.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Finished, Task } from "./runner.ts";

/**
 * Canonical text of all that a replication depends on: tasks of equal texts come to the same, bit for bit. A scenario's name, how
 * often it is repeated, and what may become of it later decide nothing.
 * @param traceOf what stands for a trace in the text, by default where it is read from
 */
export function taskKey({ scenario, replication }: Task, traceOf?: (arrivals: Arrivals) => string | undefined): string {
  const { name: _, replications: __, drift: ___, demand: ____, ...decisive } = scenario;
  return exactJson({ replication, scenario: traceOf === undefined ? decisive : { ...decisive, traffic: standIns(scenario, traceOf) } });
}

type Arrivals = Scenario["traffic"][string]["arrivals"];

function standIns({ traffic }: Scenario, traceOf: (arrivals: Arrivals) => string | undefined): Scenario["traffic"] {
  return mapValues(traffic, (one) => ({ ...one, arrivals: { ...one.arrivals, trace: traceOf(one.arrivals) } }));
}

/** What may be wanted of a task beside its summary, as the keys under which it is asked for and comes back. */
const extras = ["series", "requests", "latencies", "course"] as const;

export type Extras = Pick<Task, (typeof extras)[number]>;

/** What is wanted of a task beside its summary, in a fixed order. */
export function wantedOf(wanted: Extras): string[] {
  return extras.filter((extra) => wanted[extra] === true);
}

/** Whether a task that was asked for these brings back all that the other asks for. */
export function holds(earlier: Extras, wanted: Extras): boolean {
  return extras.every((extra) => earlier[extra] === true || wanted[extra] !== true);
}

/** Of what a task has brought back, no more than is wanted of this one. */
export function onlyWanted(finished: Finished, wanted: Extras): Finished {
  const surplus = new Set<string>(extras.filter((extra) => wanted[extra] !== true));
  return Object.fromEntries(Object.entries(finished).filter(([key]) => !surplus.has(key))) as unknown as Finished;
}
