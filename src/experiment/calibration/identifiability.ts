import { percent } from "../../base/format.ts";
import { PlanError } from "../../base/plan-error.ts";
import type { BatchSettings } from "../../serving/continuous-batch.ts";
import { type CoefficientName, durationText } from "./coefficients.ts";
import type { Fit, FittedCoefficient } from "./fit.ts";

/** A coefficient whose standard error is larger than itself is not known; what it stands for may as well be nothing. */
const largestError = 1;

/** A part of a time that drowns in what a fit usually misses. */
const negligible = 0.02;

export interface Evidence {
  /** The file, and what of it the fit has seen, for messages. */
  readonly file: string;
  readonly data: string;
  readonly engine: BatchSettings;
  /** What the data lack, where that is plain to see. */
  readonly missing: (name: CoefficientName) => string | undefined;
}

/** @throws PlanError naming the coefficients that the data cannot tell, and what would be needed */
export function requireIdentified(fit: Fit, { file, data, engine, missing }: Evidence): void {
  const vague = fit.coefficients.filter(({ standardError }) => standardError > largestError);
  if (vague.length === 0) return;
  const sentences = vague.map((coefficient) => {
    const why = missing(coefficient.name) ?? reason(coefficient);
    return `${data} cannot tell ${coefficient.name}: its standard error is ${size(coefficient.standardError)}, at most ${percent(largestError, 0)} is allowed; ${why}`;
  });
  const [first, ...others] = sentences as [string, ...string[]];
  const kept = vague.map(({ name }) => `${name} ${durationText(engine.stepTime[name])}`).join(", ");
  throw new PlanError({
    code: "out-of-range",
    place: { file },
    message: first,
    others,
    hint: `--keep ${vague.map(({ name }) => name).join(",")} takes what the base profile says: ${kept}`,
  });
}

function reason({ largestShare, standIn }: FittedCoefficient): string {
  const most = largestShare < 0.001 ? "next to nothing" : `at most ${percent(largestShare, 1)}`;
  if (largestShare < negligible) return `it makes ${most} of any time that was measured`;
  return standIn === undefined ? "its effect drowns in what chance does to the times" : `${standIn} can make up for whatever it is`;
}

function size(standardError: number): string {
  return standardError > 10 ? "more than 1000 %" : percent(standardError, 0);
}
