import { resized, Slots } from "../kernel/slots.ts";
import { outcomeCode } from "./outcome.ts";
import { TimeByCause } from "./time-by-cause.ts";

/** No attempt is under way, or no moment has come yet. */
export const none = -1;

/**
 * The requests in flight, in columns indexed by the number that `open` gives; a number is used again after `close`.
 * Moments are in seconds of simulated time.
 */
export class Requests {
  /** Which request this is, counted from 0 in order of arrival over all classes: its identity in output. */
  ordinal = new Int32Array(0);
  /** Tells it from others of its class: with the class's salt the key of its random numbers, so that classes do not disturb each other. */
  number = new Int32Array(0);
  arrivedAt = new Float64Array(0);
  inputTokens = new Int32Array(0);
  outputTokens = new Int32Array(0);
  /** The chain of `Prefixes` that the prompt begins with, `none` unless set, and how many of its tokens it covers, however long it becomes. */
  prefix = new Int32Array(0);
  prefixTokens = new Int32Array(0);
  /** Which of the questions of traces it asks; 0 where none is known. */
  question = new Int32Array(0);
  /** Position of the class in the scenario. */
  trafficClass = new Int32Array(0);
  /** Attempts sent so far. */
  attempts = new Int32Array(0);
  /** An attempt whose answer is awaited, or `none`; others that are under way beside it are its siblings. */
  attempt = new Int32Array(0);
  /** How often the client has called so far; each call walks the targets of the path from the first. */
  calls = new Int32Array(0);
  /** Position in the path of what is asked now: its stages, then the steps of the chain that this call walks. */
  stage = new Int32Array(0);
  /** One bit for each cache of the path that had no answer, so that it asked on. */
  missed = new Int32Array(0);
  /** 1 while it waits at a cache for the answer to another request. */
  awaiting = new Uint8Array(0);
  /** The last begun of its tasks at stages before the targets, or `none`. */
  task = new Int32Array(0);
  /** When it came to the stage of the path at which it is. */
  stageAt = new Float64Array(0);
  /** One bit for each stage before the targets that it went on without. */
  lacks = new Int32Array(0);
  /** Seconds that it spent at each of these stages so far, `stages` of them for each request; NaN where it did not come. */
  spent = new Float64Array(0);
  /** 1 when a cache's answer to another question was taken for its own. */
  wrong = new Uint8Array(0);
  /** Calls before those for the model's present turn, of an agent. */
  callsBefore = new Int32Array(0);
  /** Further turns of the model, and tokens of the answer that the last one gives; only meaningful with an agent. */
  turnsLeft = new Int32Array(0);
  lastOutput = new Int32Array(0);
  /** Number of that chain among those of the client; 0, the class's own, unless set. What is set of it and of the next three is for `restore`. */
  chain = new Uint8Array(0);
  /** Position among the path's targets of the one that is asked now. */
  target = new Uint8Array(0);
  /** Attempts so far in turn at that target; those sent beside one do not count. */
  tries = new Int32Array(0);
  /** Attempts so far beside the one under way. */
  hedges = new Uint8Array(0);
  /** The rung of the client's ladder that this call stands on, from 1; 0 unless set. */
  rung = new Uint8Array(0);
  /** The rung, from 1, under which a stage of the path was left out; 0 unless set. */
  skippedUnder = new Uint8Array(0);
  /** Tokens at which the answer to this call is cut, beside what the class says; Infinity unless set. */
  maxOutput = new Float64Array(0);
  /** Tells its wait at a gate from earlier ones; `none` while it does not wait there. */
  ticket = new Int32Array(0);
  /** 1 once an attempt of it was billed. */
  billed = new Uint8Array(0);
  /** The soonest moment at which a target of this call said it would be tried again; Infinity when none did. */
  invitedAt = new Float64Array(0);
  /** Outcome that it would have if the client gave up now (a code of `outcomes`). */
  verdict = new Uint8Array(0);
  /** What the time of each has gone to. */
  readonly time = new TimeByCause();
  /** Most stages before the targets of any class. */
  readonly stages: number;
  private opened = 0;
  private readonly openedOf: number[] = [];
  private readonly slots: Slots;

  constructor(stages = 0) {
    this.stages = stages;
    this.slots = new Slots((capacity) => this.resize(capacity));
  }

  get inFlight(): number {
    return this.slots.inUse;
  }

  /** @param number within its class: counted in order of arrival, unless given for every request of the class */
  open(trafficClass: number, arrivedAt: number, inputTokens: number, outputTokens: number, number = this.count(trafficClass)): number {
    const request = this.slots.acquire();
    this.ordinal[request] = this.opened++;
    this.number[request] = number;
    this.arrivedAt[request] = arrivedAt;
    this.inputTokens[request] = inputTokens;
    this.outputTokens[request] = outputTokens;
    this.prefix[request] = none;
    this.prefixTokens[request] = 0;
    this.question[request] = 0;
    this.trafficClass[request] = trafficClass;
    this.attempts[request] = 0;
    this.attempt[request] = none;
    this.calls[request] = 0;
    this.stage[request] = 0;
    this.missed[request] = 0;
    this.task[request] = none;
    this.lacks[request] = 0;
    this.wrong[request] = 0;
    this.callsBefore[request] = 0;
    if (this.stages > 0) this.spent.fill(NaN, request * this.stages, (request + 1) * this.stages);
    this.billed[request] = 0;
    this.invitedAt[request] = Infinity;
    this.verdict[request] = outcomeCode.timedOut;
    this.time.begin(request, arrivedAt);
    return request;
  }

  /** Adds to the time that a request spent at a stage. */
  spend(request: number, stage: number, seconds: number): void {
    const at = request * this.stages + stage;
    const before = this.spent[at];
    this.spent[at] = Number.isNaN(before) ? seconds : before + seconds;
  }

  private count(trafficClass: number): number {
    const number = this.openedOf[trafficClass] ?? 0;
    this.openedOf[trafficClass] = number + 1;
    return number;
  }

  /** Undoes what a client's ladder has set, for whoever uses its number next. */
  restore(request: number): void {
    this.chain[request] = 0;
    this.rung[request] = 0;
    this.skippedUnder[request] = 0;
    this.maxOutput[request] = Infinity;
  }

  close(request: number): void {
    this.ordinal[request] = none;
    this.slots.release(request);
  }

  /** The numbers of all requests in flight, in order of arrival. */
  pending(): number[] {
    const open: number[] = [];
    for (let request = 0; request < this.slots.capacity; request++) if (this.ordinal[request] !== none) open.push(request);
    return open.sort((a, b) => this.ordinal[a] - this.ordinal[b]);
  }

  private resize(capacity: number): void {
    const before = this.ordinal.length;
    this.ordinal = resized(this.ordinal, capacity).fill(none, before);
    this.number = resized(this.number, capacity);
    this.arrivedAt = resized(this.arrivedAt, capacity);
    this.inputTokens = resized(this.inputTokens, capacity);
    this.outputTokens = resized(this.outputTokens, capacity);
    this.prefix = resized(this.prefix, capacity);
    this.prefixTokens = resized(this.prefixTokens, capacity);
    this.question = resized(this.question, capacity);
    this.trafficClass = resized(this.trafficClass, capacity);
    this.attempts = resized(this.attempts, capacity);
    this.attempt = resized(this.attempt, capacity);
    this.calls = resized(this.calls, capacity);
    this.stage = resized(this.stage, capacity);
    this.missed = resized(this.missed, capacity);
    this.awaiting = resized(this.awaiting, capacity);
    this.task = resized(this.task, capacity);
    this.stageAt = resized(this.stageAt, capacity);
    this.lacks = resized(this.lacks, capacity);
    this.spent = resized(this.spent, capacity * this.stages);
    this.wrong = resized(this.wrong, capacity);
    this.callsBefore = resized(this.callsBefore, capacity);
    this.turnsLeft = resized(this.turnsLeft, capacity);
    this.lastOutput = resized(this.lastOutput, capacity);
    this.chain = resized(this.chain, capacity);
    this.target = resized(this.target, capacity);
    this.tries = resized(this.tries, capacity);
    this.hedges = resized(this.hedges, capacity);
    this.rung = resized(this.rung, capacity);
    this.skippedUnder = resized(this.skippedUnder, capacity);
    this.maxOutput = resized(this.maxOutput, capacity).fill(Infinity, before);
    this.ticket = resized(this.ticket, capacity).fill(none, before);
    this.billed = resized(this.billed, capacity);
    this.invitedAt = resized(this.invitedAt, capacity);
    this.verdict = resized(this.verdict, capacity);
    this.time.resize(capacity);
  }
}
