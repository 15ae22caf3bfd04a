import type { CommandModule } from "yargs";
import { distinct, parseAxis } from "../../experiment/axes.ts";
import { sweep } from "../../experiment/sweep.ts";
import { experiment, type Finish } from "../experiment-command.ts";
import { plansOf } from "../grid-plans.ts";
import { assignmentsOf, type ShardFlags, shardFlags, type SimulationFlags, withFlags } from "../flags.ts";
import { type PrecisionFlags, withPrecision } from "../precision-flags.ts";
import { openScenario } from "../scenario-file.ts";

interface Flags extends SimulationFlags, ShardFlags, PrecisionFlags {
  scenario: string;
  vary: string[];
}

export function sweepCommand(words: readonly string[], finish: Finish): CommandModule<object, Flags> {
  return {
    command: "sweep <scenario>",
    describe: "a grid of plans: decision table, frontier and heat map",
    builder: (argv) =>
      withPrecision(withFlags(argv))
        .options(shardFlags)
        .positional("scenario", { type: "string", demandOption: true, describe: "scenario file (YAML)" })
        .option("vary", {
          type: "string",
          array: true,
          demandOption: true,
          requiresArg: true,
          describe: "an axis of the grid: path=a,b,c or path=0..6 (repeatable)",
        })
        .example("$0 sweep models/scenarios/launch.yaml --vary pools.gpus.warm.size=0..3", "how much warm capacity pays"),
    async handler(flags) {
      const axes = distinct(flags.vary.map(parseAxis));
      const file = openScenario(flags.scenario, flags.map);
      const plans = plansOf(file, axes, assignmentsOf(flags));
      await experiment(plans, flags, words, finish, (settled, runner, context) => sweep(settled, axes, runner, context));
    },
  };
}
