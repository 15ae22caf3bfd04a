import { resized } from "../kernel/slots.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { none, type Requests } from "../traffic/requests.ts";
import { RecordedTime } from "./recorded-time.ts";

/**
 * What became of every request of one run, in columns indexed by its ordinal, that is in order of arrival. Only moments and
 * counts are kept; every metric is derived from them afterwards.
 */
export class Recorder {
  /** Requests offered so far. */
  count = 0;
  trafficClass = new Int32Array(0);
  /** Seconds since the start of the run; NaN where the moment never came. */
  arrivedAt = new Float64Array(0);
  firstTokenAt = new Float64Array(0);
  endedAt = new Float64Array(0);
  inputTokens = new Int32Array(0);
  outputTokens = new Int32Array(0);
  attempts = new Int32Array(0);
  /** A code of `outcomes`. */
  outcome = new Uint8Array(0);
  /** Position in `serverNames` of what served it, or `none`. */
  servedBy = new Int32Array(0);
  /** The rung of its client's ladder that its last call stood on, from 1; 0 where nothing was degraded. */
  rung = new Uint8Array(0);
  /** 1 where a cache gave the answer to another question. */
  wrong = new Uint8Array(0);
  /** One bit for each stage before the targets that it went on without, in the order of `stageNames`. */
  lacks = new Int32Array(0);
  /** Seconds at each of these stages, `stages` of them for each request; NaN where it did not come. */
  spent = new Float64Array(0);
  /** What the time of each went to, from its arrival to its end or the horizon. */
  readonly time = new RecordedTime();
  readonly stages: number;
  private readonly requests: Requests;

  constructor(requests: Requests, expected = 4096) {
    this.requests = requests;
    this.stages = requests.stages;
    this.resize(expected);
  }

  /** @param until when its time ends, whatever became of it */
  record(request: number, outcome: number, servedBy: number, firstTokenAt: number, endedAt: number, until = endedAt): void {
    const { requests } = this;
    const ordinal = requests.ordinal[request];
    if (ordinal >= this.arrivedAt.length) this.resize(Math.max(ordinal + 1, 2 * this.arrivedAt.length));
    this.count = Math.max(this.count, ordinal + 1);
    this.trafficClass[ordinal] = requests.trafficClass[request]!;
    this.arrivedAt[ordinal] = requests.arrivedAt[request]!;
    this.firstTokenAt[ordinal] = firstTokenAt;
    this.endedAt[ordinal] = endedAt;
    this.inputTokens[ordinal] = requests.inputTokens[request]!;
    this.outputTokens[ordinal] = requests.outputTokens[request]!;
    this.attempts[ordinal] = requests.attempts[request]!;
    this.outcome[ordinal] = outcome;
    this.servedBy[ordinal] = servedBy;
    this.rung[ordinal] = requests.rung[request]!;
    this.wrong[ordinal] = requests.wrong[request]!;
    this.lacks[ordinal] = requests.lacks[request]!;
    this.time.record(ordinal, requests.time, request, until);
    const { stages } = this;
    for (let stage = 0; stage < stages; stage++) this.spent[ordinal * stages + stage] = requests.spent[request * stages + stage];
  }

  /** The horizon has come: whoever is still in flight is unfinished, but may have its first token. */
  close(attempts: Attempts, horizon: number): void {
    for (const request of this.requests.pending()) {
      const attempt = this.requests.attempt[request];
      const firstTokenAt = attempt === none ? NaN : attempts.firstTokenAt[attempt];
      this.record(request, outcomeCode.unfinished, none, firstTokenAt, NaN, horizon);
    }
  }

  private resize(capacity: number): void {
    this.trafficClass = resized(this.trafficClass, capacity);
    this.arrivedAt = resized(this.arrivedAt, capacity);
    this.firstTokenAt = resized(this.firstTokenAt, capacity);
    this.endedAt = resized(this.endedAt, capacity);
    this.inputTokens = resized(this.inputTokens, capacity);
    this.outputTokens = resized(this.outputTokens, capacity);
    this.attempts = resized(this.attempts, capacity);
    this.outcome = resized(this.outcome, capacity);
    this.servedBy = resized(this.servedBy, capacity);
    this.rung = resized(this.rung, capacity);
    this.wrong = resized(this.wrong, capacity);
    this.lacks = resized(this.lacks, capacity);
    this.spent = resized(this.spent, capacity * this.stages);
    this.time.resize(capacity);
  }
}
