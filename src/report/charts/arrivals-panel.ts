/** A thin line of requests per second, all classes together: the cause that stands below its effects. */
import type { Point, Result } from "../../experiment/result.ts";
import { amount } from "../../base/format.ts";
import type { Panel } from "./chart.ts";
import { drawnIndices } from "./downsample.ts";
import { hoverLayer } from "./hover.ts";
import { linearScale, tickLabels, tickNumber, vegaScale } from "./scale.ts";
import { muted, plotWidth } from "./theme.ts";
import { columns, onAxis, timeChannel, warmupLayer } from "./time-panel.ts";

const height = 64;

export function arrivalsPanel(result: Result, point: Point, last: boolean): Panel {
  const { window_s, classes } = point.series;
  const each = Object.values(classes);
  const rates = (each[0]?.offered ?? []).map((_, i) => each.reduce((sum, one) => sum + one.offered[i], 0) / window_s);
  const values = drawnIndices(rates, columns).map((i) => ({
    t: onAxis(result, i * window_s),
    v: Number(rates[i].toPrecision(4)),
  }));
  const scale = linearScale(0, rates.reduce((a, b) => Math.max(a, b), 0) || 1, 3);
  const axis = { title: "requests offered, all classes, per second", ...tickLabels(scale.ticks, tickNumber) };
  const encoding = {
    x: timeChannel(result, last),
    y: { field: "v", type: "quantitative", scale: vegaScale(scale), axis } as const,
  };
  const line = { data: { values }, mark: { type: "line", color: muted, strokeWidth: 1, tooltip: null } as const, encoding };
  const hover = hoverLayer(result, window_s, height, rates, (i) => ({ offered: `${amount(rates[i])} per second` }), encoding.x);
  return { width: plotWidth, height, layer: [...warmupLayer(result, height, encoding.x), line, hover] };
}
