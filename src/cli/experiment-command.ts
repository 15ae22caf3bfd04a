import type { Context } from "../experiment/assemble.ts";
import { type Plan, replicationCount } from "../experiment/plan.ts";
import type { Result } from "../experiment/result.ts";
import { inlineRunner, type Runner } from "../experiment/runner.ts";
import { hasThreads, workerPool } from "../experiment/worker-pool.ts";
import { PlanError } from "../base/plan-error.ts";
import type { SimulationFlags } from "./flags.ts";
import { startProgress } from "./progress.ts";
import { commandLine } from "./quote.ts";
import { exitCodes } from "./exit-codes.ts";
import { checkOut, writeRunFolder } from "./run-folder.ts";
import { readTraces } from "./scenario-file.ts";
import { printResult } from "./print.ts";
import { version } from "./version.ts";

/** Tells how the command ended, when not simply done. */
export type Finish = (code: number) => void;

/** Flags that do not change what comes out, each with the number of words it takes. */
const withoutEffect: Readonly<Record<string, number>> = {
  "--out": 1,
  "--json": 0,
  "--jobs": 1,
  "--quiet": 0,
  "--no-color": 0,
  "--fail-on-slo": 0,
  "--requests": 1,
};

/** What all commands that simulate have in common: traces, threads, progress, output, exit code. */
export async function experiment(
  plans: readonly Plan[],
  flags: SimulationFlags,
  words: readonly string[],
  finish: Finish,
  carryOut: (runner: Runner, context: Context, progress: () => void) => Promise<Result>,
): Promise<void> {
  if (!(Number.isInteger(flags.jobs) && flags.jobs >= 1)) {
    throw new PlanError({ code: "bad-flag", path: "--jobs", message: "must be a whole number, at least 1", value: String(flags.jobs) });
  }
  if (flags.out !== undefined) checkOut(flags.out);
  const traces = readTraces(plans.map(({ decoded }) => decoded));
  const context = { version, command: commandLine(["headroom", ...effective(words)]), traces };
  const total = replicationCount(plans);
  const threads = Math.min(flags.jobs, total);
  const pool = threads > 1 && hasThreads ? workerPool(traces, threads) : undefined;
  const progress = startProgress(total, flags.quiet);
  let result: Result;
  try {
    result = await carryOut(pool ?? inlineRunner(traces), context, progress.step);
  } finally {
    progress.stop();
    await pool?.close();
  }
  if (flags.out !== undefined) await writeRunFolder(flags.out, result, plans);
  printResult(result, flags);
  if (flags["fail-on-slo"] && missed(result)) finish(exitCodes.sloMissed);
}

/** One system misses an objective; of several, not one is sure to meet them all. */
function missed({ kind, points, best }: Result): boolean {
  return kind === "simulate" ? points[0].verdict === "missed" : best === undefined;
}

function effective(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const flag = word.split("=")[0];
    const taken = withoutEffect[flag];
    if (taken === undefined) kept.push(word);
    else if (!word.includes("=")) i += taken;
  }
  return kept;
}
