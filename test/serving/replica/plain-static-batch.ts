/** A static batching server written down plainly: whatever comes next happens, and then one looks whether a batch is full. */
import { externalEvents, type Fate, type Job } from "./plain-engine.ts";

export interface PlainBatch {
  readonly size: number;
  readonly wait: number;
  readonly service: number;
  readonly perAttempt: number;
  readonly perInputToken: number;
  readonly perOutputToken: number;
}

export interface PlainOutcome {
  readonly fates: Fate[];
  busySeconds: number;
  wastedSeconds: number;
}

export function runPlainStaticBatch(jobs: readonly Job[], given: PlainBatch, onCancel: "finish" | "abort"): PlainOutcome {
  const fates = jobs.map((): Fate => ({ startedAt: NaN, firstTokenAt: NaN, endedAt: NaN, ending: "open" }));
  const left = jobs.map(() => false);
  const outcome: PlainOutcome = { fates, busySeconds: 0, wastedSeconds: 0 };
  const events = externalEvents(jobs, (index) => index);
  let now = 0;
  let line: number[] = [];
  let batch: number[] = [];
  let [startedAt, endsAt] = [0, Infinity];

  const end = (job: number, ending: Fate["ending"]): void => void Object.assign(fates[job], { ending, endedAt: now });
  const leaveLine = (job: number, ending: Fate["ending"]): void => {
    line = line.filter((other) => other !== job);
    end(job, ending);
  };
  const dueAt = (): number => (batch.length > 0 || line.length === 0 ? Infinity : Math.max(now, jobs[line[0]].arrivesAt + given.wait));
  const dropHeadsThatAreDue = (): void => {
    while (line.length > 0 && left[line[0]] && dueAt() === now) leaveLine(line[0], "dropped");
  };

  const start = (): void => {
    while (batch.length < given.size && line.length > 0) {
      const job = line.shift()!;
      if (left[job]) end(job, "dropped");
      else batch.push(job);
    }
    for (const job of batch) fates[job].startedAt = now;
    startedAt = now;
    const input = batch.reduce((sum, job) => sum + jobs[job].prompt, 0);
    const output = Math.max(...batch.map((job) => jobs[job].output));
    endsAt = now + (given.service + given.perAttempt * batch.length + given.perInputToken * input + given.perOutputToken * output);
  };
  const finish = (): void => {
    const seconds = now - startedAt;
    outcome.busySeconds += seconds;
    for (const job of batch) {
      if (left[job]) outcome.wastedSeconds += seconds / batch.length;
      fates[job].firstTokenAt = now;
      end(job, "finished");
    }
    [batch, endsAt] = [[], Infinity];
  };

  for (;;) {
    const external = events[0]?.at ?? Infinity;
    const internal = Math.min(endsAt, dueAt());
    if (external === Infinity && internal === Infinity) return outcome;
    // What comes from outside at the very moment of an end or a start was scheduled long before it, so it comes first.
    if (external <= internal) {
      const { at, kind, sequence: job } = events.shift()!;
      now = at;
      const waits = line.includes(job);
      if (kind === "arrive") line.push(job);
      else if (kind === "withdraw" && waits) leaveLine(job, "withdrawn");
      else if (kind === "leave" && fates[job].ending === "open") {
        left[job] = true;
        if (waits && onCancel === "abort") leaveLine(job, "dropped");
      }
    } else {
      now = internal;
      if (endsAt === now) finish();
      else {
        dropHeadsThatAreDue();
        if (dueAt() === now) start();
      }
    }
    if (batch.length === 0 && line.filter((job) => !left[job]).length >= given.size) start();
  }
}
