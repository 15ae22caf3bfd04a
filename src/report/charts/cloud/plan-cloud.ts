/** Plans as points over their cost, with their intervals, their verdicts and the line of those that none beats; shared by charts of plans. */
import type { Estimate, Point, Result } from "../../../experiment/result.ts";
import { dollars } from "../../../base/format.ts";
import { dollarsWithInterval } from "../../../experiment/interval-text.ts";
import { hasObjectives } from "../../objective.ts";
import { countOf, planName } from "../../plans.ts";
import type { Layer } from "../chart.ts";
import { textWidth } from "../labels.ts";
import { linearScale, type Scale, tickLabels, vegaScale } from "../scale.ts";
import { muted, plotWidth, verdictColour, verdictOrder, verdictShape } from "../theme.ts";
import { single } from "../time-panel.ts";

/** What is drawn above the cost of each plan. */
export interface Measure {
  readonly title: string;
  readonly of: (point: Point) => Estimate;
  /** A value as its axis has it. */
  readonly tick: (value: number) => string;
  /** A value with its interval. */
  readonly text: (point: Point) => string;
}

/** The plans drawn, those that no other beats on both by rising cost, and the plot that they are in. */
export interface Cloud {
  readonly points: readonly Point[];
  readonly frontier: readonly Point[];
  readonly measure: Measure;
  readonly x: Scale;
  readonly y: Scale;
  /** Pixels. */
  readonly height: number;
  /** Value of the measure at which a rule is drawn across. */
  readonly rule: number | undefined;
}

/** With more plans only those of the frontier have error bars. */
const barsUpTo = 60;

export function ends({ mean, low, high }: Estimate): number[] {
  return [low ?? mean, mean, high ?? mean];
}

export function costScale(points: readonly Point[]): Scale {
  const costs = points.flatMap((point) => ends(point.cost.usd_per_month));
  const margin = Math.max((Math.max(...costs) - Math.min(...costs)) * 0.06, Math.max(...costs) * 0.01);
  return linearScale(Math.max(0, Math.min(...costs) - margin), Math.max(...costs) + margin, 6);
}

/** All ticks in dollars or all in thousands, without needless zeros. */
function tickDollars(high: number): (value: number) => string {
  return (value) => (high < 10_000 ? dollars(value) : `$${Number((value / 1000).toFixed(3))}k`);
}

function channels({ x, y, measure }: Cloud) {
  return {
    x: {
      field: "cost",
      type: "quantitative" as const,
      scale: vegaScale(x),
      axis: { title: "cost per month", ...tickLabels(x.ticks, tickDollars(x.high)) },
    },
    y: {
      field: "value",
      type: "quantitative" as const,
      scale: vegaScale(y),
      axis: { title: measure.title, ...tickLabels(y.ticks, measure.tick) },
    },
  };
}

/** The line, the intervals and the points. */
export function cloudLayers(result: Result, cloud: Cloud): Layer[] {
  return [frontierLayer(cloud), ...errorLayers(cloud), pointLayer(result, cloud)];
}

function frontierLayer(cloud: Cloud): Layer {
  const values = cloud.frontier.map((point) => ({ cost: point.cost.usd_per_month.mean, value: cloud.measure.of(point).mean }));
  return { data: { values }, mark: { type: "line", color: muted, strokeWidth: 1.25 }, encoding: channels(cloud) };
}

function errorLayers(cloud: Cloud): Layer[] {
  const { x, y } = channels(cloud);
  const drawn = cloud.points.length <= barsUpTo ? cloud.points : cloud.frontier;
  const values = drawn.flatMap((point) => {
    const cost = point.cost.usd_per_month;
    const value = cloud.measure.of(point);
    if (value.low === undefined || cost.low === undefined) return [];
    return {
      cost: cost.mean,
      value: value.mean,
      left: Math.max(cost.low, cloud.x.low),
      right: Math.min(cost.high!, cloud.x.high),
      low: Math.max(value.low, cloud.y.low),
      high: Math.min(value.high!, cloud.y.high),
      colour: verdictColour[point.verdict],
    };
  });
  if (values.length === 0) return [];
  const mark = { type: "rule" as const, strokeWidth: 1, opacity: 0.45 };
  const color = { field: "colour", type: "nominal" as const, scale: null };
  return [
    { data: { values }, mark, encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color } },
    { data: { values }, mark, encoding: { x: { ...x, field: "left" }, x2: { field: "right" }, y, color } },
  ];
}

function pointLayer(result: Result, cloud: Cloud): Layer {
  const best = result.best === undefined ? undefined : result.points[result.best];
  const values = cloud.points.map((point) => ({
    cost: point.cost.usd_per_month.mean,
    value: cloud.measure.of(point).mean,
    verdict: point.verdict,
    plan: planName(result, point),
    costs: dollarsWithInterval(point.cost.usd_per_month),
    words: cloud.measure.text(point),
    best: point === best,
  }));
  const scale = (range: (verdict: Point["verdict"]) => string) => ({ domain: [...verdictOrder], range: verdictOrder.map(range) });
  const words = [
    ["plan", "plan"],
    ["costs", "per month"],
    ["words", cloud.measure.title],
    ["verdict", "SLO"],
  ] as const;
  return {
    data: { values },
    mark: { type: "point", filled: true, opacity: 1, strokeWidth: 1.2 },
    encoding: {
      ...channels(cloud),
      color: { field: "verdict", type: "nominal", scale: scale((verdict) => verdictColour[verdict]), legend: null },
      shape: { field: "verdict", type: "nominal", scale: scale((verdict) => verdictShape[verdict]), legend: null },
      size: { condition: { test: "datum.best", value: 190 }, value: 90 },
      stroke: { condition: { test: "datum.best", value: "black" }, value: "white" },
      tooltip: words.map(([field, name]) => ({ field, type: "nominal" as const, title: name })),
    },
  };
}

/** What colours and shapes mean, in a row at the top right; only those that occur. */
export function keyLayers({ points }: Result): Layer[] {
  if (!points.some(hasObjectives)) return [];
  const seen = verdictOrder.filter((verdict) => countOf(points, verdict) > 0);
  let right = plotWidth;
  return seen.toReversed().flatMap((verdict): Layer[] => {
    const text = `SLO ${verdict}`;
    const at = right;
    right -= textWidth(text) + 34;
    const symbol = {
      type: "point" as const,
      filled: true,
      opacity: 1,
      size: 80,
      fill: verdictColour[verdict],
      shape: verdictShape[verdict],
    };
    return [
      { data: single(), mark: { ...symbol, tooltip: null }, encoding: { x: { value: at - textWidth(text) - 10 }, y: { value: -16 } } },
      {
        data: single(),
        mark: { type: "text", text, align: "right", baseline: "middle" },
        encoding: { x: { value: at }, y: { value: -16 } },
      },
    ];
  });
}
