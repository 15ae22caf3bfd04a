import { Simulation } from "../../src/kernel/simulation.ts";
import { type BatchSettings, ContinuousBatch } from "../../src/serving/continuous-batch.ts";
import { Sequences } from "../../src/serving/sequences.ts";
import { Attempts } from "../../src/traffic/attempts.ts";

export interface ClosedLoop {
  readonly input: number;
  readonly output: number;
  readonly concurrency: number;
}

/** Mean TTFT and TPOT in seconds of one replica under clients that send their next request as soon as the last is answered. */
export function closedLoop(engine: BatchSettings, { input, output, concurrency }: ClosedLoop): { ttft: number; tpot: number } {
  const simulation = new Simulation();
  const attempts = new Attempts();
  const sent = new Map<number, number>();
  const first = new Map<number, number>();
  const sums = { ttft: 0, tpot: 0, count: 0 };
  let opened = 0;
  const send = simulation.handler(() => {
    const attempt = attempts.open(0, opened++, 0, input, output, output);
    sent.set(attempt, simulation.now);
    replica.take(attempt);
  });
  const replica = new ContinuousBatch(simulation, new Sequences(attempts), engine, "finish", {
    started() {},
    dropped() {},
    firstToken: (attempt) => void first.set(attempt, simulation.now),
    finished(attempt) {
      // The first round starts all at once, as no later one does.
      if (attempts.ordinal[attempt] >= concurrency) {
        sums.ttft += first.get(attempt)! - sent.get(attempt)!;
        sums.tpot += (simulation.now - first.get(attempt)!) / (output - 1);
        sums.count++;
      }
      attempts.close(attempt);
      if (opened < 5 * concurrency) simulation.after(0, send);
    },
  });
  for (let client = 0; client < concurrency; client++) simulation.at(0, send);
  simulation.run(1e6);
  return { ttft: sums.ttft / sums.count, tpot: sums.tpot / sums.count };
}
