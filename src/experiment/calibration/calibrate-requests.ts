import { percent } from "../../base/format.ts";
import { type Calibration, type CalibrationBase, heldOutError } from "./calibration.ts";
import { errorsOf, requestPairs } from "./errors.ts";
import { fitCoefficients } from "./fit.ts";
import { requireIdentified } from "./identifiability.ts";
import type { MeasuredRequest } from "./measurements.ts";
import { requestTarget } from "./request-target.ts";

/**
 * Fits an engine to the requests that came first and scores it on the rest. All are replayed, since requests share batches: the rest are
 * known to the fit as load and not by their times.
 * @param requests in order of arrival
 * @param holdOut the share that is held out, above 0 and below 1
 * @throws PlanError when the requests cannot tell a coefficient
 */
export function calibrateRequests(requests: readonly MeasuredRequest[], base: CalibrationBase, holdOut: number): Calibration {
  const fitted = Math.max(1, Math.min(requests.length - 1, Math.round(requests.length * (1 - holdOut))));
  const { engine, names, floors, file, choice } = base;
  const fit = fitCoefficients(engine, names, requestTarget(requests, fitted, engine), floors);
  requireIdentified(fit, { file, data: `the first ${fitted} requests`, engine, choice, missing: () => undefined });
  const pairs = requestPairs(requests, fit.engine);
  const parts = [
    { name: `first ${fitted} requests, fitted`, heldOut: false, errors: errorsOf(pairs.slice(0, fitted)) },
    { name: `last ${requests.length - fitted} requests, held out`, heldOut: true, errors: errorsOf(pairs.slice(fitted)) },
  ];
  const method =
    `robust least squares on log TPOT and log TTFT of the first ${fitted} of ${requests.length} requests, all replayed; ` +
    `the last ${percent((requests.length - fitted) / requests.length, 0)} in time only scored`;
  return { engine: fit.engine, coefficients: fit.coefficients, parts, error: heldOutError(parts), method };
}
