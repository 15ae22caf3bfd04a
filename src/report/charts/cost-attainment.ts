/** What each plan costs against how well it keeps its objectives, with the plans that no other beats on both. */
import type { Estimate, Point, Result } from "../../experiment/result.ts";
import { dollars, percent, plural, target } from "../../base/format.ts";
import { dollarsWithInterval, overlap, percentWithInterval } from "../../experiment/interval-text.ts";
import { hasObjectives, watchedAs } from "../objective.ts";
import { countOf, frontier, planName } from "../plans.ts";
import type { Chart, Layer } from "./chart.ts";
import { textWidth } from "./labels.ts";
import { planNameLayers } from "./plan-names.ts";
import { linearScale, type Scale, tickLabels, vegaScale } from "./scale.ts";
import { config, muted, plotWidth, title, verdictColour, verdictOrder, verdictShape } from "./theme.ts";
import { sloRuleLayers } from "./slo-rule.ts";
import { single } from "./time-panel.ts";

const height = 360;

/** With more plans only those of the frontier have error bars. */
const barsUpTo = 60;

export const costAttainment: Chart = {
  name: "cost-attainment",
  applies: ({ points, explanation }) => points.length > 1 && explanation === undefined,
  headline,
  spec(result) {
    const scales = scalesOf(result);
    const about = [
      `Cost per month (730 h) against attainment: the share of offered requests ${watchedAs(result)}`,
      `${plural(result.points.length, "plan")}, bars are 95 % intervals; the line joins plans that none beats on both`,
    ];
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), ...about),
      width: plotWidth,
      height,
      layer: [
        ...sloRuleLayers(result, { ...scales, height }),
        frontierLayer(result, scales),
        ...errorLayers(result, scales),
        pointLayer(result, scales),
        ...keyLayers(result),
        ...planNameLayers(result, { ...scales, height, rule: result.watched?.target }),
      ],
    };
  },
};

function headline(result: Result): string {
  const { points } = result;
  if (!points.some(hasObjectives)) return `What ${plural(points.length, "plan")} cost, and the share of requests they serve in time`;
  const met = points.filter((point) => point.verdict === "met");
  const best = result.best === undefined ? undefined : points[result.best];
  if (best !== undefined && best.verdict === "met") {
    const rivals = met.filter((point) => point !== best && overlap(point.cost.usd_per_month, best.cost.usd_per_month));
    const cost = dollars(best.cost.usd_per_month.mean);
    const cheaper = met.some((point) => point.cost.usd_per_month.mean < best.cost.usd_per_month.mean);
    if (cheaper) return `${cost} a month keeps the SLO with ${planName(result, best)}`;
    if (rivals.length === 0) return `The cheapest plan that keeps the SLO costs ${cost} a month: ${planName(result, best)}`;
    return `${cost} a month keeps the SLO with ${planName(result, best)}; ${plural(rivals.length, "other plan")} cost${rivals.length === 1 ? "s" : ""} about as much`;
  }
  if (met.length > 0) return `${plural(met.length, "plan")} of ${points.length} keep${met.length === 1 ? "s" : ""} the SLO`;
  const undecided = countOf(points, "undecided");
  if (undecided > 0) return `No plan surely keeps the SLO: ${undecided} of ${points.length} undecided`;
  const nearest = points.reduce((a, b) => (b.margin.mean > a.margin.mean ? b : a));
  return `No plan of ${points.length} keeps the SLO; the nearest attains ${percent(nearest.attainment.mean)}`;
}

interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

function ends({ mean, low, high }: Estimate): number[] {
  return [low ?? mean, mean, high ?? mean];
}

function scalesOf(result: Result): Scales {
  const costs = result.points.flatMap((point) => ends(point.cost.usd_per_month));
  const rule = result.watched?.target;
  const shares = [...result.points.flatMap((point) => ends(point.attainment)), ...(rule === undefined ? [] : [rule])];
  const margin = Math.max((Math.max(...costs) - Math.min(...costs)) * 0.06, Math.max(...costs) * 0.01);
  const x = linearScale(Math.max(0, Math.min(...costs) - margin), Math.max(...costs) + margin, 6);
  const low = Math.max(0, Math.min(...shares) - (Math.max(...shares) - Math.min(...shares)) * 0.05);
  const y = linearScale(low, Math.min(1, Math.max(...shares)), 6);
  return { x, y: { ...y, high: y.high >= 1 ? 1 + (1 - y.low) * 0.02 : y.high } };
}

/** All ticks in dollars or all in thousands, without needless zeros. */
function tickDollars(high: number): (value: number) => string {
  return (value) => (high < 10_000 ? dollars(value) : `$${Number((value / 1000).toFixed(3))}k`);
}

function channels({ x, y }: Scales) {
  return {
    x: {
      field: "cost",
      type: "quantitative" as const,
      scale: vegaScale(x),
      axis: { title: "cost per month", ...tickLabels(x.ticks, tickDollars(x.high)) },
    },
    y: {
      field: "share",
      type: "quantitative" as const,
      scale: vegaScale(y),
      axis: { title: "attainment", ...tickLabels(y.ticks, (share) => target(share)) },
    },
  };
}

function frontierLayer(result: Result, scales: Scales): Layer {
  const values = frontier(result.points).map((point) => ({ cost: point.cost.usd_per_month.mean, share: point.attainment.mean }));
  return { data: { values }, mark: { type: "line", color: muted, strokeWidth: 1.25 }, encoding: channels(scales) };
}

function errorLayers(result: Result, scales: Scales): Layer[] {
  const { x, y } = channels(scales);
  const drawn = result.points.length <= barsUpTo ? result.points : frontier(result.points);
  const values = drawn.flatMap(({ attainment, cost: { usd_per_month: cost }, verdict }) => {
    if (attainment.low === undefined || cost.low === undefined) return [];
    const [low, high] = [Math.max(attainment.low, scales.y.low), Math.min(attainment.high!, 1)];
    return {
      cost: cost.mean,
      share: attainment.mean,
      left: Math.max(cost.low, scales.x.low),
      right: Math.min(cost.high!, scales.x.high),
      low,
      high,
      colour: verdictColour[verdict],
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

function pointLayer(result: Result, scales: Scales): Layer {
  const values = result.points.map((point, i) => ({
    cost: point.cost.usd_per_month.mean,
    share: point.attainment.mean,
    verdict: point.verdict,
    plan: planName(result, point),
    costs: dollarsWithInterval(point.cost.usd_per_month),
    attains: percentWithInterval(point.attainment),
    best: i === result.best,
  }));
  const scale = (range: (verdict: Point["verdict"]) => string) => ({ domain: [...verdictOrder], range: verdictOrder.map(range) });
  const words = [
    ["plan", "plan"],
    ["costs", "per month"],
    ["attains", "attainment"],
    ["verdict", "SLO"],
  ] as const;
  return {
    data: { values },
    mark: { type: "point", filled: true, opacity: 1, strokeWidth: 1.2 },
    encoding: {
      ...channels(scales),
      color: { field: "verdict", type: "nominal", scale: scale((verdict) => verdictColour[verdict]), legend: null },
      shape: { field: "verdict", type: "nominal", scale: scale((verdict) => verdictShape[verdict]), legend: null },
      size: { condition: { test: "datum.best", value: 190 }, value: 90 },
      stroke: { condition: { test: "datum.best", value: "black" }, value: "white" },
      tooltip: words.map(([field, name]) => ({ field, type: "nominal" as const, title: name })),
    },
  };
}

/** What colours and shapes mean, in a row at the top right; only those that occur. */
function keyLayers({ points }: Result): Layer[] {
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
