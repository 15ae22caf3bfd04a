import type { StepTimeSettings } from "../../../src/serving/replica/step-time.ts";

/** Iterations that take no time: what a test does not name. */
export const noTime: StepTimeSettings = {
  overhead: 0,
  denseFloor: 0,
  denseBase: 0,
  densePerToken: 0,
  expertsFloor: 0,
  expertShare: 1,
  perSequence: 0,
  perKvToken: 0,
  perPrefillPair: 0,
  promptOverhead: 0,
  communication: 0,
  communicationPerToken: 0,
};
