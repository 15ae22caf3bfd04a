/**
 * Continuous batching written straight from design §3.2: one iteration at a time, one sequence at a time, nothing skipped.
 * It is slow and shares no code with the replica of `src/serving`, which must agree with it on every moment.
 */
import type { BatchSettings } from "../../src/serving/continuous-batch.ts";

/** One attempt as its client decides it; moments in seconds, Infinity for never. */
export interface Job {
  readonly arrivesAt: number;
  readonly prompt: number;
  readonly output: number;
  /** The client leaves. */
  readonly leavesAt: number;
  /** The pool takes it out of the line, if it has not been started by then. */
  readonly withdrawnAt: number;
}

/** What became of a job; NaN for what never came. */
export interface Fate {
  startedAt: number;
  firstTokenAt: number;
  endedAt: number;
  ending: "finished" | "dropped" | "withdrawn" | "open";
}

export interface Outcome {
  readonly fates: Fate[];
  preemptions: number;
  wastedSeconds: number;
  busySeconds: number;
  /** KV blocks free once all is over. */
  freeBlocks: number;
}

interface Sequence {
  readonly job: Job;
  readonly fate: Fate;
  /** Prompt, and what had been produced before an eviction. */
  toRead: number;
  read: number;
  produced: number;
  blocks: number;
  left: boolean;
  cost: number;
  /** Tokens in the iteration under way. */
  tokens: number;
}

type ExternalEvent = { readonly at: number; readonly kind: "arrive" | "leave" | "withdraw"; readonly sequence: Sequence };

/** The events that come from outside, in the order in which they are scheduled: by job, and sorted by time without disturbing ties. */
export function externalEvents<Subject>(
  jobs: readonly Job[],
  subject: (index: number) => Subject,
): { at: number; kind: "arrive" | "leave" | "withdraw"; sequence: Subject }[] {
  return jobs
    .flatMap((job, index) => [
      { at: job.arrivesAt, kind: "arrive" as const, sequence: subject(index) },
      { at: job.leavesAt, kind: "leave" as const, sequence: subject(index) },
      { at: job.withdrawnAt, kind: "withdraw" as const, sequence: subject(index) },
    ])
    .filter(({ at }) => at < Infinity)
    .sort((a, b) => a.at - b.at);
}

export function runPlainEngine(jobs: readonly Job[], settings: BatchSettings, onCancel: "finish" | "abort"): Outcome {
  return new PlainEngine(jobs, settings, onCancel).run();
}

class PlainEngine {
  private now = 0;
  private free: number;
  private readonly line: Sequence[] = [];
  private readonly running: Sequence[] = [];
  private readonly events: ExternalEvent[];
  private readonly outcome: Outcome;
  private readonly settings: BatchSettings;
  private readonly onCancel: "finish" | "abort";

  constructor(jobs: readonly Job[], settings: BatchSettings, onCancel: "finish" | "abort") {
    this.settings = settings;
    this.onCancel = onCancel;
    this.free = settings.kvBlocks;
    const fates = jobs.map((): Fate => ({ startedAt: NaN, firstTokenAt: NaN, endedAt: NaN, ending: "open" }));
    const sequences = jobs.map((job, index): Sequence => ({
      job,
      fate: fates[index],
      toRead: job.prompt,
      read: 0,
      produced: 0,
      blocks: 0,
      left: false,
      cost: 0,
      tokens: 0,
    }));
    this.events = externalEvents(jobs, (index) => sequences[index]);
    this.outcome = { fates, preemptions: 0, wastedSeconds: 0, busySeconds: 0, freeBlocks: 0 };
  }

  run(): Outcome {
    for (;;) {
      this.formIteration();
      if (this.running.length === 0) {
        // Idle: whoever comes next starts an iteration at once.
        const event = this.events.shift();
        if (event === undefined) break;
        this.now = event.at;
        this.happen(event);
        continue;
      }
      const time = this.stepTime();
      const end = this.now + time;
      // What happens at the very moment of a boundary was scheduled long before it, so it comes first.
      while (this.events.length > 0 && this.events[0].at <= end) {
        const event = this.events.shift()!;
        this.now = event.at;
        this.happen(event);
      }
      this.now = end;
      this.endIteration(time);
    }
    this.outcome.freeBlocks = this.free;
    return this.outcome;
  }

  private happen({ kind, sequence }: ExternalEvent): void {
    if (kind === "arrive") this.line.push(sequence);
    if (sequence.fate.ending !== "open") return;
    const waits = this.line.includes(sequence);
    if (kind === "leave") {
      sequence.left = true;
      if (waits && this.onCancel === "abort") this.leaveLine(sequence, "dropped");
    } else if (kind === "withdraw" && waits && Number.isNaN(sequence.fate.startedAt)) this.leaveLine(sequence, "withdrawn");
  }

  private leaveLine(sequence: Sequence, ending: Fate["ending"]): void {
    this.line.splice(this.line.indexOf(sequence), 1);
    this.end(sequence, ending);
  }

  private end(sequence: Sequence, ending: Fate["ending"]): void {
    sequence.fate.ending = ending;
    sequence.fate.endedAt = this.now;
    if (sequence.left) this.outcome.wastedSeconds += sequence.cost;
  }

  private formIteration(): void {
    const { settings, running, line } = this;
    for (const sequence of running) sequence.tokens = 0;
    this.dropHeads();
    let budget = settings.maxBatchedTokens;
    let evicted = false;

    for (let i = 0; i < running.length; i++) {
      const sequence = running[i];
      const rest = sequence.toRead - sequence.read;
      const tokens = rest > 0 ? Math.min(rest, budget) : 1;
      if (tokens > budget || tokens === 0) continue;
      const holds = rest > 0 ? sequence.read + tokens : sequence.job.prompt + sequence.produced;
      while (running.includes(sequence) && this.lacks(sequence, holds)) {
        this.evict(running.at(-1)!);
        evicted = true;
      }
      if (!running.includes(sequence)) break;
      this.give(sequence, holds);
      sequence.tokens = tokens;
      budget -= tokens;
    }

    if (evicted) return;
    while (line.length > 0 && running.length < settings.maxSequences && budget > 0) {
      const sequence = line[0];
      // Alone, an evicted sequence may be read again in one piece whatever the budget.
      if (!settings.chunkedPrefill && sequence.toRead > budget && running.length > 0) return;
      const tokens = settings.chunkedPrefill ? Math.min(sequence.toRead, budget) : sequence.toRead;
      if (this.lacks(sequence, tokens)) return;
      line.shift();
      running.push(sequence);
      this.give(sequence, tokens);
      sequence.tokens = tokens;
      budget -= tokens;
      if (Number.isNaN(sequence.fate.startedAt)) sequence.fate.startedAt = this.now;
      this.dropHeads();
    }
  }

  private dropHeads(): void {
    while (this.line.length > 0 && this.line[0].left) this.end(this.line.shift()!, "dropped");
  }

  private lacks(sequence: Sequence, holds: number): boolean {
    return Math.ceil(holds / this.settings.blockSize) - sequence.blocks > this.free;
  }

  private give(sequence: Sequence, holds: number): void {
    const blocks = Math.ceil(holds / this.settings.blockSize);
    this.free -= blocks - sequence.blocks;
    sequence.blocks = blocks;
  }

  private takeBack(sequence: Sequence): void {
    this.free += sequence.blocks;
    sequence.blocks = 0;
    this.running.splice(this.running.indexOf(sequence), 1);
  }

  private evict(sequence: Sequence): void {
    this.takeBack(sequence);
    sequence.toRead = sequence.job.prompt + sequence.produced;
    sequence.read = 0;
    sequence.tokens = 0;
    this.line.unshift(sequence);
    this.outcome.preemptions++;
  }

  private stepTime(): number {
    const { overhead, denseFloor, denseBase, densePerToken, perSequence, perKvToken, perPrefillPair } = this.settings.stepTime;
    const served = this.running.filter(({ tokens }) => tokens > 0);
    let total = 0;
    let kvTokens = 0;
    let pairs = 0;
    for (const { tokens, read, toRead, job, produced } of served) {
      total += tokens;
      if (read === toRead) kvTokens += job.prompt + produced;
      else pairs += tokens * (read + tokens / 2);
    }
    const dense = Math.max(denseFloor, denseBase + densePerToken * total);
    return overhead + dense + perSequence * served.length + perKvToken * kvTokens + perPrefillPair * pairs;
  }

  private endIteration(time: number): void {
    this.outcome.busySeconds += time;
    const total = this.running.reduce((sum, { tokens }) => sum + tokens, 0);
    for (const sequence of this.running.slice()) {
      sequence.cost += (time * sequence.tokens) / total;
      if (sequence.read < sequence.toRead) {
        sequence.read += sequence.tokens;
        if (sequence.read === sequence.toRead) this.produce(sequence);
      } else if (sequence.tokens > 0) this.produce(sequence);
    }
    if (this.onCancel === "finish") return;
    for (const sequence of this.running.filter(({ left }) => left)) {
      this.takeBack(sequence);
      this.end(sequence, "dropped");
    }
  }

  private produce(sequence: Sequence): void {
    sequence.produced++;
    if (sequence.produced === 1) sequence.fate.firstTokenAt = this.now;
    if (sequence.produced < sequence.job.output) return;
    this.takeBack(sequence);
    this.end(sequence, "finished");
  }
}
