/** Attainment over two of the axes of a sweep, the others held where the best plan has them. */
import type { Axis, Point, Result } from "../../experiment/result.ts";
import { percent, shortDollars } from "../../base/format.ts";
import { overlap } from "../../experiment/interval-text.ts";
import { hasObjectives, watchedAs } from "../objective.ts";
import { focus, shortValue } from "../plans.ts";
import type { Chart, Layer } from "./chart.ts";
import { hex, inkOn, rampColour } from "./colour-ramp.ts";
import { config, ink, plotWidth, title as heading } from "./theme.ts";

interface Cut {
  readonly across: Axis;
  readonly down: Axis;
  readonly fixed: readonly string[];
  readonly cells: readonly { readonly x: string; readonly y: string; readonly point: Point }[];
}

export const sweepHeatmap: Chart = {
  name: "sweep-heatmap",
  applies: (result) => result.points.length > 0 && variedAxes(result).length >= 2,
  headline,
  spec(result) {
    const cut = cutOf(result);
    const held =
      cut.fixed.length === 0 ? [] : [`Held at the ${result.best === undefined ? "first" : "best"} plan: ${cut.fixed.join(", ")}`];
    const bold = result.points.some(hasObjectives) ? "; a dot marks plans that keep the SLO" : "";
    const outlined = result.best === undefined ? "" : "; the best plan is outlined";
    const about = [
      `Attainment, the share of offered requests ${watchedAs(result)}${roomy(cut) ? ", and cost per month" : ""}${bold}${outlined}`,
      ...held,
    ];
    return {
      config,
      description: headline(result),
      title: heading(result, headline(result), ...about),
      width: widthOf(cut),
      height: (roomy(cut) ? 56 : 34) * cut.down.values.length,
      layer: layers(result, cut),
    };
  },
};

function widthOf({ across }: Cut): number {
  return Math.min(plotWidth, Math.max(420, 150 * across.values.length));
}

/** Whether a cell has room for the cost below the attainment. */
function roomy(cut: Cut): boolean {
  return widthOf(cut) / cut.across.values.length >= 56;
}

function variedAxes({ axes }: Result): number[] {
  return axes.flatMap((axis, i) => (axis.values.length > 1 ? [i] : []));
}

/** Two axes worth a map: a warm pool across and a time-out down where there are such, else those with the most values. */
function cutOf(result: Result): Cut {
  const varied = variedAxes(result);
  const paths = (word: RegExp) => varied.find((i) => word.test(result.axes[i].path));
  const bySize = varied.toSorted((a, b) => result.axes[b].values.length - result.axes[a].values.length || a - b);
  const across = paths(/warm/i) ?? bySize.find((i) => i !== paths(/time-?out/i))!;
  const timeOut = paths(/time-?out/i);
  const down = timeOut !== undefined && timeOut !== across ? timeOut : bySize.find((i) => i !== across)!;
  const held = focus(result)!;
  const others = varied.filter((i) => i !== across && i !== down);
  const points = result.points.filter((point) => others.every((i) => point.values[i] === held.values[i]));
  return {
    across: result.axes[across],
    down: result.axes[down],
    fixed: others.map((i) => `${result.axes[i].label} ${shortValue(result.axes[i], held.values[i])}`),
    cells: points.map((point) => ({ x: point.values[across], y: point.values[down], point })),
  };
}

/** What each of the two settings is worth, with the other one held at the best plan. */
function headline(result: Result): string {
  const cut = cutOf(result);
  const held = focus(result)!;
  const home = cut.cells.find(({ point }) => point === held)!;
  const effects = [
    effect(
      cut.across,
      cut.cells.filter(({ y }) => y === home.y).map(({ point }) => point),
    ),
    effect(
      cut.down,
      cut.cells.filter(({ x }) => x === home.x).map(({ point }) => point),
    ),
  ];
  const [first, second] = effects.toSorted((a, b) => b.span - a.span);
  if (!first.clear) return `Neither ${cut.across.label} nor ${cut.down.label} makes a clear difference to attainment`;
  const range = `${first.label} takes attainment from ${percent(first.low, 1)} to ${percent(first.high, 1)}`;
  if (!second.clear) return `${range}; ${second.label} makes no clear difference`;
  return `${range}; ${second.label} from ${percent(second.low, 1)} to ${percent(second.high, 1)}`;
}

function effect({ label }: Axis, points: readonly Point[]) {
  const order = points.toSorted((a, b) => a.attainment.mean - b.attainment.mean);
  const [low, high] = [order[0].attainment, order.at(-1)!.attainment];
  return { label, low: low.mean, high: high.mean, span: high.mean - low.mean, clear: !overlap(low, high) };
}

/** One row for each cell: its words, its colours, and whether it is the plan advised. */
function rows(result: Result, cut: Cut) {
  const shares = cut.cells.map(({ point }) => point.attainment.mean);
  const highest = Math.max(...shares);
  // At least five points wide, so that noise is not painted in all colours.
  const lowest = Math.min(Math.min(...shares), highest - 0.05);
  const decimals = widthOf(cut) / cut.across.values.length >= 44 ? 1 : 0;
  const judged = result.points.some(hasObjectives);
  return cut.cells.map(({ x, y, point }) => {
    const share = point.attainment.mean;
    const colourAt = (share - lowest) / (highest - lowest);
    return {
      x,
      y,
      text: percent(share, decimals),
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

function layers(result: Result, cut: Cut): Layer[] {
  const values = rows(result, cut);
  const place = places(cut);
  const painted = (field: "fill" | "ink") => ({ field, type: "nominal" as const, scale: null });
  const words = { x: cut.across.label, y: cut.down.label, text: "attainment", cost: "per month", verdict: "SLO" };
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
