import type { CommandModule } from "yargs";
import { explain } from "../../experiment/explain.ts";
import { experiment, type Finish } from "../experiment-command.ts";
import { assignmentsOf, type SimulationFlags, withFlags } from "../flags.ts";
import { openScenario } from "../scenario-file.ts";

interface Flags extends SimulationFlags {
  scenario: string;
  sensitivity: boolean;
}

export function explainCommand(words: readonly string[], finish: Finish): CommandModule<object, Flags> {
  return {
    command: "explain <scenario>",
    describe: "why a system misses what it misses: without each cause, and with each input changed",
    builder: (argv) =>
      withFlags(argv)
        .positional("scenario", { type: "string", demandOption: true, describe: "scenario file (YAML)" })
        .option("sensitivity", {
          type: "boolean",
          default: true,
          describe: "each input at 0.8 and 1.2 too; --no-sensitivity leaves that out, which takes most of the time",
        })
        .example("$0 explain models/scenarios/cold-start.yaml", "what cold starts cost, against all else"),
    async handler(flags) {
      const decoded = openScenario(flags.scenario, flags.map).decode(assignmentsOf(flags));
      const { sensitivity } = flags;
      await experiment([{ name: "base", values: [], decoded }], flags, words, finish, ([plan], runner, context) =>
        explain(plan, runner, context, { sensitivity }),
      );
    },
  };
}
