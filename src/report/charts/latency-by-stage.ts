/** How long each stage before the targets takes over time, and when the vector stores behind them were in trouble. */
import type { Result } from "../../experiment/result.ts";
import { seconds } from "../../base/format.ts";
import { focus, planName } from "../plans.ts";
import { arrivalsPanel } from "./arrivals-panel.ts";
import type { Chart } from "./chart.ts";
import { finding } from "./stages/finding.ts";
import { type Staged, stagedClasses } from "./stages/shown.ts";
import { stagesPanel } from "./stages/stages-panel.ts";
import { config, title } from "./theme.ts";
import { warmupNote } from "./time-panel.ts";

export const latencyByStage: Chart = {
  name: "latency-by-stage",
  applies: (result) => shown(result).length > 0,
  headline,
  spec(result) {
    const point = focus(result)!;
    const classes = shown(result);
    const { window_s } = point.series;
    const all = Object.values(point.series.classes).filter(({ stages }) => Object.keys(stages).length > 0).length;
    const left = classes
      .filter((one) => one.all > one.lines.length)
      .map((one) => `${one.lines.length} of ${one.all} stages of ${one.name}`);
    const about = [
      `Mean seconds at each stage by ${seconds(window_s)} of arrival, beside the time to the first token (TTFT)`,
      ...(all > classes.length ? [`${classes.length} of ${all} classes`] : []),
      ...left,
      ...(result.points.length > 1 ? [`plan: ${planName(result, point)}`] : []),
    ];
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), about.join(" · "), `The first replication is drawn; ${warmupNote(result)}`),
      spacing: 34,
      vconcat: [...classes.map((one) => stagesPanel(result, one, window_s)), arrivalsPanel(result, point, true)],
    };
  },
};

function shown(result: Result): Staged[] {
  const point = focus(result);
  return point === undefined ? [] : stagedClasses(point);
}

function headline(result: Result): string {
  return finding(result, focus(result)!, shown(result));
}
