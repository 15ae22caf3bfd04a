import { Streams } from "../../kernel/random.ts";
import { Simulation } from "../../kernel/simulation.ts";
import { type BatchSettings, ContinuousBatch } from "../../serving/replica/continuous-batch.ts";
import { Sequences } from "../../serving/replica/sequences.ts";
import { Attempts } from "../../traffic/attempts.ts";

/** A fixed number of clients, each with one request at a time; nominal lengths in tokens. */
export interface ClosedLoop {
  readonly concurrency: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Means over the requests of one run, in seconds. */
export interface ClosedLoopTimes {
  readonly ttft: number;
  readonly tpot: number;
}

/** How a benchmark loads an engine. */
export interface LoadProtocol {
  /** How many requests each client makes, one after another; at least 1. */
  readonly requestsPerClient: number;
  /** Each length is uniform from this share of the nominal one up to it; 1 makes all lengths exact. */
  readonly shortest: number;
}

/** As InferenceMAX loads an engine, and with it most published rows of this kind. */
export const inferenceMax: LoadProtocol = { requestsPerClient: 10, shortest: 0.8 };

/**
 * A closed loop on one replica: all clients start at once, each asks again when it has its answer, the run ends with the last answer.
 * A follow-up reaches the engine when the next iteration has just begun, so it waits for the one after.
 * @param replication which of the possible draws of the lengths
 */
export function simulateClosedLoop(loop: ClosedLoop, settings: BatchSettings, replication: number, protocol: LoadProtocol = inferenceMax) {
  const { concurrency, inputTokens, outputTokens } = loop;
  const { requestsPerClient, shortest } = protocol;
  const count = concurrency * requestsPerClient;
  const random = new Streams(1, replication).sequence(`closed loop/${concurrency}/${inputTokens}/${outputTokens}`);
  const length = (nominal: number) => Math.floor(nominal * shortest + random.uniform() * (nominal * (1 - shortest) + 1));
  // However short: a prompt has a token, and an answer two, or there would be no time between them.
  const lengths = Array.from({ length: count }, () => ({
    input: Math.max(1, length(inputTokens)),
    output: Math.max(2, length(outputTokens)),
  }));

  const simulation = new Simulation();
  const attempts = new Attempts();
  const askedAt = new Float64Array(count);
  const firstAt = new Float64Array(count);
  let asked = 0;
  let ttft = 0;
  let tpot = 0;
  const batch = new ContinuousBatch(
    {
      simulation,
      sequences: new Sequences(attempts),
      onCancel: "finish",
      listener: {
        started: () => {},
        firstToken: (attempt) => (firstAt[attempts.request[attempt]] = simulation.now),
        finished: (attempt) => {
          const request = attempts.request[attempt];
          ttft += (firstAt[request] - askedAt[request]) / count;
          tpot += (simulation.now - firstAt[request]) / (lengths[request].output - 1) / count;
          attempts.close(attempt);
          simulation.after(0, ask);
        },
        spends: () => {},
        dropped: () => {},
      },
    },
    settings,
  );
  const ask = simulation.handler(() => {
    if (asked === count) return;
    const request = asked++;
    askedAt[request] = simulation.now;
    const { input, output } = lengths[request];
    batch.take(attempts.open(request, request, 0, 0, input, output));
  });
  for (let client = 0; client < concurrency; client++) simulation.at(0, ask);
  simulation.run(Number.MAX_VALUE);
  return { ttft, tpot, preemptions: batch.preemptions };
}
