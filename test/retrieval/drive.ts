import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { VectorStore } from "../../src/retrieval/vector-store.ts";
import { vectorStoreSettings } from "../../src/retrieval/vector-store-settings.ts";

export interface AskedRead {
  readonly at: number;
  /** Key of its random numbers; its position unless given. */
  readonly number?: number;
  /** When its caller leaves, if it has not ended. */
  readonly leavesAt?: number | undefined;
}

export interface EndedRead {
  ending: "open" | "left" | "found" | "failed" | "shed";
  endedAt: number;
  complete: boolean;
  /** Calls of the listener. */
  told: number;
}

interface Run {
  readonly until?: number;
  readonly horizon?: number;
  readonly seed?: number;
  /** When others write. */
  readonly writesAt?: readonly number[];
  /** Called when a read has ended, perhaps to ask for another. */
  readonly ended?: (read: number, again: (number: number) => void, ending: EndedRead["ending"]) => void;
}

export const settingsOf = (given: Record<string, unknown>) =>
  vectorStoreSettings.parse({ concurrency: 1, read: { constant: "10ms" }, ...given });

/** Asks a store for the reads and tells what came of each; moments are in seconds and in any order. */
export function readAll(given: Record<string, unknown>, reads: readonly AskedRead[], run: Run = {}) {
  const { until = 1e6, horizon = 1000, seed = 3, writesAt = [], ended } = run;
  const simulation = new Simulation();
  const results: EndedRead[] = [];
  const tickets: number[] = [];
  const measurement = { warmup: 0, horizon, window: 10 };
  const store = new VectorStore("store", settingsOf(given), simulation, new Streams(seed, 0), measurement, (read, ending, complete) => {
    const told = results[read].told + 1;
    results[read] = { ending, endedAt: simulation.now, complete, told };
    ended?.(read, (number) => ask(results.length, number), ending);
  });
  const ask = (read: number, number: number): void => {
    results[read] = { ending: "open", endedAt: NaN, complete: false, told: 0 };
    tickets[read] = store.read(read, number, 0, 7);
  };
  const begin = simulation.handler((read) => {
    ask(read, reads[read].number ?? read);
    const { leavesAt } = reads[read];
    if (leavesAt !== undefined) simulation.at(leavesAt, leave, read);
  });
  const leave = simulation.handler((read) => {
    if (results[read].ending !== "open") return;
    results[read] = { ending: "left", endedAt: simulation.now, complete: false, told: 0 };
    store.leave(tickets[read]);
  });
  const write = simulation.handler(() => store.write());
  reads.forEach(({ at }, read) => {
    results[read] = { ending: "open", endedAt: NaN, complete: false, told: 0 };
    simulation.at(at, begin, read);
  });
  for (const at of writesAt) simulation.at(at, write);
  simulation.runBefore(until);
  return { results, store, simulation };
}

/** Reads at a constant rate, the first half a gap after `from`. */
export const steady = (rate: number, from: number, to: number): AskedRead[] =>
  Array.from({ length: Math.round((to - from) * rate) }, (_, i) => ({ at: from + (i + 0.5) / rate }));

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
