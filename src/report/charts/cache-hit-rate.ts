/** Hit rates of caches over time: how they grow from empty, and what an invalidation costs. */
import type { Point, Result } from "../../experiment/result.ts";
import { percent, seconds } from "../../base/format.ts";
import { focus, planName } from "../plans.ts";
import { shortened } from "../value-names.ts";
import { arrivalsPanel } from "./arrivals-panel.ts";
import type { Chart, Layer, Panel } from "./chart.ts";
import { drawnIndices } from "./downsample.ts";
import { finding } from "./hit-rate/finding.ts";
import { type CacheLine, cacheLines, groupingOf, ratesOf } from "./hit-rate/rates.ts";
import { hoverLayer } from "./hover.ts";
import { linearScale, position, tickLabels, vegaScale } from "./scale.ts";
import { config, okabeIto, plotWidth, title } from "./theme.ts";
import { columns, endLabelLayers, onAxis, timeChannel, warmupLayer, warmupNote } from "./time-panel.ts";

const height = 200;
const colours = [okabeIto.blue, okabeIto.vermillion, okabeIto.green, okabeIto.purple, okabeIto.orange, okabeIto.skyBlue];

export const cacheHitRate: Chart = {
  name: "cache-hit-rate",
  applies: (result) => shown(result).length > 0,
  headline,
  spec(result) {
    const point = focus(result)!;
    const lines = shown(result);
    const about = [
      `Hits among the look-ups of ${seconds(groupingOf(lines) * point.series.window_s)}; a final hit rate is that of the last quarter of the run`,
      ...(result.points.length > 1 ? [`plan: ${planName(result, point)}`] : []),
    ];
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), about.join(" · "), `The first replication is drawn; ${warmupNote(result)}`),
      spacing: 26,
      vconcat: [ratePanel(result, point, lines), arrivalsPanel(result, point, true)],
    };
  },
};

function shown(result: Result): CacheLine[] {
  const point = focus(result);
  return point === undefined ? [] : cacheLines(point);
}

function headline(result: Result): string {
  const text = finding(shown(result), focus(result)!.series.window_s);
  return text.startsWith("the ") ? `T${text.slice(1)}` : text;
}

function ratePanel(result: Result, { series: { window_s } }: Point, lines: readonly CacheLine[]): Panel {
  const each = groupingOf(lines);
  const rates = lines.map(({ series }) => ratesOf(series, each));
  const highest = rates.flat().reduce<number>((most, rate) => Math.max(most, rate ?? 0), 0);
  const scale = linearScale(0, Math.max(highest, 0.01), 5);
  const axis = { title: "hit rate", ...tickLabels(scale.ticks, (tick) => `${Number((tick * 100).toPrecision(6))} %`) };
  const y = { field: "v", type: "quantitative", scale: vegaScale(scale), axis } as const;
  const drawn = rates.map((values, nth): Layer => {
    const rows = drawnIndices(values, columns).map((i) => {
      const value = values[i];
      return { t: onAxis(result, i * each * window_s), v: value === null ? null : Number(value.toPrecision(4)) };
    });
    const look = { color: colours[nth], strokeWidth: 2, strokeCap: "round", strokeJoin: "round" } as const;
    return {
      data: { values: rows },
      mark: { type: "line", ...look, clip: true, tooltip: null },
      encoding: { x: timeChannel(result, false), y },
    };
  });
  const ends = lines.map(({ name }, nth) => {
    const last = rates[nth].findLast((rate) => rate !== null) ?? 0;
    return { text: shortened(name), colour: colours[nth], y: height * (1 - position(scale, last)) };
  });
  const most = rates[0].map((_, i) => Math.max(...rates.map((values) => values[i] ?? 0)));
  const words = (i: number) => Object.fromEntries(lines.map(({ name }, nth) => [name, percent(rates[nth][i] ?? Number.NaN, 1)]));
  return {
    width: plotWidth,
    height,
    layer: [
      ...warmupLayer(result, height),
      ...drawn,
      ...endLabelLayers(ends, height, true),
      hoverLayer(result, each * window_s, height, most, words),
    ],
  };
}
