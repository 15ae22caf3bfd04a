import { stringify } from "yaml";
import { percent, shortDuration } from "../../base/format.ts";
import { PlanError } from "../../base/plan-error.ts";
import type { Calibration } from "../../experiment/calibration/calibration.ts";
import { isMapping, type Mapping } from "../../scenario/document/path.ts";
import { beatsFloor } from "../../serving/roofline/floor.ts";
import type { BaseProfile } from "./base-profile.ts";

/** Where a profile comes from: the file that was measured, and what of it counts. */
export interface Provenance {
  readonly file: string;
  readonly hash: string;
  /** "300 requests". */
  readonly content: string;
  /** YYYY-MM-DD. */
  readonly asOf: string;
}

/**
 * The fitted engine as YAML that can stand in a scenario's `engine:` and, under a name, in models/engines.
 * @param name under which it stands as a file of models/engines; undefined for the profile alone
 */
export function calibratedProfile(calibration: Calibration, base: BaseProfile, from: Provenance, name: string | undefined): string {
  const { file, hash, content, asOf } = from;
  const profile: Mapping = {
    how: "fitted",
    source: `${file} (sha256 ${hash}), ${content}`,
    asOf,
    notes: `${notes(calibration, base)}.`,
    error: errorOf(calibration),
    ...base.settings,
    stepTime: stepTimeText(calibration, base),
  };
  return stringify(name === undefined ? profile : { profiles: { [name]: profile } }, { lineWidth: 140 });
}

/** @throws PlanError when the fitted engine as a whole promises more than its hardware can do */
export function requireWithinHardware({ engine }: Calibration, { deployment, name }: BaseProfile): void {
  if (deployment === undefined) return;
  const [first, ...others] = beatsFloor(engine.stepTime, engine.kvBlocks, deployment, engine.blockSize).map(({ message }) => message);
  if (first === undefined) return;
  throw new PlanError({
    code: "out-of-range",
    path: "--engine",
    message: `the fitted profile is refused: ${first}`,
    others,
    hint: `no engine beats its hardware: is ${name} the model and the GPU that were measured, and are the units right?`,
  });
}

function notes({ coefficients, method }: Calibration, { name, engine, settings }: BaseProfile): string {
  const fitted = coefficients.map((coefficient) => {
    const known = coefficient.atFloor ? "at the hardware's floor" : `± ${percent(coefficient.standardError, 0)}`;
    return `${coefficient.name} ${known}`;
  });
  const written = isMapping(settings["stepTime"]) ? Object.keys(settings["stepTime"]) : [];
  const kept = written.filter((key) => key in engine.stepTime && !coefficients.some((one) => one.name === key));
  const rest = kept.length === 0 ? "" : `; ${kept.join(", ")} and all limits are those of ${name}`;
  return `${method}. Fitted, with standard errors: ${fitted.join(", ")}${rest}`;
}

function errorOf({ error, parts }: Calibration): Mapping {
  const sentences = parts
    .filter(({ heldOut }) => heldOut)
    .map(({ name, errors }) => {
      const kinds = (["tpot", "ttft", "total"] as const).flatMap((kind) => {
        const one = errors[kind];
        const mean =
          errors.total === undefined ? `worst ${percent(one?.worst ?? NaN, 1)}` : `mean off by ${percent(Math.abs(one?.ofMean ?? NaN), 1)}`;
        return one === undefined ? [] : [`${kind === "total" ? kind : kind.toUpperCase()} median ${percent(one.median, 1)}, ${mean}`];
      });
      return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${kinds.join("; ")}`;
    });
  const tpot = Number.isNaN(error.tpot) ? {} : { tpot: shareText(error.tpot) };
  return { ...tpot, ttft: shareText(error.ttft), text: sentences.join(". ") };
}

/** To a tenth of a per cent, rounded as the text beside it is, and never none at all. */
function shareText(share: number): string {
  return `${Math.max(0.1, Number((share * 100).toFixed(1))).toFixed(1)}%`;
}

/** The base's step time with the fitted coefficients in its place, in the unit that reads best. */
function stepTimeText({ coefficients }: Calibration, { settings }: BaseProfile): Mapping {
  const fitted = Object.fromEntries(coefficients.map(({ name, value }) => [name, shortDuration(value, 12)]));
  return { ...(settings["stepTime"] as Mapping), ...fitted };
}
