import type { Argv, InferredOptionTypes, Options } from "yargs";
import { PlanError } from "../base/plan-error.ts";
import * as units from "../base/units.ts";
import type { Plan } from "../experiment/plan.ts";
import type { PrecisionWanted } from "../experiment/precision.ts";

/** Flags of commands that add replications until their numbers are precise. */
const precisionFlags = {
  precision: {
    type: "string",
    requiresArg: true,
    describe: "add replications until cost, goodput and latencies are known to within this share of their means, such as 5%",
  },
  "max-replications": { type: "string", requiresArg: true, describe: "no more replications than this for --precision (default 64)" },
} as const satisfies Record<string, Options>;

export type PrecisionFlags = InferredOptionTypes<typeof precisionFlags>;

export function withPrecision<T>(argv: Argv<T>): Argv<T & PrecisionFlags> {
  return argv.options(precisionFlags) as unknown as Argv<T & PrecisionFlags>;
}

const mostUnlessGiven = 64;
/** As many as a scenario may have. */
const mostEver = 1000;

/**
 * What the flags ask for; undefined without them.
 * @throws PlanError when they are not a share and a count, and when the plans have more replications already
 */
export function precisionWanted(
  { precision, "max-replications": most, requests }: Partial<PrecisionFlags> & { readonly requests?: string | undefined },
  [{ decoded }]: readonly Plan[],
): PrecisionWanted | undefined {
  if (precision === undefined && most === undefined) return undefined;
  if (precision === undefined) throw refused("--max-replications", "is for --precision, which is not given", most);
  const share = units.parseQuantity(units.share, precision);
  if (share === undefined || !(share > 0 && share < 1)) {
    throw refused("--precision", "must be a share above 0 % and below 100 %", precision, "write it like 5%, 0.05");
  }
  const mostReplications = most === undefined ? mostUnlessGiven : units.parseQuantity(units.count, most);
  const isCount = mostReplications !== undefined && Number.isInteger(mostReplications);
  if (!isCount || mostReplications < 2 || mostReplications > mostEver) {
    throw refused("--max-replications", `must be a whole number from 2 to ${mostEver}`, most);
  }
  const { replications } = decoded.scenario;
  if (mostReplications < replications) {
    const already = `is fewer than the ${replications} replications that there are already`;
    throw refused("--max-replications", already, String(mostReplications), `--max-replications ${replications}, or fewer --replications`);
  }
  return { share, mostReplications, requests: requests !== undefined };
}

function refused(path: string, message: string, value: string | undefined, hint?: string): PlanError {
  return new PlanError({ code: "bad-flag", path, message, value, hint });
}
