/**
 * Continuous batching written straight from design §3.2: one iteration at a time, one sequence at a time, nothing skipped.
 * It is slow and shares no code with the replica of `src/serving`, which must agree with it on every moment.
 */
import type { BatchSettings } from "../../../src/serving/replica/continuous-batch.ts";
import type { StepTimeSettings } from "../../../src/serving/replica/step-time.ts";

/** One attempt as its client decides it; moments in seconds, Infinity for never. */
export interface Job {
  readonly arrivesAt: number;
  readonly prompt: number;
  readonly output: number;
  /** What the prompt begins with: keys of segments with their tokens, the last of which may reach beyond the prompt. */
  readonly prefix?: readonly { readonly key: number; readonly tokens: number }[];
  /** The prompt was read elsewhere, with one token produced. */
  readonly received?: boolean;
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

/** What is known of a prefix segment's KV: how much of it, what each running sequence uses of it, and when what is used became less. */
interface Kept {
  tokens: number;
  uses: Use[];
  idleSince: number;
}

interface Use {
  readonly key: number;
  readonly tokens: number;
}

interface Sequence {
  readonly job: Job;
  readonly fate: Fate;
  /** Prompt, and what had been produced before an eviction. */
  toRead: number;
  read: number;
  /** Not always whole, with speculation. */
  produced: number;
  /** What it uses of the segments of its prefix. */
  uses: Use[];
  blocks: number;
  /** When the client left, as a turn; 0 while it has not. */
  left: number;
  /** When it began to decode, as a turn. */
  decodesSince: number;
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
  private readonly kept = new Map<number, Kept>();
  /** Counts what happens, so that it has an order within one moment. */
  private turn = 0;
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
      read: job.received === true ? job.prompt : 0,
      produced: job.received === true ? 1 : 0,
      uses: [],
      blocks: 0,
      left: 0,
      decodesSince: 0,
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
      sequence.left = ++this.turn;
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
    if (sequence.left > 0) this.outcome.wastedSeconds += sequence.cost;
  }

  private formIteration(): void {
    const { settings, running, line } = this;
    for (const sequence of running) sequence.tokens = 0;
    this.dropHeads();
    let budget = settings.maxBatchedTokens;
    let evicted = false;
    const width = 1 + (settings.speculation?.draftTokens ?? 0);

    for (let i = 0; i < running.length; i++) {
      const sequence = running[i];
      const rest = sequence.toRead - sequence.read;
      const tokens = rest > 0 ? Math.min(rest, budget) : width;
      if (tokens > budget || tokens === 0) continue;
      const holds = rest > 0 ? sequence.read + tokens : this.heldWhenDecoding(sequence);
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
      const decodes = sequence.read === sequence.toRead;
      if ((running.length + 1) * width > settings.maxBatchedTokens || (decodes && width > budget)) return;
      const hit = decodes ? sequence.read : this.hitTokens(sequence);
      const rest = sequence.toRead - hit;
      // Alone, an evicted sequence may be read again in one piece whatever the budget.
      if (!settings.chunkedPrefill && rest > budget && running.length > 0) return;
      const tokens = decodes ? width : settings.chunkedPrefill ? Math.min(rest, budget) : rest;
      const holds = decodes ? this.heldWhenDecoding(sequence) : hit + tokens;
      if (this.lacks(sequence, holds)) return;
      line.shift();
      running.push(sequence);
      if (decodes) sequence.decodesSince = ++this.turn;
      else this.useKept(sequence, hit);
      sequence.read = hit;
      this.give(sequence, holds);
      sequence.tokens = tokens;
      budget -= tokens;
      if (Number.isNaN(sequence.fate.startedAt)) sequence.fate.startedAt = this.now;
      this.dropHeads();
    }
  }

  /** Tokens that must have a place in the iteration that decodes: those there are, and what it writes; drafts included. */
  private heldWhenDecoding({ job, produced }: Sequence): number {
    const { draftTokens, acceptedTokens } = this.settings.speculation ?? { draftTokens: 0, acceptedTokens: 1 };
    return job.prompt + produced - 1 + acceptedTokens + (1 + draftTokens - acceptedTokens);
  }

  /** The leading tokens of the prompt that are still in memory, whole blocks of them, and never the last token. */
  private hitTokens({ job, toRead }: Sequence): number {
    if (this.settings.prefixCache === undefined) return 0;
    const longest = Math.min(job.prompt, toRead - 1);
    let covered = 0;
    for (const { key, tokens } of job.prefix ?? []) {
      const there = Math.min(tokens, this.kept.get(key)?.tokens ?? 0);
      covered += there;
      if (there < tokens) break;
    }
    const { blockSize } = this.settings;
    return Math.floor(Math.min(covered, longest) / blockSize) * blockSize;
  }

  private useKept(sequence: Sequence, hit: number): void {
    let start = 0;
    for (const { key, tokens } of sequence.job.prefix ?? []) {
      if (start < hit) this.use(sequence, key, Math.min(tokens, hit - start));
      start += tokens;
    }
  }

  private use(sequence: Sequence, key: number, tokens: number): void {
    const use = { key, tokens };
    this.kept.get(key)!.uses.push(use);
    sequence.uses.push(use);
  }

  private keepPrefix(sequence: Sequence): void {
    if (this.settings.prefixCache === undefined) return;
    const before = sequence.uses.splice(0);
    let start = 0;
    for (const { key, tokens } of sequence.job.prefix ?? []) {
      const there = Math.min(tokens, sequence.job.prompt - start);
      if (there <= 0) break;
      const kept = this.kept.get(key) ?? { tokens: 0, uses: [], idleSince: 0 };
      this.kept.set(key, kept);
      this.use(sequence, key, there);
      kept.tokens = Math.max(kept.tokens, there);
      start += tokens;
    }
    for (const use of before) this.leaveKept(use);
  }

  private leaveKept(use: Use): void {
    const kept = this.kept.get(use.key)!;
    const before = most(kept.uses);
    kept.uses.splice(kept.uses.indexOf(use), 1);
    if (most(kept.uses) < before) kept.idleSince = ++this.turn;
  }

  /** Of what nobody uses, only as much stays as there are free blocks; what went out of use first is lost first, token by token. */
  private forget(): void {
    const { blockSize, prefixCache } = this.settings;
    const room = Math.min(this.free, prefixCache?.blocks ?? Infinity) * blockSize;
    const idle = [...this.kept].sort(([, a], [, b]) => a.idleSince - b.idleSince);
    let over = idle.reduce((sum, [, { tokens, uses }]) => sum + tokens - most(uses), 0) - room;
    for (const [key, kept] of idle) {
      const lost = Math.max(0, Math.min(over, kept.tokens - most(kept.uses)));
      kept.tokens -= lost;
      over -= lost;
      if (kept.tokens === 0) this.kept.delete(key);
    }
  }

  private dropHeads(): void {
    while (this.line.length > 0 && this.line[0].left > 0) this.end(this.line.shift()!, "dropped");
  }

  private lacks(sequence: Sequence, holds: number): boolean {
    return this.blocksFor(sequence, holds) - sequence.blocks > this.free;
  }

  /** A sequence that reads also holds room for the drafts to come that will be rejected. Hundredths of tokens are whole numbers. */
  private blocksFor({ read, toRead }: Sequence, holds: number): number {
    const { speculation, blockSize } = this.settings;
    const spare = read === toRead || speculation === undefined ? 0 : 1 + speculation.draftTokens - speculation.acceptedTokens;
    return Math.ceil(Math.round((holds + spare) * 100) / (100 * blockSize));
  }

  private give(sequence: Sequence, holds: number): void {
    const blocks = this.blocksFor(sequence, holds);
    this.free -= blocks - sequence.blocks;
    sequence.blocks = blocks;
    this.forget();
  }

  private takeBack(sequence: Sequence): void {
    for (const use of sequence.uses.splice(0).reverse()) this.leaveKept(use);
    this.free += sequence.blocks;
    this.forget();
    sequence.blocks = 0;
    this.running.splice(this.running.indexOf(sequence), 1);
  }

  private evict(sequence: Sequence): void {
    this.takeBack(sequence);
    sequence.produced = Math.floor(sequence.produced + 1e-9);
    sequence.toRead = sequence.job.prompt + sequence.produced;
    sequence.read = 0;
    sequence.tokens = 0;
    this.line.unshift(sequence);
    this.outcome.preemptions++;
  }

  private stepTime(): number {
    const { stepTime, speculation } = this.settings;
    const served = this.running.filter(({ tokens }) => tokens > 0);
    let total = 0;
    let kvTokens = 0;
    let pairs = 0;
    let decodes = false;
    for (const { tokens, read, toRead, job, produced } of served) {
      total += tokens;
      if (read === toRead) {
        decodes = true;
        kvTokens += job.prompt + produced;
      } else pairs += tokens * (read + tokens / 2);
    }
    const attention = stepTime.perSequence * served.length + stepTime.perKvToken * kvTokens + stepTime.perPrefillPair * pairs;
    const communication = stepTime.communication + stepTime.communicationPerToken * total;
    const prompts = pairs > 0 ? stepTime.promptOverhead : 0;
    const draft = decodes ? (speculation?.draftTime ?? 0) : 0;
    return stepTime.overhead + prompts + plainDenseTime(stepTime, total) + attention + communication + draft;
  }

  /** At one boundary those who decode come first, in the order in which they began to; then the readers; then those who are aborted. */
  private endIteration(time: number): void {
    this.outcome.busySeconds += time;
    const total = this.running.reduce((sum, { tokens }) => sum + tokens, 0);
    const readers = this.running.filter(({ read, toRead }) => read < toRead);
    const decoders = this.running.filter(({ read, toRead }) => read === toRead).sort((a, b) => a.decodesSince - b.decodesSince);
    for (const sequence of this.running) sequence.cost += (time * sequence.tokens) / total;
    for (const sequence of decoders) if (sequence.tokens > 0) this.produce(sequence, this.settings.speculation?.acceptedTokens ?? 1);
    for (const sequence of readers) {
      sequence.read += sequence.tokens;
      if (sequence.read < sequence.toRead) continue;
      sequence.decodesSince = ++this.turn;
      this.keepPrefix(sequence);
      this.produce(sequence, 1);
    }
    if (this.onCancel === "finish") return;
    for (const sequence of this.running.filter(({ left }) => left > 0).sort((a, b) => a.left - b.left)) {
      this.takeBack(sequence);
      this.end(sequence, "dropped");
    }
  }

  private produce(sequence: Sequence, tokens: number): void {
    if (sequence.produced === 0) sequence.fate.firstTokenAt = this.now;
    sequence.produced = Math.round((sequence.produced + tokens) * 100) / 100;
    if (sequence.produced < sequence.job.output) return;
    this.takeBack(sequence);
    this.end(sequence, "finished");
  }
}

/** The most tokens that anyone uses. */
function most(uses: readonly Use[]): number {
  return Math.max(0, ...uses.map(({ tokens }) => tokens));
}

/** The hinge with the experts that so many tokens use, or straight lines through a table. */
function plainDenseTime(law: StepTimeSettings, tokens: number): number {
  const { dense } = law;
  if (dense === undefined) {
    let unused = 1;
    for (let i = 0; i < tokens; i++) unused *= 1 - law.expertShare;
    return Math.max(law.denseFloor + law.expertsFloor * (1 - unused), law.denseBase + law.densePerToken * tokens);
  }
  let [before, after] = [dense[0], dense[0]];
  for (const point of dense) {
    if (after[0] >= tokens) break;
    [before, after] = [after, point];
  }
  if (before[0] === after[0] || tokens <= dense[0][0]) return dense[0][1];
  const slope = (after[1] - before[1]) / (after[0] - before[0]);
  if (tokens > after[0]) return after[1] + slope * (tokens - after[0]);
  return before[1] + slope * (tokens - before[0]);
}
