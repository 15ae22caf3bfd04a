import type { Simulated } from "../plan.ts";
import type { Point } from "../result.ts";
import { firstStepOf, type Multiples } from "./multiples.ts";
import { scoutedBreak, type Scouted } from "./scouted-break.ts";

/** One multiple of the traffic, simulated. */
export interface Trial {
  readonly step: number;
  readonly multiple: number;
  readonly simulated: Simulated;
  readonly point: Point;
  /** Whether requests of every class with an objective came in every replication. */
  readonly heard: boolean;
}

/** What a multiple may be asked, from the strictest question to the mildest: who answers one with yes answers the next so too. */
export const questions = {
  surelyMet: ({ point }: Trial): boolean => point.verdict === "met",
  keptByMeans: ({ point, heard }: Trial): boolean => heard && point.margin.mean >= 0,
  notSurelyMissed: ({ point }: Trial): boolean => point.verdict !== "missed",
};

type Question = (trial: Trial) => boolean;

/** The ends around the factor are searched for no more finely than to this part of their distance from it. */
const endsTo = 4;

/**
 * Tries multiples until it is known where each question is first answered with no: to the grid's resolution where the SLO breaks by the
 * means, and the ends around it as finely as their distance from it deserves. The first replication alone tells where to begin; from
 * there all replications are tried in growing steps, and then in halves.
 * @returns all trials, by rising multiple
 */
export async function searchBreak(grid: Multiples, attempt: (step: number) => Promise<Trial>, scouted: Scouted): Promise<Trial[]> {
  const tried = new Map<number, Trial>();
  const attemptOnce = async (step: number): Promise<Trial> => {
    const trial = tried.get(step) ?? (await attempt(step));
    tried.set(step, trial);
    return trial;
  };
  await attemptOnce(0);
  const start = await scoutedBreak(grid, scouted);
  const climb = async (goOn: (trial: Trial) => boolean, sign: 1 | -1): Promise<void> => {
    const end = sign === 1 ? grid.largest : grid.least;
    let step = start;
    for (let away = firstStepOf(grid); goOn(await attemptOnce(step)) && step !== end; away *= 2) {
      step = sign * Math.min(sign * end, sign * start + away);
    }
  };
  await climb(questions.notSurelyMissed, 1);
  await climb((trial) => !questions.surelyMet(trial) && trial.heard, -1);
  for (;;) {
    const trials = [...tried.values()].toSorted((a, b) => a.step - b.step);
    const gap = widestLeft(trials);
    if (gap === undefined) return trials;
    await attemptOnce(Math.floor((gap.from + gap.to) / 2));
  }
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** A gap between the last yes and the first no that is still too wide; that of the means first, which those of the ends go by. */
function widestLeft(trials: readonly Trial[]): Gap | undefined {
  const [low, middle, high] = [questions.surelyMet, questions.keptByMeans, questions.notSurelyMissed].map((question) =>
    gapAt(trials, question),
  );
  const finely = (gap: Gap | undefined, distance: number): boolean =>
    gap === undefined || gap.to - gap.from <= Math.max(1, Math.floor(distance / endsTo));
  if (!finely(middle, 0)) return middle;
  if (!finely(low, middle === undefined || low === undefined ? 0 : middle.from - low.from)) return low;
  return finely(high, middle === undefined || high === undefined ? 0 : high.to - middle.to) ? undefined : high;
}

function gapAt(trials: readonly Trial[], question: Question): Gap | undefined {
  const { last, first } = breakOf(trials, question);
  return last === undefined || first === undefined ? undefined : { from: last.step, to: first.step };
}

/**
 * The last trial before a question is first answered with no, and that at which it is; undefined where there is none. Less traffic may
 * do worse, so that what comes before the first trial that keeps the SLO does not count, as far as there is one.
 */
export function breakOf(trials: readonly Trial[], question: Question): { last: Trial | undefined; first: Trial | undefined } {
  const from = keptFrom(trials);
  const no = trials.findIndex((trial, i) => i >= from && !question(trial));
  if (no === -1) return { last: trials.at(-1), first: undefined };
  return { last: no === from ? undefined : trials[no - 1], first: trials[no] };
}

/** Place of the first trial that keeps the SLO, surely if there is one; 0 where none does. */
function keptFrom(trials: readonly Trial[]): number {
  const surely = trials.findIndex(questions.surelyMet);
  return Math.max(0, surely === -1 ? trials.findIndex(questions.keptByMeans) : surely);
}

/** Where the budget left by the means runs out, on the straight line between its last trial and the first beyond; null where it does not. */
export function factorOf(trials: readonly Trial[]): number | null {
  const { last, first } = breakOf(trials, questions.keptByMeans);
  if (last === undefined || first === undefined) return null;
  const [left, over] = [last.point.margin.mean, -first.point.margin.mean];
  return last.multiple + ((first.multiple - last.multiple) * left) / (left + over);
}
