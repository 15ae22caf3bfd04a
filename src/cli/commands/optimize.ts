import type { CommandModule } from "yargs";
import { plural, thousands } from "../../base/format.ts";
import { PlanError } from "../../base/plan-error.ts";
import { distinct, parseAxis } from "../../experiment/axes.ts";
import { optimize } from "../../experiment/optimize.ts";
import { Candidates, type Decode, probe } from "../../experiment/optimization/candidates.ts";
import { asWritten } from "../../experiment/optimization/demand-case.ts";
import { parseDemand } from "../../experiment/optimization/parse-demand.ts";
import type { Plan } from "../../experiment/plan.ts";
import type { Axis } from "../../experiment/result.ts";
import type { Assignment } from "../../scenario/document/assignments.ts";
import { experiment, type Finish } from "../experiment-command.ts";
import { assignmentsOf, type SimulationFlags, withFlags } from "../flags.ts";
import { openScenario } from "../scenario-file.ts";

interface Flags extends SimulationFlags {
  scenario: string;
  vary: string[];
  minimize: string;
  confidence: string;
  demand: string | undefined;
}

/** Most plans to choose from: they are neither decoded nor simulated all, but each is looked at. */
const mostPlans = 100_000;

export function optimizeCommand(words: readonly string[], finish: Finish): CommandModule<object, Flags> {
  return {
    command: "optimize <scenario>",
    describe: "the cheapest plan that keeps every SLO, with far fewer replications than its grid",
    builder: (argv) =>
      withFlags(argv)
        .positional("scenario", { type: "string", demandOption: true, describe: "scenario file (YAML)" })
        .option("vary", {
          type: "string",
          array: true,
          demandOption: true,
          requiresArg: true,
          describe: "what may be chosen: path=a,b,c or path=0..6 (repeatable)",
        })
        .option("minimize", { type: "string", choices: ["cost"], requiresArg: true, default: "cost", describe: "what is to be least" })
        .option("confidence", {
          type: "string",
          requiresArg: true,
          default: "99%",
          describe: "of the intervals by which it is asked a second time",
        })
        .option("demand", {
          type: "string",
          requiresArg: true,
          describe: "keep the SLO in every case: p50,p90 of the scenario's demand, multiples such as 1,1.5, or traces",
        })
        .example("$0 optimize models/scenarios/launch.yaml --vary pools.gpus.warm.size=0..4", "how much warm capacity to buy"),
    async handler(flags) {
      const axes = distinct(flags.vary.map(parseAxis));
      requireSearchable(axes);
      const confidence = confidenceOf(flags.confidence);
      const file = openScenario(flags.scenario, flags.map);
      const base = assignmentsOf(flags);
      // What a pilot has found where the scenario says warmup: auto.
      let warmup: readonly Assignment[] = [];
      const decode: Decode = (values, more = []) =>
        file.decode([...base, ...axes.map(({ path }, i) => ({ path, value: values[i], flag: "--vary" })), ...more, ...warmup]);
      const probes = probe(axes, decode);
      const possible = probes.flatMap(({ axis, decoded }, i): Plan[] =>
        decoded === undefined ? [] : [{ name: `${axes[axis].label} ${i}`, values: [], decoded }],
      );
      const [first] = possible;
      const cases = flags.demand === undefined ? [asWritten] : parseDemand(flags.demand, first.decoded.scenario);
      const traced = cases.flatMap((one): Plan[] =>
        one.assignments.length === 0 ? [] : [{ ...first, name: one.name, decoded: file.decode([...base, ...one.assignments]) }],
      );
      let plans: readonly Plan[] = possible;
      await experiment(
        [...possible, ...traced],
        flags,
        words,
        finish,
        (settled, runner, context) => {
          const found = settled[0].decoded.scenario.warmup;
          if (first.decoded.warmup !== undefined) warmup = [{ path: "warmup", value: `${found}s`, flag: "warmup: auto" }];
          const given = { candidates: new Candidates(axes, decode, probes), probes: settled.slice(0, possible.length), cases, confidence };
          return optimize(given, runner, context, (simulated) => {
            plans = simulated;
          });
        },
        () => plans,
      );
    },
  };
}

function requireSearchable(axes: readonly Axis[]): void {
  const plans = axes.reduce((product, { values }) => product * values.length, 1);
  if (plans <= mostPlans) return;
  const hint = `allowed: up to ${thousands(mostPlans)}; ${axes.map(({ path, values }) => `${path} has ${plural(values.length, "value")}`).join(", ")}`;
  throw new PlanError({ code: "bad-flag", path: "--vary", message: `asks for ${thousands(plans)} plans`, hint });
}

function confidenceOf(text: string): number {
  const given = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const share = given === null ? Number.NaN : Number(given[1]) / (given[2] === "%" ? 100 : 1);
  if (share >= 0.5 && share < 1) return share;
  const hint = "from 50% to below 100%, such as 99%";
  throw new PlanError({ code: "bad-flag", path: "--confidence", message: "must be a share", value: text, hint });
}
