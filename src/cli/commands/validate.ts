import type { CommandModule } from "yargs";
import { plural } from "../../base/format.ts";
import { titleOf } from "../../scenario/document/profiles.ts";
import { assignmentsOf, onceEach, type SimulationFlags, simulationFlags } from "../flags.ts";
import { openScenario, readTraces, requireMapUsed } from "../scenario-file.ts";

type Flags = Pick<SimulationFlags, "set" | "map"> & { scenario: string };

export function validateCommand(): CommandModule<object, Flags> {
  return {
    command: "validate <scenario>",
    describe: "schema and sense, with hints; nothing is simulated",
    builder: (argv) =>
      argv
        .parserConfiguration({ "greedy-arrays": false })
        .positional("scenario", { type: "string", demandOption: true, describe: "scenario file (YAML)" })
        .option("set", simulationFlags.set)
        .option("map", simulationFlags.map)
        .check(onceEach),
    handler({ scenario: file, set, map }) {
      const decoded = openScenario(file, map).decode(assignmentsOf({ set } as SimulationFlags));
      requireMapUsed(map, [decoded]);
      const traces = readTraces([decoded]);
      const { scenario, profiles } = decoded;
      const lines = [`${file} is valid: ${scenario.name}`];
      for (const [key, trace] of traces) lines.push(`  trace ${key}: ${plural(trace.count, "request")} in ${Math.round(trace.duration)} s`);
      for (const use of profiles) lines.push(`  ${use.path}: ${titleOf(use)} (${use.how}; ${use.source})`);
      process.stdout.write(`${lines.join("\n")}\n`);
    },
  };
}
