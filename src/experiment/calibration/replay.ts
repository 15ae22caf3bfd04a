import { Simulation } from "../../kernel/simulation.ts";
import { type BatchSettings, ContinuousBatch } from "../../serving/replica/continuous-batch.ts";
import { Sequences } from "../../serving/replica/sequences.ts";
import { Attempts } from "../../traffic/attempts.ts";

/** What a request asks of an engine, and when it arrives there: seconds after any moment before all of them. */
export interface ReplayedRequest {
  readonly arrivedAt: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Seconds from each request's arrival, in the order of the requests. */
export interface Replay {
  readonly ttft: Float64Array;
  readonly total: Float64Array;
  readonly preemptions: number;
}

/** The requests on one simulated replica, each at its moment; nobody leaves before the answer is whole. */
export function replay(requests: readonly ReplayedRequest[], settings: BatchSettings): Replay {
  const simulation = new Simulation();
  const attempts = new Attempts();
  const ttft = new Float64Array(requests.length);
  const total = new Float64Array(requests.length);
  const sinceArrival = (request: number): number => simulation.now - requests[request].arrivedAt;
  const batch = new ContinuousBatch(
    {
      simulation,
      sequences: new Sequences(attempts),
      onCancel: "finish",
      listener: {
        started: () => {},
        firstToken: (attempt) => (ttft[attempts.request[attempt]] = sinceArrival(attempts.request[attempt])),
        finished: (attempt) => {
          total[attempts.request[attempt]] = sinceArrival(attempts.request[attempt]);
          attempts.close(attempt);
        },
        spends: () => {},
        dropped: () => {},
      },
    },
    settings,
  );
  const arrive = simulation.handler((request) => {
    const { inputTokens, outputTokens } = requests[request];
    batch.take(attempts.open(request, request, 0, 0, inputTokens, outputTokens));
  });
  for (let request = 0; request < requests.length; request++) simulation.at(requests[request].arrivedAt, arrive, request);
  simulation.run(Number.MAX_VALUE);
  return { ttft, total, preemptions: batch.preemptions };
}
