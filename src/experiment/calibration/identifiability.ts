import { percent } from "../../base/format.ts";
import { PlanError } from "../../base/plan-error.ts";
import { duration, formatQuantity } from "../../base/units.ts";
import type { BatchSettings } from "../../serving/continuous-batch.ts";
import type { CoefficientName } from "./coefficients.ts";
import type { Fit, FittedCoefficient } from "./fit.ts";

/** A coefficient whose standard error is larger than itself is not known; what it stands for may as well be nothing. */
const largestError = 1;

/** Two coefficients that stand in for one another nearly perfectly, and a part of the time that is next to nothing. */
const inseparable = 0.9;
const negligible = 0.05;

export interface Evidence {
  /** The file, and what of it the fit has seen, for messages. */
  readonly file: string;
  readonly data: string;
  readonly engine: BatchSettings;
  /** What the data lack, where that is plain to see. */
  missing(name: CoefficientName): string | undefined;
}

/** @throws PlanError naming the coefficients that the data cannot tell, and what would be needed */
export function requireIdentified(fit: Fit, { file, data, engine, missing }: Evidence): void {
  const vague = fit.coefficients.filter(({ standardError }) => standardError > largestError);
  if (vague.length === 0) return;
  const sentences = vague.map((coefficient) => {
    const why = missing(coefficient.name) ?? reason(coefficient, fit);
    return `${data} cannot tell ${coefficient.name}: its standard error is ${size(coefficient.standardError)}, at most ${percent(largestError, 0)} is allowed; ${why}`;
  });
  const [first, ...others] = sentences as [string, ...string[]];
  const kept = vague.map(({ name }) => `${name} ${formatQuantity(duration, engine.stepTime[name])}`).join(", ");
  throw new PlanError({
    code: "out-of-range",
    place: { file },
    message: first,
    others,
    hint: `--keep ${vague.map(({ name }) => name).join(",")} takes what the base profile says: ${kept}`,
  });
}

function reason(coefficient: FittedCoefficient, fit: Fit): string {
  const at = fit.coefficients.indexOf(coefficient);
  const rival = fit.coefficients.find((_, other) => other !== at && Math.abs(fit.correlation(at, other)) > inseparable);
  if (coefficient.largestShare < negligible) {
    return `it makes at most ${percent(coefficient.largestShare, 1)} of any time that was measured`;
  }
  if (rival !== undefined) return `${rival.name} can stand in for it`;
  return "other coefficients make up for whatever it is";
}

function size(standardError: number): string {
  return standardError > 10 ? "more than 1000 %" : percent(standardError, 0);
}
