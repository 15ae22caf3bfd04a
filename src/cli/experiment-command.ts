import { type Context, hashOf } from "../experiment/assemble.ts";
import { type Plan, requireComparable, tasksOf } from "../experiment/plan.ts";
import type { Result } from "../experiment/result.ts";
import type { Runner } from "../experiment/runner.ts";
import { settle } from "../experiment/settled.ts";
import { openBackend } from "./backend.ts";
import { exitCodes } from "./exit-codes.ts";
import { checkFlags, effectiveWords, jobsOf, type ShardFlags, type SimulationFlags } from "./flags.ts";
import { onInterruption } from "./interruption.ts";
import { type PrecisionFlags, precisionWanted } from "./precision-flags.ts";
import { printResult } from "./print.ts";
import { startProgress } from "./progress.ts";
import { commandLine } from "./quote.ts";
import { openRunFolder } from "./run-folder.ts";
import { readTraces, requireMapUsed } from "./scenario-file.ts";
import { engineFingerprint } from "./tasks/engine-fingerprint.ts";
import { type KeptWork, openKeptWork } from "./tasks/kept-work.ts";
import type { Manifest } from "./tasks/manifest.ts";
import { parseShard, partOf, type Shard, shardText } from "./tasks/shard.ts";
import { type TaskIds, taskIds } from "./tasks/task-id.ts";
import { version } from "./version.ts";

/** Tells how the command ended, when not simply done. */
export type Finish = (code: number) => void;

/**
 * What all commands that simulate have in common: traces, threads, progress, what is kept, output, exit code.
 * @param plansOfPoints once it is carried out, where the plans of its points are not those given
 */
export async function experiment(
  plans: readonly Plan[],
  flags: SimulationFlags & Partial<ShardFlags & PrecisionFlags> & { readonly requests?: string | undefined },
  words: readonly string[],
  finish: Finish,
  carryOut: (plans: readonly Plan[], runner: Runner, context: Context) => Promise<Result>,
  plansOfPoints?: () => readonly Plan[],
): Promise<void> {
  checkFlags(flags);
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard, process.env);
  const decoded = plans.map((plan) => plan.decoded);
  requireComparable(plans);
  const wanted = precisionWanted(flags, plans);
  requireMapUsed(flags.map, decoded);
  const traces = readTraces(decoded);
  const command = effectiveWords(words);
  const context = { version, command: commandLine(["headroom", ...command]), traces };
  const idOf = taskIds(traces);
  const { out } = flags;
  const keeping = out === undefined ? undefined : openKeeping(out, flags, manifestOf(plans, context, command, shard), idOf);
  const backend = await openBackend(traces, jobsOf(flags), flags.redis, idOf);
  const progress = startProgress(flags.quiet);
  const forget = onInterruption(async () => {
    progress.stop();
    process.stderr.write(`headroom: interrupted: ${whatIsKept(keeping?.work, flags, words)}\n`);
    await backend.withdraw?.();
  });
  const runner = progress.counted(keeping?.work.over(backend) ?? backend);
  let ready: Awaited<ReturnType<typeof settle>>;
  let result: Result | undefined;
  try {
    ready = await settle(plans, runner, wanted);
    if (shard === undefined) result = await carryOut(ready.plans, ready.runner, { ...context, settled: ready.settled });
    else await carryOutShard(ready.plans, ready.runner, idOf, shard, out ?? "");
  } finally {
    progress.stop();
    await backend.close();
  }
  keeping?.work.tell();
  keeping?.work.tidy();
  if (result === undefined) keeping?.runFolder.writeShard(keeping.manifest);
  else await keeping?.runFolder.write(result, plansOfPoints?.() ?? ready.plans, keeping.manifest);
  forget();
  if (result === undefined) return;
  printResult(result, flags);
  if (flags["fail-on-slo"] && missed(result)) finish(exitCodes.sloMissed);
}

function manifestOf(plans: readonly Plan[], { traces }: Context, command: readonly string[], shard: Shard | undefined): Manifest {
  const scenarioHash = hashOf(plans, traces);
  return {
    schema: "headroom/run/1",
    version,
    engine: engineFingerprint(),
    command,
    scenarioHash,
    ...(shard === undefined ? {} : { shard }),
  };
}

function openKeeping(out: string, { resume, "tasks-of": from }: SimulationFlags, manifest: Manifest, idOf: TaskIds) {
  const runFolder = openRunFolder(out);
  process.once("exit", runFolder.discard);
  return { runFolder, manifest, work: openKeptWork({ out, resume, from }, manifest, idOf) };
}

/** Of the tasks that are known beforehand, those that fall to a shard; equal ones count once. */
async function carryOutShard(plans: readonly Plan[], runner: Runner, idOf: TaskIds, shard: Shard, out: string): Promise<void> {
  const all = [
    ...new Map(tasksOf(plans, { latencies: "with caches" }).flatMap((tasks) => tasks.map((task) => [idOf(task), task] as const))).values(),
  ];
  const own = partOf(all, shard);
  await Promise.all(own.map((task) => runner.run(task)));
  const join = "join them with headroom merge, the folders of all shards, and --out";
  process.stdout.write(`shard ${shardText(shard)}: ${own.length} of ${all.length} replications are in ${out}; ${join}\n`);
}

function whatIsKept(work: KeptWork | undefined, { out, redis, "tasks-of": from }: SimulationFlags, words: readonly string[]): string {
  const kept = work?.kept() ?? 0;
  if (out !== undefined && kept > 0) {
    const command = from.length === 0 ? words.filter((word) => !/^--resume(=|$)/.test(word)) : ["merge", ...from, "--out", out];
    const again = commandLine(["headroom", ...command, "--resume"]);
    return `${kept === 1 ? "1 replication is" : `${kept} replications are`} kept in ${out}; go on with ${again}`;
  }
  if (redis !== undefined) return "what workers have simulated is in Redis for a day, where the same command finds it";
  if (out !== undefined) return "no replication was finished, so nothing is kept";
  return "nothing is kept; with --out DIR finished replications would be";
}

/** No system meets the SLO, and at least one is sure to miss it. */
function missed({ points }: Result): boolean {
  return points.every(({ verdict }) => verdict !== "met") && points.some(({ verdict }) => verdict === "missed");
}
