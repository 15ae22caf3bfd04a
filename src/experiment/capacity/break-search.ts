import type { Simulated } from "../plan.ts";
import type { Point } from "../result.ts";
import type { Multiples } from "./multiples.ts";

/** One multiple of the traffic, simulated. */
export interface Trial {
  readonly step: number;
  readonly multiple: number;
  readonly simulated: Simulated;
  readonly point: Point;
}

/** What a multiple may be asked, from the strictest question to the mildest: who answers one with yes answers the next so too. */
export const questions = {
  surelyMet: ({ point }: Trial): boolean => point.verdict === "met",
  keptByMeans: ({ point }: Trial): boolean => point.margin.mean >= 0,
  notSurelyMissed: ({ point }: Trial): boolean => point.verdict !== "missed",
};

type Question = (trial: Trial) => boolean;

/**
 * Tries multiples until it is known, to the grid's resolution, where each question is first answered with no: doubling and halving from 1,
 * then bisection, in which the questions share what was tried.
 * @returns all trials, by rising multiple
 */
export async function searchBreak({ octave, least, largest }: Multiples, attempt: (step: number) => Promise<Trial>): Promise<Trial[]> {
  const tried = new Map<number, Trial>();
  const attemptOnce = async (step: number): Promise<Trial> => {
    const trial = tried.get(step) ?? (await attempt(step));
    tried.set(step, trial);
    return trial;
  };
  const climbed = () => [...tried.values()].toSorted((a, b) => a.step - b.step);
  let step = 0;
  while (questions.notSurelyMissed(await attemptOnce(step)) && step < largest) step = Math.min(step + octave, largest);
  step = 0;
  while (!questions.surelyMet(await attemptOnce(step)) && step > least) step -= octave;
  for (;;) {
    const trials = climbed();
    const gap = Object.values(questions)
      .map((question) => breakOf(trials, question))
      .find(({ last, first }) => last !== undefined && first !== undefined && first.step - last.step > 1);
    if (gap === undefined) return trials;
    await attemptOnce(Math.floor((gap.last!.step + gap.first!.step) / 2));
  }
}

/** The last trial before a question is first answered with no, and that at which it is; undefined where there is none. */
export function breakOf(trials: readonly Trial[], question: Question): { last: Trial | undefined; first: Trial | undefined } {
  const no = trials.findIndex((trial) => !question(trial));
  return no === -1 ? { last: trials.at(-1), first: undefined } : { last: trials[no - 1], first: trials[no] };
}

/** Where the budget left by the means runs out, on the straight line between its last trial and the first beyond; null where it does not. */
export function factorOf(trials: readonly Trial[]): number | null {
  const { last, first } = breakOf(trials, questions.keptByMeans);
  if (last === undefined || first === undefined) return null;
  const [left, over] = [last.point.margin.mean, -first.point.margin.mean];
  return last.multiple + ((first.multiple - last.multiple) * left) / (left + over);
}
