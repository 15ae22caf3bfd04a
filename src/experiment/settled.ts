import { remembering } from "./economics/remembering.ts";
import type { Plan } from "./plan.ts";
import { precise, type Precision, type PrecisionWanted } from "./precision.ts";
import type { Runner } from "./runner.ts";
import { type WarmUp, withWarmUp } from "./warm-up.ts";

/** How what the plans left open was settled; a part is absent where nothing was. */
export interface Settled {
  readonly warmUp?: WarmUp;
  readonly precision?: Precision;
}

/** Plans ready for any experiment, and a runner that has not forgotten what was simulated to settle them. */
interface Ready {
  readonly plans: readonly Plan[];
  readonly runner: Runner;
  readonly settled: Settled;
}

/**
 * The plans with a number where `warmup: auto` stood, and with as many replications as it takes.
 * @param wanted leaves the number of replications as it is unless given
 */
export async function settle(plans: readonly Plan[], runs: Runner, wanted?: PrecisionWanted): Promise<Ready> {
  const open = plans.some(({ decoded }) => decoded.warmup !== undefined);
  if (!open && wanted === undefined) return { plans, runner: runs, settled: {} };
  const runner = remembering(runs);
  const warm = open ? await withWarmUp(plans, runner) : { plans, warmUp: undefined };
  const warmUp = warm.warmUp === undefined ? {} : { warmUp: warm.warmUp };
  if (wanted === undefined) return { plans: warm.plans, runner, settled: warmUp };
  const { plans: ready, precision } = await precise(warm.plans, runner, wanted);
  return { plans: ready, runner, settled: { ...warmUp, precision } };
}
