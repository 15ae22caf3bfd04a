/** Attainment over two of the axes of a sweep, the others held where the best plan has them. */
import type { Result } from "../../experiment/result.ts";
import { percent } from "../../base/format.ts";
import { watchedAs } from "../objective.ts";
import type { Chart } from "./chart.ts";
import { type Cut, cutBy, effects, heatmap, isWholeGrid, type Measure, variedAxes } from "./heatmap/heatmap.ts";

const attainment: Measure = {
  name: "attainment",
  value: (point) => point.attainment,
  print: (share, roomy) => percent(share, roomy ? 1 : 0),
  leastSpan: () => 0.05,
};

export const sweepHeatmap: Chart = {
  name: "sweep-heatmap",
  applies: (result) => isWholeGrid(result) && variedAxes(result).length >= 2,
  headline,
  spec: (result) =>
    heatmap(result, cutOf(result), attainment, headline(result), `Attainment, the share of offered requests ${watchedAs(result)}`),
};

function headline(result: Result): string {
  return effects(result, cutOf(result), attainment);
}

/** Two axes worth a map: a warm pool across and a time-out down where there are such, else those with the most values. */
function cutOf(result: Result): Cut {
  const varied = variedAxes(result);
  const paths = (word: RegExp) => varied.find((i) => word.test(result.axes[i].path));
  const bySize = varied.toSorted((a, b) => result.axes[b].values.length - result.axes[a].values.length || a - b);
  const across = paths(/warm/i) ?? bySize.find((i) => i !== paths(/time-?out/i))!;
  const timeOut = paths(/time-?out/i);
  const down = timeOut !== undefined && timeOut !== across ? timeOut : bySize.find((i) => i !== across)!;
  return cutBy(result, across, down);
}
