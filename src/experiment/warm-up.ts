import { type Course, courseWindow } from "./course.ts";
import { mser5 } from "./mser.ts";
import { type Plan, simulatePlans } from "./plan.ts";
import type { Runner } from "./runner.ts";

/** How a warm-up was found that was asked to be found. */
export interface WarmUp {
  /** False where some class is not seen to become steady within the horizon: then half of it is cut. */
  readonly steady: boolean;
  /** Seconds of the windows that the mean times in the system are of; the warm-up is so many whole ones. */
  readonly window_s: number;
  /** The plan and the class that took longest to become steady. */
  readonly plan: string;
  readonly className: string;
}

interface Found extends WarmUp {
  readonly warmup: number;
}

/**
 * The plans with a warm-up of one length, as long as the slowest class of the slowest plan takes, so that they stay comparable. A pilot
 * of all replications without a warm-up gives the mean time that requests are in the system, by windows of arrival and over all
 * replications, which MSER-5 cuts. Their time rather than their number, which follows the traffic also where nobody waits.
 */
export async function withWarmUp(plans: readonly Plan[], runner: Runner): Promise<{ plans: Plan[]; warmUp: WarmUp }> {
  const pilots = plans.map((plan) => withWarmUpOf(plan, 0));
  const simulated = await simulatePlans(pilots, runner, { latencies: "with caches", course: true });
  const found = simulated.flatMap(({ plan, replications }) =>
    foundIn(
      plan,
      replications.map(({ course }) => course!),
    ),
  );
  const { warmup, ...warmUp } = found.reduce((a, b) => (b.warmup > a.warmup || (b.warmup === a.warmup && !b.steady) ? b : a));
  return { plans: plans.map((plan) => withWarmUpOf(plan, warmup)), warmUp };
}

function withWarmUpOf(plan: Plan, warmup: number): Plan {
  const { warmup: _, ...decoded } = plan.decoded;
  return { ...plan, decoded: { ...decoded, scenario: { ...decoded.scenario, warmup } } };
}

/** From so large a share in flight at the end on, those of a window that ended are the quick ones, which make a growing line look like a shrinking one. */
const manyUnfinished = 0.05;

/** One for each class. Windows of which nothing ended in any replication are passed over, and the last of which much did not are left out. */
function foundIn({ name, decoded: { scenario } }: Plan, courses: readonly Course[]): Found[] {
  const { horizon, traffic } = scenario;
  const window_s = courseWindow(horizon);
  return Object.keys(traffic).map((className, nth) => {
    const own = courses.map((course) => course[nth]);
    const total = (column: keyof Course[number], i: number): number => own.reduce((sum, one) => sum + one[column][i], 0);
    const windows = own[0].ended.map((_, i) => {
      const ended = total("ended", i);
      return { i, ended, unfinished: total("unfinished", i), mean: total("seconds", i) / ended };
    });
    const known = windows.findLastIndex(({ ended, unfinished }) => ended > 0 && unfinished <= manyUnfinished * (ended + unfinished)) + 1;
    const seen = windows.slice(0, known).filter(({ ended }) => ended > 0);
    const cut = mser5(seen.map(({ mean }) => mean));
    const warmup = cut === undefined ? horizon / 2 : cut === 0 ? 0 : (seen[cut - 1].i + 1) * window_s;
    // A gap may lie before what is left, so that more than half of the time would be cut.
    const steady = cut !== undefined && warmup <= horizon / 2;
    return { warmup: steady ? warmup : horizon / 2, steady, window_s, plan: name, className };
  });
}
