/** A map of cells over two axes of a sweep, painted by one measure of its plans. */
import type { TopLevelSpec } from "vega-lite";
import type { Axis, Estimate, Point, Result } from "../../../experiment/result.ts";
import { shortDollars } from "../../../base/format.ts";
import { overlap } from "../../../experiment/interval-text.ts";
import { hasObjectives } from "../../objective.ts";
import { focus, shortValue } from "../../plans.ts";
import type { Layer } from "../chart.ts";
import { hex, inkOn, rampColour } from "../colour-ramp.ts";
import { config, ink, plotWidth, title as heading } from "../theme.ts";

/** What cells are painted by and say. */
export interface Measure {
  readonly name: string;
  readonly value: (point: Point) => Estimate;
  /** @param roomy whether there is room for a decimal more */
  readonly print: (value: number, roomy: boolean) => string;
  /** How far apart the ends of the colours are at least, so that noise is not painted in all of them. */
  readonly leastSpan: (highest: number) => number;
}

export interface Cut {
  readonly across: Axis;
  readonly down: Axis;
  readonly fixed: readonly string[];
  readonly cells: readonly { readonly x: string; readonly y: string; readonly point: Point }[];
}

/** The plans that differ from the best, or first, in these two axes alone. */
export function cutBy(result: Result, across: number, down: number): Cut {
  const held = focus(result)!;
  const others = variedAxes(result).filter((i) => i !== across && i !== down);
  const points = result.points.filter((point) => others.every((i) => point.values[i] === held.values[i]));
  return {
    across: result.axes[across],
    down: result.axes[down],
    fixed: others.map((i) => `${result.axes[i].label} ${shortValue(result.axes[i], held.values[i])}`),
    cells: points.map((point) => ({ x: point.values[across], y: point.values[down], point })),
  };
}

export function variedAxes({ axes }: Result): number[] {
  return axes.flatMap((axis, i) => (axis.values.length > 1 ? [i] : []));
}

/** Whether every combination of the axes' values has a point: a search leaves most of them out. */
export function isWholeGrid({ axes, points }: Result): boolean {
  return points.length > 0 && points.length === axes.reduce((product, { values }) => product * values.length, 1);
}

/** What each of the two settings is worth, with the other one held at the best plan. */
export function effects(result: Result, cut: Cut, measure: Measure): string {
  const held = focus(result)!;
  const home = cut.cells.find(({ point }) => point === held)!;
  const both = [
    effect(
      cut.across,
      home.x,
      cut.cells.filter(({ y }) => y === home.y).map(({ point }) => point),
      measure,
    ),
    effect(
      cut.down,
      home.y,
      cut.cells.filter(({ x }) => x === home.x).map(({ point }) => point),
      measure,
    ),
  ];
  const [first, second] = both.toSorted((a, b) => b.span - a.span);
  if (!first.clear) return `Neither ${cut.across.label} nor ${cut.down.label} makes a clear difference to ${measure.name}`;
  const from = ({ low, high }: { readonly low: number; readonly high: number }): string =>
    `from ${measure.print(low, true)} to ${measure.print(high, true)}`;
  const range = `${first.label} takes ${measure.name} ${from(first)}`;
  return second.clear
    ? `${range}; ${second.label} ${from(second)}`
    : `${range}; at ${first.held}, ${second.label} makes no clear difference`;
}

function effect(axis: Axis, held: string, points: readonly Point[], { value }: Measure) {
  const order = points.map(value).toSorted((a, b) => a.mean - b.mean);
  const [low, high] = [order[0], order[order.length - 1]];
  const { label } = axis;
  return {
    label,
    held: `${label} ${shortValue(axis, held)}`,
    low: low.mean,
    high: high.mean,
    span: high.mean - low.mean,
    clear: !overlap(low, high),
  };
}

/** @param what of the measure, to begin the words below the headline */
export function heatmap(result: Result, cut: Cut, measure: Measure, headline: string, what: string): TopLevelSpec {
  const held = cut.fixed.length === 0 ? [] : [`Held at the ${result.best === undefined ? "first" : "best"} plan: ${cut.fixed.join(", ")}`];
  const bold = result.points.some(hasObjectives) ? "; a dot marks plans that keep the SLO" : "";
  const outlined = result.best === undefined ? "" : "; the best plan is outlined";
  const about = [`${what}${roomy(cut) ? ", and cost per month" : ""}${bold}${outlined}`, ...held];
  return {
    config,
    description: headline,
    title: heading(result, headline, ...about),
    width: widthOf(cut),
    height: (roomy(cut) ? 56 : 34) * cut.down.values.length,
    layer: layers(result, cut, measure),
  };
}

function widthOf({ across }: Cut): number {
  return Math.min(plotWidth, Math.max(420, 150 * across.values.length));
}

/** Whether a cell has room for the cost below its number. */
function roomy(cut: Cut): boolean {
  return widthOf(cut) / cut.across.values.length >= 56;
}

/** One row for each cell: its words, its colours, and whether it is the plan advised. */
function rows(result: Result, cut: Cut, measure: Measure) {
  const values = cut.cells.map(({ point }) => measure.value(point).mean);
  const highest = Math.max(...values);
  const lowest = Math.min(Math.min(...values), highest - measure.leastSpan(highest));
  const wide = widthOf(cut) / cut.across.values.length >= 44;
  const judged = result.points.some(hasObjectives);
  return cut.cells.map(({ x, y, point }, i) => {
    const colourAt = (values[i] - lowest) / (highest - lowest);
    return {
      x,
      y,
      text: measure.print(values[i], wide),
      cost: shortDollars(point.cost.usd_per_month.mean),
      fill: hex(rampColour(colourAt)),
      ink: inkOn(colourAt),
      met: judged && point.verdict === "met",
      best: result.best !== undefined && point === result.points[result.best],
      verdict: point.verdict,
    };
  });
}

function places({ across, down }: Cut) {
  const ordinal = (field: "x" | "y", axis: Axis) => ({ field, type: "ordinal" as const, sort: null, scale: { domain: [...axis.values] } });
  return {
    x: { ...ordinal("x", across), axis: { title: across.path, labelAngle: 0, domain: false, ticks: false, labelColor: ink } },
    y: { ...ordinal("y", down), axis: { title: down.path, grid: false, labelColor: ink } },
  };
}

function layers(result: Result, cut: Cut, measure: Measure): Layer[] {
  const values = rows(result, cut, measure);
  const place = places(cut);
  const painted = (field: "fill" | "ink") => ({ field, type: "nominal" as const, scale: null });
  const words = { x: cut.across.label, y: cut.down.label, text: measure.name, cost: "per month", verdict: "SLO" };
  const tooltip = Object.entries(words).map(([field, title]) => ({ field, type: "nominal" as const, title }));
  const text = (field: "text" | "cost", dy: number, fontSize: number): Layer[] =>
    [true, false].map((bold) => ({
      data: { values: values.filter(({ met }) => met === bold) },
      mark: { type: "text", dy, fontSize, fontWeight: bold ? 600 : 400, tooltip: null },
      encoding: { ...place, text: { field, type: "nominal" }, color: painted("ink") },
    }));
  return [
    { data: { values }, mark: { type: "rect", stroke: "white", strokeWidth: 2 }, encoding: { ...place, color: painted("fill"), tooltip } },
    ...(roomy(cut) ? [...text("text", -8, 13), ...text("cost", 10, 11)] : text("text", 1, 10)),
    {
      data: { values: values.filter(({ met }) => met) },
      mark: { type: "point", filled: true, size: 22, opacity: 1, tooltip: null },
      encoding: { x: { ...place.x, bandPosition: 0.92 }, y: { ...place.y, bandPosition: 0.16 }, color: painted("ink") },
    },
    {
      data: { values: values.filter(({ best }) => best) },
      mark: { type: "rect", fill: null, stroke: ink, strokeWidth: 3, tooltip: null },
      encoding: place,
    },
  ];
}
