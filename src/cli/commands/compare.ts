import type { CommandModule } from "yargs";
import { PlanError } from "../../base/plan-error.ts";
import { parseAssignment } from "../../experiment/axes.ts";
import { compare } from "../../experiment/compare.ts";
import type { Plan } from "../../experiment/plan.ts";
import type { Assignment } from "../../scenario/document/assignments.ts";
import { experiment, type Finish } from "../experiment-command.ts";
import { assignmentsOf, type ShardFlags, shardFlags, type SimulationFlags, withFlags } from "../flags.ts";
import { type PrecisionFlags, withPrecision } from "../precision-flags.ts";
import { openScenario } from "../scenario-file.ts";

interface Flags extends SimulationFlags, ShardFlags, PrecisionFlags {
  scenarios: string[];
  variant: string[];
}

export function compareCommand(words: readonly string[], finish: Finish): CommandModule<object, Flags> {
  return {
    command: "compare <scenarios..>",
    describe: "paired differences between systems under common random numbers",
    builder: (argv) =>
      withPrecision(withFlags(argv))
        .options(shardFlags)
        .positional("scenarios", { type: "string", array: true, demandOption: true, describe: "scenario files, or one with --variant" })
        .option("variant", {
          type: "string",
          array: true,
          requiresArg: true,
          default: [] as string[],
          describe: "the one scenario with settings changed: path=value, several joined by ; and a name: in front if wanted (repeatable)",
        })
        .example("$0 compare models/scenarios/launch.yaml --variant pools.gpus.warm.size=0", "what the warm pool is worth"),
    async handler(flags) {
      const plans = flags.variant.length > 0 ? variantPlans(flags) : filePlans(flags);
      await experiment(plans, flags, words, finish, (settled, runner, context) => compare(settled, runner, context));
    },
  };
}

function filePlans(flags: Flags): Plan[] {
  if (flags.scenarios.length < 2) {
    const hint = "name a second file, or change settings of this one with --variant pools.gpus.warm.size=0";
    throw new PlanError({ code: "bad-flag", message: "there is only one system to compare", hint });
  }
  return flags.scenarios.map((file, i) => {
    const before = flags.scenarios.slice(0, i).filter((other) => other === file).length;
    const name = before === 0 ? file : `${file} (${before + 1})`;
    return { name, values: [], decoded: openScenario(file, flags.map).decode(assignmentsOf(flags)) };
  });
}

function variantPlans(flags: Flags): Plan[] {
  if (flags.scenarios.length > 1) {
    throw new PlanError({ code: "bad-flag", path: "--variant", message: "goes with one scenario file", value: flags.scenarios.join(" ") });
  }
  const file = openScenario(flags.scenarios[0], flags.map);
  const base = assignmentsOf(flags);
  const variants = flags.variant.map(parseVariant);
  const names = variants.map(({ name, assignments }) => {
    return name ?? assignments.map(({ path, value }) => `${belowName(path)}=${value}`).join("; ");
  });
  const short = new Set(names).size === names.length;
  const changed = variants.map(({ name, assignments, changes }, i) => {
    return { name: name ?? (short ? names[i] : changes), values: [], decoded: file.decode([...base, ...assignments]) };
  });
  const plans = [{ name: unchanged, values: [], decoded: file.decode(base) }, ...changed];
  requireApart(plans.map(({ name }) => name));
  return plans;
}

const unchanged = "base";

interface Variant {
  /** As given in front; undefined where the changes stand for it. */
  readonly name: string | undefined;
  readonly changes: string;
  readonly assignments: readonly Assignment[];
}

/** `path=value; path=value`, or the same behind a name and a colon, which no path has before its `=`. */
function parseVariant(text: string): Variant {
  const colon = text.indexOf(":");
  const isNamed = colon !== -1 && colon < text.indexOf("=");
  const name = isNamed ? text.slice(0, colon).trim() : undefined;
  const changes = (isNamed ? text.slice(colon + 1) : text).trim();
  if (name === "") {
    throw new PlanError({
      code: "bad-flag",
      path: "--variant",
      message: "has no name before its colon",
      value: text,
      hint: "name: path=value",
    });
  }
  return { name, changes, assignments: changes.split(";").map((part) => parseAssignment(part.trim(), "--variant")) };
}

function requireApart(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  const message = twice === unchanged ? `\`${unchanged}\` is the scenario as it stands` : `two systems are called \`${twice}\``;
  throw new PlanError({ code: "bad-flag", path: "--variant", message, hint: "give each a name of its own: --variant 'name: path=value'" });
}

/** A path without the pool's or class's name in front: `pools.gpus.warm.size` is "warm.size". */
function belowName(path: string): string {
  const parts = path.split(".");
  return (parts.length > 2 ? parts.slice(2) : parts).join(".");
}
