/** Mean seconds at each stage of one class over time, before its time to the first token. */
import { plural, seconds } from "../../../base/format.ts";
import type { Result } from "../../../experiment/result.ts";
import { shortened } from "../../value-names.ts";
import type { Layer, Panel } from "../chart.ts";
import { drawnIndices } from "../downsample.ts";
import { hoverLayer } from "../hover.ts";
import { linearScale, logScale, position, type Scale, tickLabels, vegaScale } from "../scale.ts";
import { okabeIto, plotWidth } from "../theme.ts";
import { columns, endLabelLayers, onAxis, timeChannel, warmupLayer } from "../time-panel.ts";
import type { Staged } from "./shown.ts";
import { troubleBands } from "./trouble-bands.ts";

const colours = [okabeIto.blue, okabeIto.vermillion, okabeIto.green, okabeIto.purple, okabeIto.orange, okabeIto.skyBlue];
/** For comparison, paler and thinner than the stages. */
const reference = [
  { name: "TTFT p95", field: "ttft_p95_s", colour: "#8b8d98", dash: [] },
  { name: "TTFT p50", field: "ttft_p50_s", colour: "#8b8d98", dash: [4, 3] },
] as const;
const [least, perName] = [180, 16];
/** A gap is short that takes less than such a part of the run. */
const shortGaps = 20;

interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
}

export function stagesPanel(result: Result, staged: Staged, window_s: number): Panel {
  const { name, series, spans } = staged;
  const ofStages = staged.lines.map(({ name: stage, values }, i): Line => ({
    name: stage,
    values,
    colour: colours[i],
    width: 2,
    dash: [],
  }));
  const ofRequests = reference.map(({ name: text, field, colour, dash }): Line => {
    return { name: text, values: series[field], colour, width: 1.2, dash };
  });
  const lines = [...ofRequests, ...ofStages].filter(({ values }) => values.some((value) => value !== null));
  const height = Math.max(least, perName * (lines.length + 1));
  const scale = scaleOf(lines);
  const title = `${shortened(name)}: mean at each stage${scale.type === "log" ? ", log scale" : ""}`;
  const axis = { title, ...tickLabels(scale.ticks, seconds) };
  const y = { field: "v", type: "quantitative", scale: vegaScale(scale), axis } as const;
  const ends = lines.map(({ name: text, values, colour }) => {
    const last = values.findLast((value) => value !== null)!;
    return { text: shortened(text), colour, y: height * (1 - position(scale, last)) };
  });
  const most = series.offered.map((_, i) => Math.max(...lines.map(({ values }) => values[i] ?? 0)));
  const words = (i: number) => ({
    ...Object.fromEntries([...ofStages, ...ofRequests].map((line) => [line.name, seconds(line.values[i] ?? Number.NaN)])),
    offered: plural(series.offered[i] ?? 0, "request"),
  });
  return {
    width: plotWidth,
    height,
    layer: [
      ...warmupLayer(result, height),
      ...troubleBands(result, spans, height, title),
      ...lines.map((line) => lineLayer(result, line, window_s, scale.low, y)),
      ...endLabelLayers(ends, height, true),
      hoverLayer(result, window_s, height, most, words),
    ],
  };
}

function lineLayer(result: Result, { values, colour, width, dash }: Line, window_s: number, low: number, y: object): Layer {
  const rows = bridged(values, drawnIndices(values, columns)).map((i) => {
    const value = values[i] ?? null;
    return { t: onAxis(result, i * window_s), v: value === null ? null : Number(Math.max(value, low).toPrecision(4)) };
  });
  // Round ends make a dot of a window that has none beside it.
  const look = { color: colour, strokeWidth: width, strokeDash: [...dash] };
  return {
    data: { values: rows },
    mark: { type: "line", ...look, strokeCap: "round", strokeJoin: "round", clip: true, tooltip: null },
    encoding: { x: timeChannel(result, false), y },
  };
}

/** Without the short gaps in which no request came to a stage, so that a line of few requests does not fall to pieces. */
function bridged(values: readonly (number | null)[], indices: readonly number[]): number[] {
  const longest = values.length / shortGaps;
  const known = indices.filter((i) => (values[i] ?? null) !== null);
  return indices.filter((i) => {
    if ((values[i] ?? null) !== null) return true;
    const next = known.find((other) => other > i);
    const before = known.findLast((other) => other < i);
    return next === undefined || before === undefined || next - before > longest;
  });
}

/** Logarithmic where the shortest stage would lie on the floor beside the longest time. */
function scaleOf(lines: readonly Line[]): Scale {
  const typical = lines.map(({ values }) => middle(values)).filter((value) => value > 0);
  const high = lines.reduce((most, { values }) => values.reduce<number>((a, b) => Math.max(a, b ?? 0), most), 0) || 1e-3;
  const low = typical.reduce((a, b) => Math.min(a, b), high);
  if (high / low <= 8) return linearScale(0, high * 1.04);
  const shortest = lines.flatMap(({ values }) => values.filter((value) => value !== null && value > low / 5) as number[]);
  return logScale(shortest.reduce((a, b) => Math.min(a, b), low) / 1.15, high * 1.15);
}

function middle(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? 0;
}
