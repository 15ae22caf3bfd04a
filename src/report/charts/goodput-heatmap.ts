/** Good requests per second over a time-out and another axis of a sweep: whether less patience is worth its retries. */
import type { Result } from "../../experiment/result.ts";
import { thousands } from "../../base/format.ts";
import { costlyTimeout, costlyTimeoutText, variesTimeout } from "../../experiment/costly-timeouts.ts";
import type { Chart } from "./chart.ts";
import { type Cut, cutBy, effects, heatmap, isWholeGrid, type Measure, variedAxes } from "./heatmap/heatmap.ts";

const goodput: Measure = {
  name: "goodput",
  value: (point) => point.goodput_per_s,
  print: (perSecond) => `${thousands(perSecond, perSecond < 1 ? 2 : perSecond < 100 ? 1 : 0)} /s`,
  leastSpan: (highest) => highest * 0.05 || 1,
};

export const goodputHeatmap: Chart = {
  name: "goodput-heatmap",
  applies: (result) => isWholeGrid(result) && cutOf(result) !== undefined,
  headline,
  spec: (result) =>
    heatmap(result, cutOf(result)!, goodput, headline(result), "Goodput, requests per second that met every objective of their class"),
};

/** That a shorter time-out costs goodput, where it surely does in the plans drawn; else what the two settings are worth. */
function headline(result: Result): string {
  const cut = cutOf(result)!;
  const drawn = cut.cells.map(({ point }) => point);
  const costly = costlyTimeout(drawn, result.axes);
  return costly === undefined ? effects(result, cut, goodput) : costlyTimeoutText(costly, result.axes, [cut.across, cut.down]);
}

/** The time-out down, and across how often is retried, where that was varied too, else the axis with most values. */
function cutOf(result: Result): Cut | undefined {
  const varied = variedAxes(result);
  const down = varied.find((i) => variesTimeout(result.axes[i]));
  if (down === undefined || varied.length < 2) return undefined;
  const others = varied.filter((i) => i !== down);
  const bySize = others.toSorted((a, b) => result.axes[b].values.length - result.axes[a].values.length || a - b);
  return cutBy(result, others.find((i) => /retry/i.test(result.axes[i].path)) ?? bySize[0], down);
}
