import { availableParallelism } from "node:os";
import type { Argv, InferredOptionTypes, Options } from "yargs";
import { PlanError } from "../base/plan-error.ts";
import { parseAssignment } from "../experiment/axes.ts";
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
  out: { type: "string", requiresArg: true, describe: "write a run folder: result, series, charts and page" },
  json: { type: "boolean", default: false, describe: "print the result as one JSON document" },
  jobs: {
    type: "number",
    requiresArg: true,
    default: availableParallelism(),
    defaultDescription: "all cores",
    describe: "replications simulated at the same time",
  },
  quiet: { type: "boolean", default: false, describe: "no progress" },
  color: { type: "boolean", default: true, describe: "colours (also off with NO_COLOR)" },
  "fail-on-slo": { type: "boolean", default: false, describe: "exit with 99 when no system meets its SLO and one is sure to miss it" },
} as const satisfies Record<string, Options>;

export type SimulationFlags = InferredOptionTypes<typeof simulationFlags>;

/** Without arrays being greedy, `--set a=1 b.yaml` would take the file for a setting. */
export function withFlags<T>(argv: Argv<T>): Argv<T & SimulationFlags> {
  return argv.parserConfiguration({ "greedy-arrays": false }).options(simulationFlags).check(onceEach) as unknown as Argv<
    T & SimulationFlags
  >;
}

/** Flags that may be given several times. */
const repeatable = new Set(["set", "vary", "variant", "where", "scenarios", "_"]);

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
