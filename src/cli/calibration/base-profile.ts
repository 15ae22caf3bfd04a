import * as z from "zod";
import { nameHint } from "../../base/nearest.ts";
import { PlanError } from "../../base/plan-error.ts";
import { parseAssignment } from "../../experiment/axes.ts";
import type { CalibrationBase } from "../../experiment/calibration/calibration.ts";
import { derivedCoefficients, type Floors, usualCoefficients } from "../../experiment/calibration/coefficients.ts";
import { floorsOf } from "../../experiment/calibration/floors.ts";
import { type CoefficientName, coefficientNames } from "../../serving/replica/step-time.ts";
import { applyAssignments } from "../../scenario/document/assignments.ts";
import { mistakesOf } from "../../scenario/document/mistake.ts";
import { dotted, type Mapping } from "../../scenario/document/path.ts";
import { splitProfile } from "../../scenario/document/profiles.ts";
import { requestOf } from "../../scenario/engines/engine-floor.ts";
import { factsOf } from "../../scenario/engines/facts.ts";
import type { BatchSettings } from "../../serving/replica/continuous-batch.ts";
import { engineSettings, type EngineSettings } from "../../serving/replica/engine-settings.ts";
import { type Deployment, deploymentOf, isIssue } from "../../serving/roofline/deployment.ts";
import { openModels } from "../catalogue.ts";

/** The profile that a calibration starts from, and what its hardware could do at best. */
export interface BaseProfile {
  readonly name: string;
  /** datasheet, measured, fitted, derived or assumed. */
  readonly how: unknown;
  /** As the catalogue and `--set` write it. */
  readonly settings: Mapping;
  readonly engine: EngineSettings & BatchSettings;
  /** Undefined where the model or the GPU is not known. */
  readonly deployment: Deployment | undefined;
  readonly floors: Floors;
}

/** @throws PlanError when there is no such profile, or it is no LLM engine */
export function openBase(name: string, set: readonly string[]): BaseProfile {
  const catalogue = openModels();
  const found = catalogue.find("engines", name) as Mapping | undefined;
  if (found === undefined) {
    const message = `there is no profile \`${name}\` among the engines`;
    const refusal = catalogue.refusal?.("engines", name) ?? {
      code: "unknown-name",
      message,
      hint: nameHint(name, catalogue.names("engines")),
    };
    throw new PlanError({ ...refusal, path: "--engine" });
  }
  const { settings, about } = splitProfile(structuredClone(found));
  const assignments = set.map((text) => parseAssignment(text, "--set"));
  applyAssignments(settings, assignments, engineSettings, []);
  const decoded = z.safeDecode(engineSettings, settings);
  if (!decoded.success) {
    const [{ path, code, message, hint }] = mistakesOf(decoded.error.issues, settings, engineSettings);
    throw new PlanError({ code, path: `--engine ${name}: ${dotted(path)}`, message, hint });
  }
  const { stepTime, kvBlocks, ...rest } = decoded.data;
  if (stepTime === undefined || kvBlocks === undefined) {
    throw new PlanError({
      code: "wrong-type",
      path: "--engine",
      message: "has no iterations, so there is nothing to calibrate",
      value: name,
    });
  }
  const request = requestOf(name, decoded.data, factsOf(catalogue));
  const deployment = request === undefined || typeof request === "string" ? undefined : deploymentOf(request);
  const known = deployment === undefined || isIssue(deployment) ? undefined : deployment;
  const floors = known === undefined ? {} : floorsOf(known, stepTime);
  return { name, how: about["how"], settings, engine: { ...rest, stepTime, kvBlocks }, deployment: known, floors };
}

interface Choices {
  readonly fit: string | undefined;
  readonly keep: string | undefined;
  /** Whether there are rows of a benchmark: their prompts add next to nothing to any of their times. */
  readonly isBenchmark: boolean;
}

/** Which coefficients are fitted: those that are usual, less those to keep, or just those that are named. */
export function coefficientsToFit(base: BaseProfile, { fit, keep, isBenchmark }: Choices): Pick<CalibrationBase, "names" | "choice"> {
  const { engine, name } = base;
  if (fit !== undefined && keep !== undefined) {
    throw new PlanError({ code: "contradiction", path: "--keep", message: "goes without --fit: one says what the other leaves" });
  }
  const kept = named("--keep", keep);
  const usual = usualFor(base, isBenchmark).filter((one) => !kept.includes(one) && engine.stepTime[one] > 0);
  const wanted = fit === undefined ? usual : named("--fit", fit);
  const without = wanted.find((one) => !(engine.stepTime[one] > 0));
  if (without !== undefined) {
    const message = `a fit starts from a value above 0, and ${name} has ${engine.stepTime[without]} s`;
    throw new PlanError({ code: "out-of-range", path: "--fit", value: without, message, hint: `--set stepTime.${without}=10us` });
  }
  if (wanted.length === 0) throw new PlanError({ code: "bad-flag", path: "--keep", message: "leaves nothing to fit", value: keep });
  return { names: wanted, choice: fit === undefined ? { flag: "keep", named: kept } : { flag: "fit", named: wanted } };
}

function usualFor({ how, engine }: BaseProfile, isBenchmark: boolean): readonly CoefficientName[] {
  if (how !== "derived" || !(engine.stepTime.denseFloor > 0)) return usualCoefficients;
  return isBenchmark ? derivedCoefficients.filter((one) => one !== "promptOverhead") : derivedCoefficients;
}

function named(flag: string, list: string | undefined): CoefficientName[] {
  const names = list === undefined ? [] : list.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !(coefficientNames as readonly string[]).includes(name));
  if (unknown !== undefined) {
    const hint = nameHint(unknown, coefficientNames);
    throw new PlanError({ code: "unknown-name", path: flag, message: "names no coefficient that can be fitted", value: unknown, hint });
  }
  return [...new Set(names)] as CoefficientName[];
}
