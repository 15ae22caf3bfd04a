import type { Deployment } from "../../serving/roofline/deployment.ts";
import { floorOf } from "../../serving/roofline/floor.ts";
import type { StepTimeSettings } from "../../serving/step-time.ts";
import type { Floors } from "./coefficients.ts";

/** Where a fit stops because the hardware could do no better: the coefficients that nothing else can make up for. */
export function floorsOf(deployment: Deployment, { communicationPerToken, dense }: StepTimeSettings): Floors {
  const { perToken, perKvToken, perPair } = floorOf(deployment);
  const densePerToken = dense === undefined ? Math.max(0, perToken - communicationPerToken) : 0;
  return { densePerToken, perKvToken, perPrefillPair: perPair };
}
