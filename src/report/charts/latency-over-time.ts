/** How long users waited for the first token, beside what arrived and how many replicas there were. */
import type { ClassSeries, Point, Result } from "../../experiment/result.ts";
import { moment, percent, plural, seconds, target } from "../../base/format.ts";
import { percentWithInterval } from "../../experiment/interval-text.ts";
import { latencyObjective, type LatencyObjective, mainClass } from "../objective.ts";
import { focus, planName } from "../plans.ts";
import { arrivalsPanel } from "./arrivals-panel.ts";
import type { Chart, Layer, Panel, Row } from "./chart.ts";
import { drawnIndices } from "./downsample.ts";
import { hoverLayer } from "./hover.ts";
import { replicasPanel } from "./replicas/replicas-panel.ts";
import { linearScale, logScale, position, type Scale, tickLabels, vegaScale } from "./scale.ts";
import { config, okabeIto, plotWidth, sloRed, title } from "./theme.ts";
import { columns, endLabelLayers, onAxis, single, timeChannel, warmupLayer, warmupNote } from "./time-panel.ts";

const height = 240;
const lines = [
  { name: "p99", field: "ttft_p99_s", colour: okabeIto.purple, width: 1 },
  { name: "p95", field: "ttft_p95_s", colour: okabeIto.blue, width: 2 },
  { name: "p50", field: "ttft_p50_s", colour: okabeIto.skyBlue, width: 1.5 },
] as const;

export const latencyOverTime: Chart = {
  name: "latency-over-time",
  applies: (result) => shown(result) !== undefined,
  headline,
  spec(result) {
    const { point, name, series } = shown(result)!;
    const slo = ttftObjective(point, name);
    const pools = Object.keys(point.series.pools).length > 0;
    const plan = result.points.length > 1 ? [`plan: ${planName(result, point)}`] : [];
    const offered = plural(Math.round(point.classes[name].offered.mean), "request");
    const about = [
      `Time to the first token (TTFT) of ${name} by ${seconds(point.series.window_s)} of arrival`,
      ...plan,
      `${offered} per replication`,
    ];
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), about.join(" · "), `The first replication is drawn; ${warmupNote(result)}`),
      spacing: 26,
      vconcat: [
        latencyPanel(result, series, point.series.window_s, slo),
        arrivalsPanel(result, point, !pools),
        ...(pools ? [replicasPanel(result, point)] : []),
      ],
    };
  },
};

function shown(result: Result): { point: Point; name: string; series: ClassSeries } | undefined {
  const point = focus(result);
  const name = point === undefined ? undefined : mainClass(point);
  const series = name === undefined ? undefined : point!.series.classes[name];
  if (series === undefined || series.ttft_p95_s.every((value) => value === null)) return undefined;
  return { point: point!, name: name!, series };
}

function ttftObjective(point: Point, name: string): LatencyObjective | undefined {
  const found = point.classes[name].objectives.map(({ text }) => latencyObjective(text));
  return found.find((objective) => objective?.metric === "ttft");
}

function headline(result: Result): string {
  const { point, name, series } = shown(result)!;
  const slo = ttftObjective(point, name);
  const judged = point.classes[name].objectives.find((one) => one.kind !== "cost" && one.text.trim() === slo?.text);
  if (slo === undefined || judged === undefined) return `Time to the first token of ${name}`;
  const limit = `${slo.percentile} under ${seconds(slo.threshold_s)}`;
  if (judged.verdict === "met")
    return `${name} keeps TTFT ${limit}: ${percent(judged.attained.mean)} of requests meet it, ${target(judged.target)} must`;
  const attained = percentWithInterval(judged.attained);
  if (judged.verdict === "undecided")
    return `Whether ${name} keeps TTFT ${limit} is undecided: ${attained} meet it, ${target(judged.target)} must`;
  return `${name} misses TTFT ${limit}: ${percent(judged.attained.mean)} of requests meet it, ${target(judged.target)} must${worst(result, series, point, slo)}`;
}

/** The window whose p95 was longest, if it broke the objective. */
function worst(result: Result, series: ClassSeries, point: Point, slo: LatencyObjective): string {
  const longest = series.ttft_p95_s.reduce<number>((best, value, i) => ((value ?? 0) > (series.ttft_p95_s[best] ?? 0) ? i : best), 0);
  const value = series.ttft_p95_s[longest] ?? 0;
  return value > slo.threshold_s ? `; worst at ${moment(longest * point.series.window_s, result.horizon_s)}` : "";
}

function latencyPanel(result: Result, series: ClassSeries, window_s: number, slo: LatencyObjective | undefined): Panel {
  const scale = latencyScale(series, slo);
  const axis = { title: scale.type === "log" ? "TTFT, log scale" : "TTFT", ...tickLabels(scale.ticks, seconds) };
  const y = { field: "v", type: "quantitative", scale: vegaScale(scale), axis } as const;
  const drawn = lines.map(({ field, colour, width }) => {
    const mark = { type: "line", color: colour, strokeWidth: width, strokeJoin: "round", clip: true, tooltip: null } as const;
    const values = rows(result, series[field], window_s, scale.low);
    return { data: { values: [...values] }, mark, encoding: { x: timeChannel(result, false), y } };
  });
  const ends = lines.flatMap(({ name, field, colour }) => {
    const last = series[field].findLast((value) => value !== null) ?? null;
    return last === null ? [] : [{ text: name, colour, y: height * (1 - position(scale, last)) }];
  });
  return {
    width: plotWidth,
    height,
    layer: [
      ...warmupLayer(result, height),
      ...drawn,
      ...sloLayers(scale, slo),
      ...endLabelLayers(ends, height, true),
      hoverLayer(result, window_s, height, series.ttft_p95_s, (window) => words(series, window)),
    ],
  };
}

function rows(result: Result, values: readonly (number | null)[], window_s: number, low: number): Row[] {
  return drawnIndices(values, columns).map((i) => {
    const value = values[i] ?? null;
    return { t: onAxis(result, i * window_s), v: value === null ? null : Number(Math.max(value, low).toPrecision(4)) };
  });
}

function words(series: ClassSeries, window: number): Record<string, string> {
  const texts = lines.toReversed().map(({ name, field }) => [name, seconds(series[field][window] ?? Number.NaN)]);
  return { ...Object.fromEntries(texts), offered: plural(series.offered[window] ?? 0, "request") };
}

/** Logarithmic once the longest wait would press the usual one to the floor. */
function latencyScale(series: ClassSeries, slo: LatencyObjective | undefined): Scale {
  const known = lines.flatMap(({ field }) => series[field].filter((value) => value !== null && value > 0) as number[]);
  const extremes = [...known, ...(slo === undefined ? [] : [slo.threshold_s])];
  const high = extremes.reduce((a, b) => Math.max(a, b), 1e-3);
  const low = extremes.reduce((a, b) => Math.min(a, b), high);
  const middle = known.toSorted((a, b) => a - b)[Math.floor(known.length / 2)] ?? high;
  return high / middle > 12 ? logScale(Math.max(low, high / 1e5) / 1.15, high * 1.15) : linearScale(0, high * 1.04);
}

/** The threshold as a dashed rule, its words on a white rim so that lines do not run through them. */
function sloLayers(scale: Scale, slo: LatencyObjective | undefined): Layer[] {
  if (slo === undefined) return [];
  const y = { value: height * (1 - position(scale, slo.threshold_s)) };
  // Above the rule, or below it where the panel's title would be in the way.
  const side = y.value < 18 ? ({ baseline: "top", dy: 5 } as const) : ({ baseline: "bottom", dy: -4 } as const);
  const text = `SLO: TTFT ${slo.percentile} < ${seconds(slo.threshold_s)}`;
  const label = { type: "text", text, align: "left", ...side, fontWeight: 600, tooltip: null } as const;
  return [
    {
      data: single(),
      mark: { type: "rule", color: sloRed, strokeDash: [6, 4], strokeWidth: 1.5, tooltip: null } as const,
      encoding: { x: { value: 0 }, x2: { value: plotWidth }, y },
    },
    { data: single(), mark: { ...label, stroke: "white", strokeWidth: 4, strokeJoin: "round" } as const, encoding: { x: { value: 6 }, y } },
    { data: single(), mark: { ...label, color: sloRed } as const, encoding: { x: { value: 6 }, y } },
  ];
}
