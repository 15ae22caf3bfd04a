import type { Context } from "../experiment/assemble.ts";
import { type Plan, requireComparable } from "../experiment/plan.ts";
import type { Result } from "../experiment/result.ts";
import { inlineRunner, type Runner } from "../experiment/runner.ts";
import { hasThreads, workerPool } from "../experiment/worker-pool.ts";
import { PlanError } from "../base/plan-error.ts";
import type { SimulationFlags } from "./flags.ts";
import { startProgress } from "./progress.ts";
import { commandLine } from "./quote.ts";
import { exitCodes } from "./exit-codes.ts";
import { openRunFolder } from "./run-folder.ts";
import { readTraces, requireMapUsed } from "./scenario-file.ts";
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

/**
 * What all commands that simulate have in common: traces, threads, progress, output, exit code.
 * @param plansOfPoints once it is carried out, where the plans of its points are not those given
 */
export async function experiment(
  plans: readonly Plan[],
  flags: SimulationFlags,
  words: readonly string[],
  finish: Finish,
  carryOut: (plans: readonly Plan[], runner: Runner, context: Context) => Promise<Result>,
  plansOfPoints: () => readonly Plan[] = () => plans,
): Promise<void> {
  if (!(Number.isInteger(flags.jobs) && flags.jobs >= 1)) {
    throw new PlanError({ code: "bad-flag", path: "--jobs", message: "must be a whole number, at least 1", value: String(flags.jobs) });
  }
  requireComparable(plans);
  requireMapUsed(
    flags.map,
    plans.map(({ decoded }) => decoded),
  );
  const traces = readTraces(plans.map(({ decoded }) => decoded));
  const runFolder = flags.out === undefined ? undefined : openRunFolder(flags.out);
  if (runFolder !== undefined) process.once("exit", runFolder.discard);
  const context = { version, command: commandLine(["headroom", ...effective(words)]), traces };
  const pool = hasThreads ? workerPool(traces, flags.jobs) : undefined;
  const progress = startProgress(flags.quiet);
  let result: Result;
  try {
    result = await carryOut(plans, progress.counted(pool ?? inlineRunner(traces)), context);
  } finally {
    progress.stop();
    await pool?.close();
  }
  await runFolder?.write(result, plansOfPoints());
  printResult(result, flags);
  if (flags["fail-on-slo"] && missed(result)) finish(exitCodes.sloMissed);
}

/** No system meets the SLO, and at least one is sure to miss it. */
function missed({ points }: Result): boolean {
  return points.every(({ verdict }) => verdict !== "met") && points.some(({ verdict }) => verdict === "missed");
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
