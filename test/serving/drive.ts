import { Simulation } from "../../src/kernel/simulation.ts";
import { type BatchSettings, ContinuousBatch } from "../../src/serving/replica/continuous-batch.ts";
import { Sequences } from "../../src/serving/replica/sequences.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import { externalEvents, type Fate, type Job, type Outcome } from "./replica/plain-engine.ts";

/** Runs the jobs through one replica in a simulation, and records what the plain engine records. */
export function runReplica(
  jobs: readonly Job[],
  settings: BatchSettings,
  onCancel: "finish" | "abort",
): Outcome & { events: number; hitTokens: number } {
  const simulation = new Simulation();
  const attempts = new Attempts();
  const sequences = new Sequences(attempts);
  const fates = jobs.map((): Fate => ({ startedAt: NaN, firstTokenAt: NaN, endedAt: NaN, ending: "open" }));
  const attemptOf = new Map<number, number>();
  const end = (attempt: number, ending: Fate["ending"]): void => {
    const index = attempts.request[attempt];
    Object.assign(fates[index], { endedAt: simulation.now, ending });
    attemptOf.delete(index);
    attempts.close(attempt);
  };
  const batch = new ContinuousBatch(
    {
      simulation,
      sequences,
      onCancel,
      listener: {
        started: (attempt) => (fates[attempts.request[attempt]].startedAt = simulation.now),
        firstToken: (attempt) => (fates[attempts.request[attempt]].firstTokenAt = simulation.now),
        finished: (attempt) => end(attempt, "finished"),
        spends: () => {},
        dropped: (attempt) => end(attempt, "dropped"),
      },
    },
    settings,
  );
  const happen = {
    arrive(index: number) {
      const { prompt, output, prefix, received } = jobs[index];
      const attempt = attempts.open(index, index, 0, 0, prompt, output);
      sequences.received[attempt] = Number(received === true);
      if (prefix !== undefined) {
        attempts.prefix[attempt] = attempts.prefixes.add();
        for (const { key, tokens } of prefix) attempts.prefixes.extend(key, tokens);
        attempts.prefixTokens[attempt] = Math.min(
          prompt,
          prefix.reduce((sum, { tokens }) => sum + tokens, 0),
        );
      }
      attemptOf.set(index, attempt);
      batch.take(attempt);
    },
    leave(index: number) {
      const attempt = attemptOf.get(index);
      if (attempt === undefined) return;
      attempts.abandoned[attempt] = 1;
      batch.abandon(attempt);
    },
    withdraw(index: number) {
      const attempt = attemptOf.get(index);
      if (attempt !== undefined && batch.withdraw(attempt)) end(attempt, "withdrawn");
    },
  };
  const handlers = {
    arrive: simulation.handler(happen.arrive),
    leave: simulation.handler(happen.leave),
    withdraw: simulation.handler(happen.withdraw),
  };
  for (const { at, kind, sequence } of externalEvents(jobs, (index) => index)) simulation.at(at, handlers[kind], sequence);
  simulation.run(Number.MAX_VALUE);
  return {
    fates,
    preemptions: batch.preemptions,
    wastedSeconds: batch.wastedSeconds,
    busySeconds: batch.busySeconds(simulation.now),
    freeBlocks: batch["batch"].blocks.free,
    hitTokens: batch["batch"].prefixCache?.hitTokenCount ?? 0,
    events: simulation.events,
  };
}
