/** What must be reached as a rule across a plot of plans. */
import type { Point, Result } from "../../../experiment/result.ts";
import { target } from "../../../base/format.ts";
import type { Layer } from "../chart.ts";
import { textWidth } from "../labels.ts";
import { position } from "../scale.ts";
import { plotWidth, sloRed } from "../theme.ts";
import { single } from "../time-panel.ts";
import type { Cloud } from "./plan-cloud.ts";

/** @param text beside the rule, by default what share of the requests must meet the objective */
export function sloRuleLayers({ watched }: Result, cloud: Cloud, text?: string): Layer[] {
  const { y, height, rule } = cloud;
  if (watched === undefined || rule === undefined) return [];
  const words = text ?? `SLO: ${target(watched.target)} of requests`;
  const at = { value: height * (1 - position(y, rule)) };
  const align = ruleSide(cloud, rule, words);
  return [
    {
      data: single(),
      mark: { type: "rule", color: sloRed, strokeDash: [6, 4], strokeWidth: 1.5 },
      encoding: { x: { value: 0 }, x2: { value: plotWidth }, y: at },
    },
    {
      data: single(),
      mark: { type: "text", text: words, color: sloRed, fontWeight: 600, align, dy: -9 },
      encoding: { x: { value: align === "left" ? 6 : plotWidth - 6 }, y: at },
    },
  ];
}

/** The end of the rule where its words cover fewer plans, the left one where it makes no difference. */
function ruleSide({ points, measure, x, y, height }: Cloud, rule: number, text: string): "left" | "right" {
  const width = (textWidth(text) + 16) / plotWidth;
  const near = (point: Point) => Math.abs(position(y, measure.of(point).mean) - position(y, rule)) * height < 26;
  const covered = (from: number, to: number) =>
    points.filter((point) => {
      const at = position(x, point.cost.usd_per_month.mean);
      return near(point) && at >= from && at <= to;
    }).length;
  return covered(0, width) > covered(1 - width, 1) ? "right" : "left";
}
