import { Recorder } from "../../src/experiment/recorder.ts";
import { outcomeCode, type Outcome } from "../../src/traffic/outcome.ts";
import { none, Requests } from "../../src/traffic/requests.ts";

/** What became of one request; moments in seconds, NaN by default. */
export interface Fate {
  readonly arrivedAt: number;
  readonly outcome: Outcome;
  readonly firstTokenAt?: number;
  readonly endedAt?: number;
  readonly outputTokens?: number;
  readonly trafficClass?: number;
  readonly servedBy?: number;
  readonly attempts?: number;
  readonly rung?: number;
}

/** A recorder that has seen these requests, in this order of arrival. */
export function recorded(fates: readonly Fate[]): Recorder {
  const requests = new Requests();
  const recorder = new Recorder(requests, 1);
  for (const {
    arrivedAt,
    outcome,
    firstTokenAt = NaN,
    endedAt = NaN,
    outputTokens = 2,
    trafficClass = 0,
    servedBy = 0,
    attempts = 1,
    rung = 0,
  } of fates) {
    const request = requests.open(trafficClass, arrivedAt, 100, outputTokens);
    requests.attempts[request] = attempts;
    requests.rung[request] = rung;
    recorder.record(request, outcomeCode[outcome], outcome === "served" ? servedBy : none, firstTokenAt, endedAt);
    requests.close(request);
  }
  return recorder;
}
