import type { CommandModule } from "yargs";
import { PlanError } from "../../base/plan-error.ts";
import { onceEach, type SimulationFlags, simulationFlags } from "../flags.ts";
import { commandLine } from "../quote.ts";
import { mergeable } from "../tasks/mergeable.ts";
import { shardText } from "../tasks/shard.ts";

interface Flags extends Pick<SimulationFlags, "json" | "jobs" | "quiet" | "color" | "fail-on-slo" | "redis" | "resume"> {
  folders: string[];
  out: string;
  requests: string | undefined;
}

/** @param again carries out a command line, which takes what the folders hold instead of simulating it */
export function mergeCommand(again: (words: readonly string[]) => Promise<void>): CommandModule<object, Flags> {
  const { out, json, jobs, quiet, color, redis, resume } = simulationFlags;
  return {
    command: "merge <folders..>",
    describe: "joins the folders of all shards into the run that one process would have made",
    builder: (argv) =>
      argv
        .parserConfiguration({ "greedy-arrays": false })
        .positional("folders", { type: "string", array: true, demandOption: true, describe: "run folders of the shards" })
        .options({ json, jobs, quiet, color, redis, resume, "fail-on-slo": simulationFlags["fail-on-slo"] })
        .option("out", { ...out, demandOption: true })
        .option("requests", { type: "string", requiresArg: true, describe: "of headroom simulate: write its CSV of requests" })
        .check(onceEach)
        .example("$0 merge shard-1 shard-2 shard-3 --out report", "the result of three machines"),
    async handler(flags) {
      const { command, missing } = mergeable(flags.folders);
      if (missing.length > 0) {
        const shards = `shard${missing.length === 1 ? "" : "s"} ${missing.map(shardText).join(", ")}`;
        process.stderr.write(`headroom: ${shards} ${missing.length === 1 ? "is" : "are"} missing and simulated now\n`);
      }
      try {
        await again([...outputFlags(flags), ...command]);
      } catch (error) {
        if (!(error instanceof PlanError) || error.details.code !== "missing-file") throw error;
        const hint = `merge repeats ${commandLine(["headroom", ...command])}: say it where the shards were started`;
        throw new PlanError({ ...error.details, hint });
      }
    },
  };
}

/** Flags with their values in one word each, so that they can stand in front of any command. */
function outputFlags(flags: Flags): string[] {
  const switches = (["json", "quiet", "fail-on-slo", "resume"] as const).filter((name) => flags[name]);
  const values = (["out", "jobs", "redis", "requests"] as const).filter((name) => flags[name] !== undefined);
  return [
    ...flags.folders.map((folder) => `--tasks-of=${folder}`),
    ...switches.map((name) => `--${name}=true`),
    ...values.map((name) => `--${name}=${flags[name]}`),
    ...(flags.color ? [] : ["--no-color"]),
  ];
}
