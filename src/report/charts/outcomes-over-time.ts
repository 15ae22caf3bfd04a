/** How requests ended over time. What was not served has a panel and a scale of its own, so that rare failures are seen. */
import { type Estimate, type Outcome, outcomes, type Point, type Result } from "../../experiment/result.ts";
import { amount, moment, percent, plural, seconds } from "../../base/format.ts";
import { overlap } from "../../experiment/interval-text.ts";
import { focus, planName } from "../plans.ts";
import type { Chart, Layer, Panel } from "./chart.ts";
import { windowsPerBar } from "./downsample.ts";
import { linearScale, tickLabels, tickNumber, vegaScale } from "./scale.ts";
import { config, ink, outcomeColour, outcomeLabel, plotWidth, title } from "./theme.ts";
import { endLabelLayers, onAxis, timeChannel, warmupNote } from "./time-panel.ts";

const bars = plotWidth / 3;
const lost = outcomes.filter((outcome) => outcome !== "served");

export const outcomesOverTime: Chart = {
  name: "outcomes-over-time",
  applies: (result) => totals(result).some(({ mean }) => mean > 0) && offeredSeries(focus(result)!).length > 0,
  headline,
  spec(result) {
    const point = focus(result)!;
    const each = windowsPerBar(offeredSeries(point).length, bars);
    const width = seconds(each * point.series.window_s);
    const plan = result.points.length > 1 ? [`plan: ${planName(result, point)}`] : [];
    const offered = `${plural(Math.round(sum(totals(result))), "request")} per replication`;
    const about = [`Requests by ${width} of arrival, all classes`, ...plan, offered];
    const seen = lost.filter((outcome) => columnOf(point, outcome).some((count) => count > 0));
    const panels = [
      panel(result, point, outcomes, each, {
        height: 170,
        title: "all requests, per second",
        unit_s: each * point.series.window_s,
        last: seen.length === 0,
      }),
    ];
    if (seen.length > 0)
      panels.push(
        panel(result, point, seen, each, {
          height: 150,
          title: `not served, requests per ${width}, on a scale of its own`,
          unit_s: 1,
          last: true,
        }),
      );
    const drawn = `The first replication is drawn, the warm-up too`;
    return {
      config,
      description: headline(result),
      title: title(
        result,
        headline(result),
        about.join(" · "),
        result.warmup_s > 0 ? drawn : `${drawn.split(",")[0]}; ${warmupNote(result)}`,
      ),
      spacing: 30,
      vconcat: panels,
    };
  },
};

/** By outcome, over all classes; intervals are added up, which is wider than the truth. */
function totals(result: Result): Estimate[] {
  const classes = Object.values(focus(result)?.classes ?? {});
  return outcomes.map((outcome) => {
    const parts = classes.map((one) => one.outcomes[outcome]);
    const mean = sum(parts);
    const known = parts.every(({ low, high }) => low !== undefined && high !== undefined);
    if (!known || parts.length === 0) return { mean };
    return { mean, low: parts.reduce((all, { low }) => all + low!, 0), high: parts.reduce((all, { high }) => all + high!, 0) };
  });
}

function headline(result: Result): string {
  const all = totals(result);
  const offered = sum(all);
  const ranked = outcomes
    .flatMap((outcome, i) => (outcome === "served" || all[i].mean === 0 ? [] : [{ outcome, count: all[i] }]))
    .toSorted((a, b) => b.count.mean - a.count.mean);
  const [first, second] = ranked;
  if (first === undefined) return "Every request was served";
  const share = percent(ranked.reduce((total, { count }) => total + count.mean, 0) / offered);
  const main = `${outcomeLabel[first.outcome]} ${percent(first.count.mean / offered)}`;
  if (second === undefined) return `${share} of requests were not served, all of them ${outcomeLabel[first.outcome]}`;
  if (!overlap(first.count, second.count)) return `${share} of requests were not served, most often ${main}`;
  return `${share} of requests were not served: ${ranked.map(({ outcome, count }) => `${outcomeLabel[outcome]} ${percent(count.mean / offered)}`).join(", ")}`;
}

interface PanelShape {
  readonly height: number;
  readonly title: string;
  /** What a count is divided by. */
  readonly unit_s: number;
  readonly last: boolean;
}

function panel(result: Result, point: Point, stack: readonly Outcome[], each: number, shape: PanelShape): Panel {
  const bands = stacked(result, point, stack, each, shape.unit_s);
  const highest = bands.flat().reduce((most, { high }) => Math.max(most, high), 0);
  const scale = linearScale(0, highest || 1, 4);
  const axis = { title: shape.title, titleColor: ink, ...tickLabels(scale.ticks, tickNumber) };
  const encoding = {
    x: timeChannel(result, shape.last),
    x2: { field: "until" },
    y: { field: "low", type: "quantitative" as const, scale: vegaScale(scale), axis },
    y2: { field: "high" },
    tooltip: [
      { field: "text", type: "nominal" as const, title: "requests" },
      { field: "at", type: "nominal" as const, title: "from" },
    ],
  };
  const layers = bands.map((values, k): Layer => ({ data: { values }, mark: { type: "rect", color: outcomeColour[stack[k]] }, encoding }));
  const ends = endLabelLayers(labels(result, stack, shape.height), shape.height);
  return { width: plotWidth, height: shape.height, layer: [...layers, ...ends] };
}

/** Bars of each outcome, stacked by hand from the first up, so that the drawing holds exactly the numbers in the tooltips. */
function stacked(result: Result, point: Point, stack: readonly Outcome[], each: number, unit_s: number) {
  const width_s = each * point.series.window_s;
  const floor: number[] = [];
  const scaled = (counts: number) => Number((counts / unit_s).toPrecision(6));
  return stack.map((outcome) =>
    addUp(columnOf(point, outcome), each).flatMap((count, i) => {
      if (count === 0) return [];
      const low = floor[i] ?? 0;
      floor[i] = low + count;
      const at_s = i * width_s;
      const until = onAxis(result, Math.min(at_s + width_s, result.horizon_s));
      const text = `${amount(count)} ${outcomeLabel[outcome]}`;
      return [{ t: onAxis(result, at_s), until, low: scaled(low), high: scaled(low + count), text, at: moment(at_s, result.horizon_s) }];
    }),
  );
}

/** Each outcome with its share of all that was offered, in the order of the stack. */
function labels(result: Result, stack: readonly Outcome[], height: number) {
  const all = totals(result);
  const offered = sum(all);
  return stack
    .filter((outcome) => all[outcomes.indexOf(outcome)].mean > 0)
    .map((outcome) => {
      const share = percent(all[outcomes.indexOf(outcome)].mean / offered);
      return { text: `${outcomeLabel[outcome]} ${share}`, colour: outcomeColour[outcome], y: height - 10 };
    })
    .toReversed();
}

function columnOf(point: Point, outcome: Outcome): number[] {
  const each = Object.values(point.series.classes).map((one) => one.outcomes[outcome]);
  return (each[0] ?? []).map((_, i) => each.reduce((total, counts) => total + counts[i], 0));
}

function offeredSeries(point: Point): readonly number[] {
  return Object.values(point.series.classes)[0]?.offered ?? [];
}

function addUp(counts: readonly number[], each: number): number[] {
  return Array.from({ length: Math.ceil(counts.length / each) }, (_, i) =>
    counts.slice(i * each, (i + 1) * each).reduce((a, b) => a + b, 0),
  );
}

function sum(estimates: readonly Estimate[]): number {
  return estimates.reduce((total, { mean }) => total + mean, 0);
}
