import { percent, shortDuration } from "../../base/format.ts";
import { PlanError } from "../../base/plan-error.ts";
import type { BatchSettings } from "../../serving/replica/continuous-batch.ts";
import type { CoefficientName } from "../../serving/replica/step-time.ts";
import type { Fit, FittedCoefficient } from "./fit.ts";

/** A coefficient whose standard error is larger than itself is not known; what it stands for may as well be nothing. */
const largestError = 1;

/** A part of a time that drowns in what a fit usually misses. */
const negligible = 0.02;

/** How it was said which coefficients are fitted, so that a hint can say it anew. */
export interface Choice {
  readonly flag: "fit" | "keep";
  /** As the flag names them; empty without one. */
  readonly named: readonly CoefficientName[];
}

export interface Evidence {
  /** The file, and what of it the fit has seen, for messages. */
  readonly file: string;
  readonly data: string;
  readonly engine: BatchSettings;
  readonly choice: Choice | undefined;
  /** What the data lack, where that is plain to see. */
  readonly missing: (name: CoefficientName) => string | undefined;
}

/** @throws PlanError naming the coefficients that the data cannot tell, and what would be needed */
export function requireIdentified(fit: Fit, { file, data, engine, choice, missing }: Evidence): void {
  const vague = fit.coefficients.filter(({ standardError }) => standardError > largestError);
  if (vague.length === 0) return;
  const sentences = vague.map((coefficient) => {
    const why = missing(coefficient.name) ?? reason(coefficient);
    return `${data} cannot tell ${coefficient.name}: its standard error is ${size(coefficient.standardError)}, at most ${percent(largestError, 0)} is allowed; ${why}`;
  });
  const [first, ...others] = sentences as [string, ...string[]];
  throw new PlanError({
    code: "out-of-range",
    place: { file },
    message: first,
    others,
    hint: hintFor(vague, fit, engine, choice ?? { flag: "keep", named: [] }),
  });
}

/** The flag that leaves out what cannot be told, along with all that was left out before. */
function hintFor(vague: readonly FittedCoefficient[], { coefficients }: Fit, { stepTime }: BatchSettings, choice: Choice): string {
  const untold = vague.map(({ name }) => name);
  const told = coefficients.map(({ name }) => name).filter((name) => !untold.includes(name));
  const values = untold.map((name) => `${name} ${shortDuration(stepTime[name], 12)}`).join(", ");
  if (told.length === 0) {
    const others = choice.flag === "fit" ? `, or --keep ${untold.join(",")} in place of --fit, to fit others` : "";
    return `that would leave nothing to fit: measure at other loads and lengths${others}`;
  }
  const flag = choice.flag === "fit" ? `--fit ${told.join(",")}` : `--keep ${[...choice.named, ...untold].join(",")}`;
  return `${flag} takes what the base profile says: ${values}`;
}

function reason({ largestShare, standIn }: FittedCoefficient): string {
  const most = largestShare < 0.001 ? "next to nothing" : `at most ${percent(largestShare, 1)}`;
  if (largestShare < negligible) return `it makes ${most} of any time that was measured`;
  return standIn === undefined ? "its effect drowns in what chance does to the times" : `${standIn} can make up for whatever it is`;
}

function size(standardError: number): string {
  return standardError > 10 ? "more than 1000 %" : percent(standardError, 0);
}
