/** Attempts that clients send for each request that arrives, over time: how an overload multiplies itself, and whether it ends. */
import type { Result } from "../../experiment/result.ts";
import { seconds } from "../../base/format.ts";
import { focus, planName, repeats } from "../plans.ts";
import { shortened } from "../value-names.ts";
import { finding } from "./amplification/finding.ts";
import { grouping, type Line, ratiosOf, ratioText } from "./amplification/ratios.ts";
import { arrivalsPanel } from "./arrivals-panel.ts";
import type { Chart, Layer, Panel } from "./chart.ts";
import { drawnIndices } from "./downsample.ts";
import { hoverLayer } from "./hover.ts";
import { linearScale, position, tickLabels, tickNumber, vegaScale } from "./scale.ts";
import { config, muted, okabeIto, plotWidth, title } from "./theme.ts";
import { columns, endLabelLayers, onAxis, timeChannel, warmupLayer, warmupNote } from "./time-panel.ts";

const height = 220;
const colours = [okabeIto.blue, okabeIto.orange, okabeIto.green, okabeIto.purple, okabeIto.black, okabeIto.skyBlue];

export const amplificationOverTime: Chart = {
  name: "amplification-over-time",
  applies: (result) => linesOf(result).length > 0,
  headline: (result) => finding(result, linesOf(result)),
  spec(result) {
    const lines = linesOf(result);
    const headline = finding(result, lines);
    const point = focus(result)!;
    const each = grouping(lines);
    const what = result.kind === "compare" ? `of ${lines[0].className}, one line for each system` : "one line for each class";
    const about = [
      `Attempts sent in ${seconds(each * point.series.window_s)} over requests that arrived in it, ${what}`,
      ...(result.kind === "sweep" || result.kind === "optimize" ? [`plan: ${planName(result, point)}`] : []),
    ];
    const sample = `The first replication is drawn; ${warmupNote(result)}`;
    return {
      config,
      description: headline,
      title: title(result, headline, about.join(" · "), sample),
      spacing: 26,
      vconcat: [ratioPanel(result, lines, each, point.series.window_s), arrivalsPanel(result, point, true)],
    };
  },
};

/** Of several systems that are compared the class that any of them repeats most; of one system every class that is repeated. */
function linesOf(result: Result): Line[] {
  const shown = result.kind === "compare" ? result.points : [focus(result)].filter((point) => point !== undefined);
  const all = shown.flatMap((point) =>
    Object.entries(point.classes).flatMap(([className, one]) => {
      const series = point.series.classes[className];
      if (series === undefined) return [];
      const name = result.kind === "compare" ? planName(result, point) : className;
      return { name, className, series, recoveries: one.recoveries, repeated: repeats(one), most: one.attemptsPerRequest.mean };
    }),
  );
  const repeated = all.filter((line) => line.repeated).toSorted((a, b) => b.most - a.most);
  const lines = result.kind === "compare" ? all.filter(({ className }) => className === repeated[0]?.className) : repeated;
  return lines.slice(0, colours.length);
}

function ratioPanel(result: Result, lines: readonly Line[], each: number, window_s: number): Panel {
  const ratios = lines.map(({ series }) => ratiosOf(series, each));
  const highest = ratios.flat().reduce<number>((most, ratio) => Math.max(most, ratio ?? 0), 0);
  const scale = linearScale(0, Math.max(highest, 1), 5);
  const axis = { title: "attempts per request", ...tickLabels(scale.ticks, tickNumber) };
  const y = { field: "v", type: "quantitative", scale: vegaScale(scale), axis } as const;
  const drawn = ratios.map((values, nth): Layer => {
    const rows = drawnIndices(values, columns).map((i) => {
      const value = values[i];
      return { t: onAxis(result, i * each * window_s), v: value === null ? null : Number(value.toPrecision(4)) };
    });
    const mark = { type: "line", color: colours[nth], strokeWidth: 2, strokeJoin: "round", clip: true, tooltip: null } as const;
    return { data: { values: rows }, mark, encoding: { x: timeChannel(result, false), y } };
  });
  const ends = lines.map(({ name }, nth) => {
    const last = ratios[nth].findLast((ratio) => ratio !== null) ?? 0;
    return { text: shortened(name), colour: colours[nth], y: height * (1 - position(scale, last)) };
  });
  const worst = (ratios[0] ?? []).map((_, i) => Math.max(...ratios.map((values) => values[i] ?? 0)));
  const words = (i: number) => Object.fromEntries(lines.map(({ name }, nth) => [name, ratioText(ratios[nth][i])]));
  return {
    width: plotWidth,
    height,
    layer: [
      ...warmupLayer(result, height),
      ...disturbanceLayers(result, lines),
      ...drawn,
      ...endLabelLayers(ends, height, true),
      hoverLayer(result, each * window_s, height, worst, words),
    ],
  };
}

/** A band for each disturbance of the classes drawn, and above the first of each kind what it is. */
function disturbanceLayers(result: Result, lines: readonly Line[]): Layer[] {
  const all = lines.flatMap(({ recoveries }) => recoveries);
  const apart = all.filter(
    (one, i) => all.findIndex((other) => other.from_s === one.from_s && other.disturbance === one.disturbance) === i,
  );
  if (apart.length === 0) return [];
  const spans = apart.map(({ disturbance, from_s, to_s }) => {
    return { t: onAxis(result, from_s), until: onAxis(result, Math.min(to_s, result.horizon_s)), text: disturbance };
  });
  const firsts = spans.filter(({ text }, i) => spans.findIndex((other) => other.text === text) === i);
  const x = timeChannel(result, false);
  const words = { type: "text", align: "left", baseline: "bottom", dx: 1, dy: -2, fontSize: 10, color: muted, tooltip: null } as const;
  return [
    {
      data: { values: spans },
      mark: { type: "rect", color: "#fdeeda", tooltip: null },
      encoding: { x, x2: { field: "until" }, y: { value: 0 }, y2: { value: height } },
    },
    { data: { values: firsts }, mark: words, encoding: { x, y: { value: 0 }, text: { field: "text", type: "nominal" } } },
  ];
}
