import { shortDuration } from "../../base/format.ts";
import { PlanError } from "../../base/plan-error.ts";
import type { Deployment } from "../../serving/roofline/deployment.ts";
import { floorOf } from "../../serving/roofline/floor.ts";
import type { StepTimeSettings } from "../../serving/replica/step-time.ts";
import type { Calibration, CalibrationBase } from "./calibration.ts";
import { derivedCoefficients, type Floors } from "./coefficients.ts";

/** Where a fit stops because the hardware could do no better: the coefficients that nothing else can make up for. */
export function floorsOf(deployment: Deployment, { communicationPerToken, dense }: StepTimeSettings): Floors {
  const { perToken, perKvToken, perPair } = floorOf(deployment);
  const densePerToken = dense === undefined ? Math.max(0, perToken - communicationPerToken) : 0;
  return { densePerToken, perKvToken, perPrefillPair: perPair };
}

/** What makes most of an iteration and of a prompt, and has no floor that stops it. */
const dominant = ["denseFloor", "promptOverhead"] as const;

/** @throws PlanError when all coefficients end at their floors: the hardware has spoken then, and not what was measured */
export function requireAboveFloors({ coefficients }: Calibration, { engine: { stepTime }, file, choice }: CalibrationBase): void {
  if (coefficients.some(({ atFloor }) => !atFloor)) return;
  const names = coefficients.map(({ name }) => name).join(", ");
  const rest = dominant.filter((name) => stepTime[name] > 0).map((name) => `${name} ${shortDuration(stepTime[name], 12)}`);
  const why =
    rest.length === 0 ? "" : `, while ${rest.join(" and ")} of the base ${rest.length === 1 ? "is" : "are"} not fitted and may be too long`;
  const others = derivedCoefficients.filter((name) => stepTime[name] > 0);
  throw new PlanError({
    code: "out-of-range",
    place: { file },
    message: `nothing is fitted: ${names} ${coefficients.length === 1 ? "ends" : "all end"} at the hardware's floor${why}`,
    hint: `--fit ${others.join(",")}${choice?.flag === "keep" && choice.named.length > 0 ? " in place of --keep" : ""}`,
  });
}
