/** What a chart of seconds by stage shows, in a sentence. */
import { seconds, thousands } from "../../../base/format.ts";
import { overlap } from "../../../experiment/interval-text.ts";
import type { Trouble } from "../../../experiment/retrieval-result.ts";
import type { Point, Result } from "../../../experiment/result.ts";
import { troubleWords } from "../../trouble-words.ts";
import { type Staged, type StageLine, weightedMean } from "./shown.ts";

/** A claim needs so many windows with a trouble and without, and so many times as long in the mean and in three windows of four. */
const fewestWindows = 3;
const leastTimes = 1.5;

/** Which store takes how many times as long during its trouble; else which stage takes longest, where one surely does. */
export function finding(result: Result, point: Point, classes: readonly Staged[]): string {
  const [worst] = classes.flatMap((one) => slowings(result, point, one)).toSorted((a, b) => b.times - a.times);
  if (worst === undefined) return longest(point, classes);
  const { className, store, trouble, inside, outside, times } = worst;
  const of = classes.length > 1 ? `${className}: ` : "";
  const factor = thousands(times, times < 9.95 ? 1 : 0);
  return `${of}${store} takes ${factor} times as long during its ${during[trouble]}: ${seconds(inside)} instead of ${seconds(outside)}`;
}

const during: Readonly<Record<Trouble, string>> = { ...troubleWords, memory: "shortage of memory" };

interface Slowing {
  readonly className: string;
  readonly store: string;
  readonly trouble: Trouble;
  /** Seconds in the mean while the trouble lasts, and while the store has none. */
  readonly inside: number;
  readonly outside: number;
  readonly times: number;
}

function slowings(result: Result, point: Point, { name, series, lines, spans }: Staged): Slowing[] {
  return lines.flatMap((line) => {
    const own = spans.filter(({ store }) => store === line.name);
    const kinds = [...new Set(own.map(({ trouble }) => trouble))];
    const windows = measured(result, point, line);
    const calm = windows.filter((i) => share(point, i, own) === 0);
    return kinds.flatMap((trouble) => {
      const among = own.filter((span) => span.trouble === trouble);
      const troubled = windows.filter((i) => share(point, i, among) >= 0.5);
      if (Math.min(calm.length, troubled.length) < fewestWindows) return [];
      const [inside, outside] = [troubled, calm].map((some) => weightedMean(line.values, series.offered, some));
      const slower = troubled.filter((i) => line.values[i]! > leastTimes * outside);
      const claimed = inside > leastTimes * outside && slower.length >= 0.75 * troubled.length;
      return claimed ? [{ className: name, store: line.name, trouble, inside, outside, times: inside / outside }] : [];
    });
  });
}

/** Windows after the warm-up in which requests came to the stage. */
function measured({ warmup_s }: Result, { series: { window_s } }: Point, { values }: StageLine): number[] {
  return values.flatMap((value, i) => (value === null || i * window_s < warmup_s - 1e-9 ? [] : [i]));
}

/** Share of a window that the longest of the spans takes of it. */
function share({ series: { window_s } }: Point, i: number, spans: Staged["spans"]): number {
  return spans.reduce((most, { from_s, to_s }) => {
    const common = Math.min(to_s, (i + 1) * window_s) - Math.max(from_s, i * window_s);
    return Math.max(most, common / window_s);
  }, 0);
}

/** Means over all replications, which is more than what is drawn. */
function longest(point: Point, classes: readonly Staged[]): string {
  const [{ name, lines }] = classes;
  const means = lines.flatMap((line) => {
    const mean = point.classes[name]?.stages[line.name]?.mean_s ?? null;
    return mean === null ? [] : [{ stage: line.name, mean }];
  });
  const [first, second] = means.toSorted((a, b) => b.mean.mean - a.mean.mean);
  const told = first === undefined || second === undefined || overlap(first.mean, second.mean);
  if (told) return `Where ${classes.map((one) => one.name).join(" and ")} spend${classes.length > 1 ? "" : "s"} time before the targets`;
  const times = `${seconds(first.mean.mean)} in the mean, ${second.stage} ${seconds(second.mean.mean)}`;
  return `Of the stages of ${name} ${first.stage} takes longest: ${times}`;
}
