import { badShard } from "./bad-shard.ts";
import type { Shard } from "./shard.ts";

/** A scheduler that starts many processes of one command and tells each in its environment which of them it is. */
interface Scheduler {
  readonly name: string;
  /** The variable that it sets in each process. */
  readonly sets: string;
  /** Which shard the process is; how many there are where the scheduler tells it. */
  readonly shard: (read: (variable: string) => number | undefined) => { readonly index: number; readonly count: number | undefined };
}

const schedulers: readonly Scheduler[] = [
  {
    // https://slurm.schedmd.com/job_array.html
    name: "Slurm",
    sets: "SLURM_ARRAY_TASK_ID",
    shard: (read) => {
      const [id, least = 0, step = 1] = [read("SLURM_ARRAY_TASK_ID") ?? 0, read("SLURM_ARRAY_TASK_MIN"), read("SLURM_ARRAY_TASK_STEP")];
      return { index: (id - least) / step + 1, count: read("SLURM_ARRAY_TASK_COUNT") };
    },
  },
  {
    // https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
    name: "AWS Batch",
    sets: "AWS_BATCH_JOB_ARRAY_INDEX",
    shard: (read) => ({ index: (read("AWS_BATCH_JOB_ARRAY_INDEX") ?? 0) + 1, count: read("AWS_BATCH_JOB_ARRAY_SIZE") }),
  },
  {
    // https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static
    name: "Kubernetes",
    sets: "JOB_COMPLETION_INDEX",
    shard: (read) => ({ index: (read("JOB_COMPLETION_INDEX") ?? 0) + 1, count: undefined }),
  },
];

/**
 * @param count how many shards the user says there are
 * @throws PlanError when no scheduler has started this process, or it and the user do not agree
 */
export function shardOfScheduler(flag: string, count: number | undefined, environment: NodeJS.ProcessEnv): Shard {
  const scheduler = schedulers.find(({ sets }) => (environment[sets] ?? "") !== "");
  if (scheduler === undefined) {
    const message = `finds none of ${schedulers.map(({ sets }) => sets).join(", ")} in the environment`;
    throw badShard(flag, message, "say which of how many: --shard 2/4");
  }
  const { name } = scheduler;
  const told = scheduler.shard((variable) => wholeNumber(flag, variable, environment[variable]));
  if (told.count === undefined && count === undefined) {
    throw badShard(flag, `cannot tell how many shards there are: ${name} does not say`, "say it: --shard auto/4");
  }
  if (told.count !== undefined && count !== undefined && told.count !== count) {
    throw badShard(flag, `does not fit: ${name} runs ${told.count} at once`, "to repeat single shards, say which: --shard 2/4");
  }
  const shard = { index: told.index, count: told.count ?? count ?? 1 };
  if (Number.isInteger(shard.index) && shard.index >= 1 && shard.index <= shard.count) return shard;
  throw badShard(
    flag,
    `finds number ${shard.index} of ${shard.count} in the environment of ${name}`,
    "give the array numbers without gaps",
  );
}

function wholeNumber(flag: string, variable: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw badShard(flag, `finds ${variable}=${text} in the environment, which is no number`, "say which of how many: --shard 2/4");
}
