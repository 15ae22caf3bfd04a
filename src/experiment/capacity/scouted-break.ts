import { firstStepOf, type Multiples } from "./multiples.ts";

/** Budget left at a multiple in the first replication alone; undefined where it says nothing, since a class had no request. */
export type Scouted = (step: number) => Promise<number | undefined>;

/**
 * About where the first replication breaks the SLO: the last step that it keeps, to within the first step that is taken from there. By
 * doubling from 1, halving where that is missed, and then bisection. Where it keeps none that was tried, the one that comes nearest.
 */
export async function scoutedBreak(grid: Multiples, scouted: Scouted): Promise<number> {
  const left = new Map<number, number | undefined>();
  const budget = async (step: number): Promise<number | undefined> => {
    if (!left.has(step)) left.set(step, await scouted(step));
    return left.get(step);
  };
  const keeps = async (step: number): Promise<boolean> => ((await budget(step)) ?? -1) >= 0;
  const doubled = (step: number): number => Math.min(grid.largest, step + grid.octave);
  let kept = await keptNear(grid, budget);
  if (kept === undefined) return nearest(left);
  let broken = doubled(kept);
  while (broken > kept && (await keeps(broken))) {
    kept = broken;
    broken = doubled(broken);
  }
  while (broken - kept > firstStepOf(grid)) {
    const middle = Math.floor((kept + broken) / 2);
    if (await keeps(middle)) kept = middle;
    else broken = middle;
  }
  return kept;
}

/** The first step that is kept of 1, its halves, and, where those do worse than it, its doubles: more traffic keeps some systems warm. */
async function keptNear({ octave, least, largest }: Multiples, budget: Scouted): Promise<number | undefined> {
  let [now, lowest]: (number | undefined)[] = [];
  for (let step = 0; step >= least; step -= octave) {
    const left = await budget(step);
    if (left === undefined) break;
    if (left >= 0) return step;
    now ??= left;
    lowest = left;
  }
  if (now === undefined || lowest === undefined || lowest >= now) return undefined;
  for (let step = octave; step < largest + octave; step += octave) {
    const tried = Math.min(step, largest);
    if (((await budget(tried)) ?? -1) >= 0) return tried;
  }
  return undefined;
}

/** Of equals the lowest. */
function nearest(left: ReadonlyMap<number, number | undefined>): number {
  const known = [...left].map(([step, budget]) => ({ step, budget: budget ?? -Infinity }));
  return known.reduce((a, b) => (b.budget > a.budget || (b.budget === a.budget && b.step < a.step) ? b : a)).step;
}
