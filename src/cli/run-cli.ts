import yargs from "yargs";
import { PlanError } from "../base/plan-error.ts";
import { calibrateCommand } from "./commands/calibrate.ts";
import { capacityCommand } from "./commands/capacity.ts";
import { compareCommand } from "./commands/compare.ts";
import { explainCommand } from "./commands/explain.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Finish } from "./experiment-command.ts";
import { endOnSignals } from "./interruption.ts";
import { mergeCommand } from "./commands/merge.ts";
import { workerCommand } from "./commands/worker.ts";
import { forecastCommand } from "./commands/forecast.ts";
import { modelsCommand } from "./commands/models.ts";
import { optimizeCommand } from "./commands/optimize.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { validateCommand } from "./commands/validate.ts";
import { version } from "./version.ts";

/** Carries out one command line and returns its exit code; messages go to stderr. */
export async function runCli(words: readonly string[]): Promise<number> {
  endOnSignals();
  let code: number = exitCodes.done;
  const finish = (ended: number): void => {
    code = ended;
  };
  try {
    await carryOut(words, finish);
    return code;
  } catch (error) {
    return report(error);
  }
}

async function carryOut(words: readonly string[], finish: Finish): Promise<void> {
  await yargs()
    .scriptName("headroom")
    .usage("$0 <command>\n\nCapacity and cost planning for systems that run on large language models.")
    .command(simulateCommand(words, finish))
    .command(compareCommand(words, finish))
    .command(sweepCommand(words, finish))
    .command(optimizeCommand(words, finish))
    .command(capacityCommand(words, finish))
    .command(forecastCommand(words, finish))
    .command(explainCommand(words, finish))
    .command(mergeCommand((again) => carryOut(again, finish)))
    .command(workerCommand())
    .command(calibrateCommand())
    .command(modelsCommand())
    .command(validateCommand())
    .demandCommand(1, "say what to do")
    .strict()
    .recommendCommands()
    .version(version)
    .help()
    .alias("help", "h")
    .wrap(100)
    .exitProcess(false)
    .fail((message, error) => {
      // What a command has thrown comes through here too; only yargs' own complaints are about the words.
      if (error instanceof Error && error.name !== "YError") throw error;
      const hint = "headroom --help, or headroom <command> --help";
      throw new PlanError({ code: "bad-flag", message: uncapitalised(error?.message ?? message), hint });
    })
    .parseAsync(words as string[]);
}

function report(error: unknown): number {
  if (error instanceof PlanError) {
    process.stderr.write(`headroom: ${error.message}\n`);
    return exitCodes.usersMistake;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`headroom: this is a bug of ours, not of your scenario:\n${stack}\n`);
  return exitCodes.bug;
}

function uncapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
