import type { CommandModule } from "yargs";
import { plural } from "../../base/format.ts";
import { jobsOf, onceEach, type SimulationFlags, simulationFlags } from "../flags.ts";
import { endingGently } from "../interruption.ts";
import { openRedisWorker } from "../redis/redis-worker.ts";
import { engineFingerprint } from "../tasks/engine-fingerprint.ts";

interface Flags extends Pick<SimulationFlags, "jobs" | "quiet"> {
  redis: string;
}

export function workerCommand(): CommandModule<object, Flags> {
  const { jobs, quiet } = simulationFlags;
  return {
    command: "worker",
    describe: "simulates replications for commands with --redis, on any number of machines",
    builder: (argv) =>
      argv
        .option("redis", {
          type: "string",
          demandOption: true,
          requiresArg: true,
          describe: "where the work is: redis://[:password@]host:6379",
        })
        .options({ jobs, quiet: { ...quiet, describe: "no lines at start and end" } })
        .check(onceEach)
        .example("$0 worker --redis redis://10.0.0.5:6379", "on each machine, all its cores"),
    async handler(flags) {
      const atOnce = jobsOf(flags);
      const worker = await openRedisWorker(flags.redis, atOnce);
      const told = endingGently();
      const say = (line: string): void => {
        if (!flags.quiet) process.stderr.write(`headroom worker: ${line}\n`);
      };
      say(`build ${engineFingerprint()} listens at ${worker.address}, ${plural(atOnce, "replication")} at a time`);
      await told;
      await worker.close();
      say(`stopped after ${plural(worker.simulated(), "replication")}`);
    },
  };
}
