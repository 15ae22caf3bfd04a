import type { CommandModule } from "yargs";
import { PlanError } from "../../base/plan-error.ts";
import { distinct, parseAxis } from "../../experiment/axes.ts";
import { forecast } from "../../experiment/forecast.ts";
import { assignmentsOf, type SimulationFlags, withFlags } from "../flags.ts";
import { experiment, type Finish } from "../experiment-command.ts";
import { plansOf } from "../grid-plans.ts";
import { openScenario } from "../scenario-file.ts";

interface Flags extends SimulationFlags {
  scenario: string;
  months: number;
  vary: string[];
}

/** Nothing grows alike for longer. */
const mostMonths = 120;

export function forecastCommand(words: readonly string[], finish: Finish): CommandModule<object, Flags> {
  return {
    command: "forecast <scenario>",
    describe: "drift month by month: when it breaks, what it costs, and the next plan that holds",
    builder: (argv) =>
      withFlags(argv)
        .positional("scenario", { type: "string", demandOption: true, describe: "scenario file (YAML) with drift" })
        .option("months", { type: "number", requiresArg: true, default: 12, describe: "how far to look ahead" })
        .option("vary", {
          type: "string",
          array: true,
          requiresArg: true,
          default: [] as string[],
          describe: "plans to choose from in the month that breaks: path=a,b,c or path=0..6 (repeatable); else more replicas are tried",
        })
        .example("$0 forecast models/scenarios/growth.yaml", "how long the system holds, and what then"),
    async handler(flags) {
      const { months } = flags;
      if (!(Number.isInteger(months) && months >= 1 && months <= mostMonths)) {
        const message = `must be a whole number from 1 to ${mostMonths}`;
        throw new PlanError({ code: "bad-flag", path: "--months", message, value: String(months) });
      }
      const file = openScenario(flags.scenario, flags.map);
      const assignments = assignmentsOf(flags);
      const base = { name: "base", values: [], decoded: file.decode(assignments) };
      const candidates = flags.vary.length === 0 ? [] : plansOf(file, distinct(flags.vary.map(parseAxis)), assignments);
      await experiment([base, ...candidates], flags, words, finish, ([plan, ...others], runner, context) =>
        forecast(plan, others, months, runner, context),
      );
    },
  };
}
