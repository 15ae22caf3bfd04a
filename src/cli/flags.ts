import { availableParallelism } from "node:os";
import type { Argv, InferredOptionTypes, Options } from "yargs";
import { PlanError } from "../base/plan-error.ts";
import { parseAssignment } from "../experiment/axes.ts";
import type { PrecisionFlags } from "./precision-flags.ts";
import type { Assignment } from "../scenario/document/assignments.ts";

/** Flags that every command which simulates has. */
export const simulationFlags = {
  set: { type: "string", array: true, requiresArg: true, describe: "change a setting: path=value (repeatable)", default: [] as string[] },
  map: {
    type: "string",
    requiresArg: true,
    describe: "columns of the traces that the scenario gives no map for: time=ts,input=prompt_tokens,output=completion_tokens",
  },
  seed: { type: "string", requiresArg: true, describe: "seed of all randomness" },
  replications: { type: "string", requiresArg: true, describe: "independent repetitions" },
  horizon: { type: "string", requiresArg: true, describe: "simulated time, such as 24h" },
  out: {
    type: "string",
    requiresArg: true,
    describe:
      "write a run folder: result, series, charts, page, and what each replication came to (a few kB, with response caches up to 4 bytes a request more)",
  },
  resume: { type: "boolean", default: false, describe: "go on with what an interrupted run has left in the folder of --out" },
  redis: {
    type: "string",
    requiresArg: true,
    describe: "have the replications simulated by `headroom worker`s, which find them in this Redis: redis://[:password@]host:6379",
  },
  "tasks-of": { type: "string", array: true, requiresArg: true, hidden: true, default: [] as string[] },
  json: { type: "boolean", default: false, describe: "print the result as one JSON document" },
  jobs: {
    type: "number",
    requiresArg: true,
    defaultDescription: "all cores",
    describe: "replications simulated at the same time",
  },
  quiet: { type: "boolean", default: false, describe: "no progress on stderr" },
  color: { type: "boolean", default: true, describe: "colours (also off with NO_COLOR)" },
  "fail-on-slo": { type: "boolean", default: false, describe: "exit with 99 when no system meets its SLO and one is sure to miss it" },
} as const satisfies Record<string, Options>;

export type SimulationFlags = InferredOptionTypes<typeof simulationFlags>;

/** Of commands whose replications are known beforehand. */
export const shardFlags = {
  shard: {
    type: "string",
    requiresArg: true,
    describe: "simulate only a part of the replications, for headroom merge: 2/4, or auto under Slurm, AWS Batch, Kubernetes (auto/4)",
  },
} as const satisfies Record<string, Options>;

export type ShardFlags = InferredOptionTypes<typeof shardFlags>;

/** Flags that do not change what comes out, each with the number of words it takes. */
const withoutEffect: Readonly<Record<string, number>> = {
  "--out": 1,
  "--resume": 0,
  "--shard": 1,
  "--redis": 1,
  "--tasks-of": 1,
  "--json": 0,
  "--jobs": 1,
  "--quiet": 0,
  "--no-color": 0,
  "--fail-on-slo": 0,
  "--requests": 1,
};

/** The words of a command but for flags that do not change what comes out. */
export function effectiveWords(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const flag = word.split("=")[0];
    const taken = withoutEffect[flag];
    if (taken === undefined) kept.push(word);
    else if (!word.includes("=")) i += taken;
  }
  return kept;
}

/** How many replications are simulated at the same time. */
export function jobsOf({ jobs = availableParallelism() }: Pick<SimulationFlags, "jobs">): number {
  if (Number.isInteger(jobs) && jobs >= 1) return jobs;
  throw new PlanError({ code: "bad-flag", path: "--jobs", message: "must be a whole number, at least 1", value: String(jobs) });
}

/** @throws PlanError when a flag has no sense, or makes none together with another */
export function checkFlags(
  flags: SimulationFlags & Partial<ShardFlags & Pick<PrecisionFlags, "precision">> & { readonly requests?: string | undefined },
): void {
  jobsOf(flags);
  if (flags.redis !== undefined && flags.jobs !== undefined) {
    const hint = "give it to headroom worker";
    throw new PlanError({ code: "bad-flag", path: "--jobs", message: "does not go with --redis, whose workers each have their own", hint });
  }
  if (flags.resume && flags.out === undefined) {
    const hint = "name the folder of the run that was interrupted: --out DIR --resume";
    throw new PlanError({ code: "bad-flag", path: "--resume", message: "goes with --out", hint });
  }
  if (flags.shard === undefined) return;
  if (flags.out === undefined) {
    const hint = "name the folder in which its replications are kept: --out DIR";
    throw new PlanError({ code: "bad-flag", path: "--shard", message: "goes with --out", hint });
  }
  if (flags.precision !== undefined) {
    const message = "does not go with --shard, which must know all replications beforehand";
    throw new PlanError({ code: "bad-flag", path: "--precision", message, hint: "give --replications instead, or --redis" });
  }
  const later = (["json", "fail-on-slo", "requests"] as const).find((flag) => flags[flag] !== undefined && flags[flag] !== false);
  if (later === undefined) return;
  const message = "does not go with --shard, which comes to no result";
  throw new PlanError({ code: "bad-flag", path: `--${later}`, message, hint: "give it to headroom merge" });
}

/** Without arrays being greedy, `--set a=1 b.yaml` would take the file for a setting. */
export function withFlags<T>(argv: Argv<T>): Argv<T & SimulationFlags> {
  return argv.parserConfiguration({ "greedy-arrays": false }).options(simulationFlags).check(onceEach) as unknown as Argv<
    T & SimulationFlags
  >;
}

/** Flags that may be given several times. */
const repeatable = new Set(["set", "vary", "variant", "where", "scenarios", "folders", "tasks-of", "tasksOf", "_"]);

/** Refuses a flag that is given several times and means one thing. */
export function onceEach(argv: Readonly<Record<string, unknown>>): true {
  const twice = Object.keys(argv).find((name) => Array.isArray(argv[name]) && !repeatable.has(name));
  if (twice !== undefined) throw new PlanError({ code: "bad-flag", path: `--${twice}`, message: "is given more than once" });
  return true;
}

/** What the flags change in the scenario, in the order in which it is applied: named flags win over `--set`. */
export function assignmentsOf(flags: SimulationFlags): Assignment[] {
  const named = (["seed", "replications", "horizon"] as const).flatMap((key) => {
    const value = flags[key];
    return value === undefined ? [] : [{ path: key, value, flag: `--${key}` }];
  });
  return [...flags.set.map((text) => parseAssignment(text, "--set")), ...named];
}
