import type { CommandModule } from "yargs";
import { simulate } from "../../experiment/simulate.ts";
import { assignmentsOf, type ShardFlags, shardFlags, type SimulationFlags, withFlags } from "../flags.ts";
import { experiment, type Finish } from "../experiment-command.ts";
import { type PrecisionFlags, withPrecision } from "../precision-flags.ts";
import { openScenario } from "../scenario-file.ts";
import { openRequestsFile } from "../requests-file.ts";

interface Flags extends SimulationFlags, ShardFlags, PrecisionFlags {
  scenario: string;
  requests: string | undefined;
}

export function simulateCommand(words: readonly string[], finish: Finish): CommandModule<object, Flags> {
  return {
    command: "simulate <scenario>",
    describe: "one system: verdict, table, report",
    builder: (argv) =>
      withPrecision(withFlags(argv))
        .options(shardFlags)
        .positional("scenario", { type: "string", demandOption: true, describe: "scenario file (YAML)" })
        .option("requests", {
          type: "string",
          requiresArg: true,
          describe: "write a CSV with one row per offered request of the first replication (those of the warm-up left out)",
        })
        .example("$0 simulate models/scenarios/launch.yaml --set pools.gpus.warm.size=2", "with two warm replicas"),
    async handler(flags) {
      const decoded = openScenario(flags.scenario, flags.map).decode(assignmentsOf(flags));
      const plans = [{ name: "base", values: [], decoded }];
      const requestsFile = flags.requests === undefined ? undefined : openRequestsFile(flags.requests, flags.out);
      if (requestsFile !== undefined) process.once("exit", requestsFile.discard);
      await experiment(plans, flags, words, finish, async ([plan], runner, context) => {
        const { result, requests } = await simulate(plan, runner, context, { requests: requestsFile !== undefined });
        if (requests !== undefined) requestsFile?.write(requests);
        return result;
      });
    },
  };
}
