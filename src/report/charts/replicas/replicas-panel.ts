/** Replicas over time as stacked steps: ready below, then those starting, then the warm pool. Several pools are added up. */
import type { PoolSeries } from "../../../experiment/pool-result.ts";
import type { Point, Result } from "../../../experiment/result.ts";
import { amount } from "../../../base/format.ts";
import type { Panel } from "../chart.ts";
import { drawnIndices } from "../downsample.ts";
import { hoverLayer } from "../hover.ts";
import { linearScale, position, tickLabels, tickNumber, vegaScale } from "../scale.ts";
import { okabeIto, plotWidth } from "../theme.ts";
import { columns, endLabelLayers, onAxis, timeChannel } from "../time-panel.ts";

const height = 96;
const states = [
  { name: "ready", colour: "#b4bac4" },
  { name: "starting", colour: okabeIto.orange },
  { name: "warm", colour: "#dde1e7" },
] as const;

export function replicasPanel(result: Result, point: Point): Panel {
  const pools = Object.entries(point.series.pools);
  const drawn = states
    .map((state) => Object.assign({ values: summed(pools, state.name) }, state))
    .filter(({ values }) => values.some((value) => value > 0));
  const totals = summed(pools, "ready").map((_, i) => drawn.reduce((sum, { values }) => sum + values[i], 0));
  const scale = linearScale(0, totals.reduce((a, b) => Math.max(a, b), 0) || 1, 3);
  const lengths = totals.length;
  const indices = [...drawnIndices(totals, columns), lengths];
  const floor = totals.map(() => 0);
  const layers = drawn.map(({ colour, values }) => {
    const rows = indices.map((drawnAt) => {
      const i = Math.min(drawnAt, lengths - 1);
      const at_s = drawnAt * point.series.window_s;
      const low = round(floor[i]);
      return {
        t: onAxis(result, Math.min(at_s, result.horizon_s)),
        low,
        high: round(floor[i] + values[i]),
      };
    });
    for (const [i, value] of values.entries()) floor[i] = floor[i] + value;
    return areaLayer(result, rows, colour, scale, pools);
  });
  const words = (i: number) => Object.fromEntries(drawn.map(({ name, values }) => [name, amount(round(values[i]))]));
  const hover = hoverLayer(result, point.series.window_s, height, totals, words, timeChannel(result, true));
  return { width: plotWidth, height, layer: [...layers, ...endLabelLayers(endLabels(drawn, scale), height), hover] };
}

function areaLayer(
  result: Result,
  values: object[],
  color: string,
  scale: ReturnType<typeof linearScale>,
  pools: readonly [string, PoolSeries][],
) {
  const axis = {
    title: pools.length === 1 ? `replicas of ${pools[0][0]}` : "replicas of all pools",
    ...tickLabels(scale.ticks, tickNumber),
  };
  const y = { field: "low", type: "quantitative", scale: vegaScale(scale), axis } as const;
  const mark = { type: "area", color, interpolate: "step-after", line: false, opacity: 1, tooltip: null } as const;
  return { data: { values }, mark, encoding: { x: timeChannel(result, true), y, y2: { field: "high" } } };
}

/** Beside the middle of each band where it ends. */
function endLabels(drawn: readonly { name: string; colour: string; values: readonly number[] }[], scale: ReturnType<typeof linearScale>) {
  let floor = 0;
  return drawn
    .map(({ name, colour, values }) => {
      const value = values.at(-1) ?? 0;
      const middle = floor + value / 2;
      floor += value;
      return { text: name, colour, y: height * (1 - position(scale, middle)) };
    })
    .toReversed();
}

function summed(pools: readonly [string, PoolSeries][], state: (typeof states)[number]["name"]): number[] {
  const first = pools[0]?.[1][state] ?? [];
  return first.map((_, i) => pools.reduce((sum, [, series]) => sum + (series[state][i] ?? 0), 0));
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
