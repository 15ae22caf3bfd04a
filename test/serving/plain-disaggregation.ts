/**
 * One replica that reads, links, and one replica that decodes, one stage after the other: nothing of a later stage acts back on
 * an earlier one, so each is worked out to its end before the next begins. Shares no code with `src/serving/prefill`.
 */
import type { BatchSettings } from "../../src/serving/replica/continuous-batch.ts";
import { type Fate, type Job, type Outcome, runPlainEngine } from "./replica/plain-engine.ts";

/** Seconds, tokens and bytes; `maxWait` Infinity for ever. */
export interface PlainStage {
  readonly engine: BatchSettings;
  readonly onCancel: "finish" | "abort";
  readonly maxWait: number;
}

export interface PlainLinks {
  readonly bytesPerToken: number;
  readonly bandwidth: number;
  readonly latency: number;
  readonly links: number;
}

export interface PlainResult {
  /** Who was withdrawn was shed. */
  readonly fates: Pick<Fate, "firstTokenAt" | "endedAt" | "ending">[];
  readonly readers: Outcome;
  readonly writers: Outcome;
  /** Time of the readers for those whose clients left, then or later. */
  readonly wastedReading: number;
  /** How many clients left on the link or in its line. */
  readonly leftInTransfer: number;
  readonly waitedForLink: number;
}

/** @param jobs in order of arrival */
export function runPlainDisaggregation(jobs: readonly Job[], readers: PlainStage, writers: PlainStage, links: PlainLinks): PlainResult {
  const asked = jobs.map((job): Job => ({ ...job, output: 1, withdrawnAt: job.arrivesAt + readers.maxWait }));
  const read = runPlainEngine(asked, readers.engine, readers.onCancel);
  const fates = read.fates.map(({ firstTokenAt, endedAt, ending }) => ({ firstTokenAt, endedAt, ending }));

  const goOn = jobs
    .map((job, index) => ({ job, index, ready: fates[index].endedAt }))
    .filter(({ job, index }) => fates[index].ending === "finished" && job.output > 1);
  const staying = goOn.filter(({ job, index, ready }) => {
    if (job.leavesAt > ready) return true;
    fates[index].ending = "dropped";
    return false;
  });

  staying.sort((a, b) => a.ready - b.ready || a.index - b.index);
  const freeAt = Array.from({ length: links.links }, () => 0);
  let waitedForLink = 0;
  const delivered: { job: Job; index: number }[] = [];
  for (const { job, index, ready } of staying) {
    const link = freeAt.indexOf(Math.min(...freeAt));
    const start = Math.max(ready, freeAt[link]);
    if (start > ready) waitedForLink++;
    const sent = start + (job.prompt * links.bytesPerToken) / links.bandwidth;
    const arrivesAt = sent + links.latency;
    const aborts = writers.onCancel === "abort";
    if (job.leavesAt > start) freeAt[link] = aborts ? Math.min(sent, job.leavesAt) : sent;
    if (job.leavesAt > arrivesAt) {
      delivered.push({ index, job: { ...job, arrivesAt, received: true, withdrawnAt: arrivesAt + writers.maxWait } });
    } else {
      const dropped = aborts ? job.leavesAt : job.leavesAt > start ? arrivesAt : start;
      Object.assign(fates[index], { ending: "dropped", endedAt: dropped });
    }
  }

  delivered.sort((a, b) => a.job.arrivesAt - b.job.arrivesAt);
  const written = runPlainEngine(
    delivered.map(({ job }) => job),
    writers.engine,
    writers.onCancel,
  );
  delivered.forEach(({ index }, i) => {
    const { endedAt, ending } = written.fates[i];
    Object.assign(fates[index], { endedAt, ending });
  });

  // Who leaves later may as well have left when the reading ended: nothing else changes, and the waste is counted there.
  const inVain = asked.map((job, index): Job => {
    const { endedAt, ending } = read.fates[index];
    const leftLater = ending === "finished" && job.leavesAt > endedAt && job.leavesAt <= fates[index].endedAt;
    return leftLater ? Object.assign({}, job, { leavesAt: endedAt }) : job;
  });
  const wastedReading = runPlainEngine(inVain, readers.engine, readers.onCancel).wastedSeconds;
  return { fates, readers: read, writers: written, wastedReading, leftInTransfer: staying.length - delivered.length, waitedForLink };
}
