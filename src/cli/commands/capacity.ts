import type { CommandModule } from "yargs";
import { PlanError } from "../../base/plan-error.ts";
import { parseQuantity, share } from "../../base/units.ts";
import { capacity } from "../../experiment/capacity.ts";
import { assignmentsOf, type SimulationFlags, withFlags } from "../flags.ts";
import { experiment, type Finish } from "../experiment-command.ts";
import { openScenario } from "../scenario-file.ts";

interface Flags extends SimulationFlags {
  scenario: string;
  "up-to": number;
  resolution: string;
}

/** Beyond it something else than traffic was surely meant. */
const mostTraffic = 1000;
const finest = 0.001;
const coarsest = 0.5;

export function capacityCommand(words: readonly string[], finish: Finish): CommandModule<object, Flags> {
  return {
    command: "capacity <scenario>",
    describe: "the headroom factor: the largest multiple of the traffic that keeps the SLO, and what breaks beyond it",
    builder: (argv) =>
      withFlags(argv)
        .positional("scenario", { type: "string", demandOption: true, describe: "scenario file (YAML)" })
        .option("up-to", { type: "number", requiresArg: true, default: 4, describe: "largest multiple of the traffic that is tried" })
        .option("resolution", { type: "string", requiresArg: true, default: "1%", describe: "share to which the factor is searched for" })
        .example("$0 capacity models/scenarios/launch.yaml", "how much more traffic the system takes"),
    async handler(flags) {
      const upTo = flags["up-to"];
      if (!(upTo > 1 && upTo <= mostTraffic)) throw badFlag("--up-to", String(upTo), `must be above 1, and at most ${mostTraffic}`);
      const resolution = parseQuantity(share, flags.resolution);
      if (resolution === undefined || !(resolution >= finest && resolution <= coarsest)) {
        throw badFlag("--resolution", flags.resolution, "must be a share from 0.1% to 50%");
      }
      const decoded = openScenario(flags.scenario, flags.map).decode(assignmentsOf(flags));
      const plans = [{ name: "base", values: [], decoded }];
      await experiment(plans, flags, words, finish, ([plan], runner, context) => capacity(plan, { upTo, resolution }, runner, context));
    },
  };
}

function badFlag(path: string, value: string, message: string): PlanError {
  return new PlanError({ code: "bad-flag", path, message, value });
}
