/** The target of the watched objective as a rule across a plot of cost against attainment. */
import type { Point, Result } from "../../experiment/result.ts";
import { target } from "../../base/format.ts";
import type { Layer } from "./chart.ts";
import { textWidth } from "./labels.ts";
import { position, type Scale } from "./scale.ts";
import { plotWidth, sloRed } from "./theme.ts";
import { single } from "./time-panel.ts";

/** Scales and height of the plot of cost (x) against attainment (y). */
export interface Plot {
  readonly x: Scale;
  readonly y: Scale;
  readonly height: number;
}

export function sloRuleLayers(result: Result, plot: Plot): Layer[] {
  const { y, height } = plot;
  const { watched } = result;
  if (watched === undefined) return [];
  const at = { value: height * (1 - position(y, watched.target)) };
  const text = `SLO: ${target(watched.target)} of requests`;
  const align = ruleSide(result, plot, watched.target, text);
  return [
    {
      data: single(),
      mark: { type: "rule", color: sloRed, strokeDash: [6, 4], strokeWidth: 1.5 },
      encoding: { x: { value: 0 }, x2: { value: plotWidth }, y: at },
    },
    {
      data: single(),
      mark: { type: "text", text, color: sloRed, fontWeight: 600, align, dy: -9 },
      encoding: { x: { value: align === "left" ? 6 : plotWidth - 6 }, y: at },
    },
  ];
}

/** The end of the rule where its words cover fewer plans, the left one where it makes no difference. */
function ruleSide({ points }: Result, { x, y, height }: Plot, rule: number, text: string): "left" | "right" {
  const width = (textWidth(text) + 16) / plotWidth;
  const near = (point: Point) => Math.abs(position(y, point.attainment.mean) - position(y, rule)) * height < 26;
  const covered = (from: number, to: number) =>
    points.filter((point) => {
      const at = position(x, point.cost.usd_per_month.mean);
      return near(point) && at >= from && at <= to;
    }).length;
  return covered(0, width) > covered(1 - width, 1) ? "right" : "left";
}
