/** Replicas of one pool by state of their life, as stacked steps over time. */
import type { PoolSeries } from "../../../experiment/pool-result.ts";
import type { Result } from "../../../experiment/result.ts";
import { amount } from "../../../base/format.ts";
import { type LifecycleState, onTheWay } from "../../../serving/fleet/lifecycle.ts";
import type { Layer, Panel, Row } from "../chart.ts";
import { drawnIndices } from "../downsample.ts";
import { hoverLayer } from "../hover.ts";
import { linearScale, position, type Scale, tickLabels, tickNumber, vegaScale } from "../scale.ts";
import { stateColour, stateStack } from "./state-look.ts";
import { muted, plotWidth } from "../theme.ts";
import { columns, endLabelLayers, onAxis, timeChannel } from "../time-panel.ts";

/** Pixels of a panel at least, and of one name beside it. */
const least = 100;
const perName = 16;

interface Band {
  readonly state: LifecycleState;
  readonly values: readonly number[];
  /** What is stacked below it, per window. */
  readonly floor: readonly number[];
}

export function statesPanel(result: Result, name: string, series: PoolSeries, window_s: number, last: boolean): Panel {
  const bands = bandsOf(series);
  const totals = sumOf(series, stateStack);
  const height = Math.max(least, perName * (bands.length + 1));
  const most = totals.reduce((a, b) => Math.max(a, b), 0) || 1;
  const scale = linearScale(0, most, Math.min(4, Math.ceil(most)));
  const axis = { title: `replicas of ${name}`, ...tickLabels(scale.ticks, tickNumber) };
  const x = timeChannel(result, last);
  const y = { field: "low", type: "quantitative" as const, scale: vegaScale(scale), axis };
  const indices = drawn(totals, sumOf(series, onTheWay));
  const areas = bands.map((band): Layer => {
    const mark = {
      type: "area",
      color: stateColour[band.state],
      interpolate: "step-after",
      line: false,
      opacity: 1,
      tooltip: null,
    } as const;
    return { data: { values: rows(result, band, indices, window_s) }, mark, encoding: { x, y, y2: { field: "high" } } };
  });
  const words = (i: number) => Object.fromEntries(bands.toReversed().map(({ state, values }) => [state, amount(round(values[i]))]));
  return {
    width: plotWidth,
    height,
    layer: [
      ...outageLayers(result, series, height, x),
      ...areas,
      ...endLabelLayers(endLabels(bands, scale, height), height),
      hoverLayer(result, window_s, height, totals, words, x),
    ],
  };
}

const outageWords: Readonly<Record<string, string>> = { stockOut: "no GPUs to be had", zoneLoss: "a zone is lost" };
const outageColours: Readonly<Record<string, string>> = { stockOut: "#fdeeda", zoneLoss: "#f7dfe0" };

/** Behind the replicas a band for each time in which GPUs were out of stock or a zone was lost, and above it what it was. */
function outageLayers(result: Result, { outages }: PoolSeries, height: number, x: ReturnType<typeof timeChannel>): Layer[] {
  if (outages.length === 0) return [];
  const spans = outages.map(({ fault, from_s, to_s }) => {
    return { t: onAxis(result, from_s), until: onAxis(result, to_s), fault, colour: outageColours[fault] };
  });
  // The first of each kind is named: the bands that look like it are more of the same, and names of all would cover each other.
  const firsts = spans.filter(({ fault }, i) => spans.findIndex((other) => other.fault === fault) === i);
  const named = firsts.map(({ t, fault }) => ({ t, text: outageWords[fault] }));
  const across = { x, x2: { field: "until" }, y: { value: 0 }, y2: { value: height } };
  const color = { field: "colour", type: "nominal" as const, scale: null };
  const words = { type: "text", align: "left", baseline: "bottom", dx: 1, dy: -2, fontSize: 10, color: muted, tooltip: null } as const;
  return [
    { data: { values: spans }, mark: { type: "rect", tooltip: null }, encoding: { ...across, color } },
    { data: { values: named }, mark: words, encoding: { x, y: { value: 0 }, text: { field: "text", type: "nominal" } } },
  ];
}

/** Replicas in any of these states, per window. */
export function sumOf({ ready, states }: PoolSeries, some: readonly LifecycleState[]): number[] {
  return ready.map((_, i) => some.reduce((sum, state) => sum + (states[state][i] ?? 0), 0));
}

/** States that occur, from the bottom up. */
function bandsOf({ states }: PoolSeries): Band[] {
  let floor: readonly number[] = states.ready.map(() => 0);
  return stateStack.flatMap((state) => {
    const values = states[state];
    if (values.every((value) => value === 0)) return [];
    const band = { state, values, floor };
    floor = floor.map((below, i) => below + values[i]);
    return [band];
  });
}

/** Windows to draw: the extremes of all replicas and of those on their way, since a start may leave their total as it was. */
function drawn(totals: readonly number[], starting: readonly number[]): number[] {
  const kept = new Set([...drawnIndices(totals, columns), ...drawnIndices(starting, columns)]);
  return [...kept].toSorted((a, b) => a - b);
}

/** The last window is drawn twice, so that its step has a width. */
function rows(result: Result, { values, floor }: Band, indices: readonly number[], window_s: number): Row[] {
  const end = values.length;
  return [...indices, end].map((at) => {
    const i = Math.min(at, end - 1);
    const low = round(floor[i]);
    return { t: onAxis(result, Math.min(at * window_s, result.horizon_s)), low, high: round(floor[i] + values[i]) };
  });
}

/** Beside the middle of each band where it ends, the uppermost first. */
function endLabels(bands: readonly Band[], scale: Scale, height: number) {
  return bands.toReversed().map(({ state, values, floor }) => {
    const middle = (floor.at(-1) ?? 0) + (values.at(-1) ?? 0) / 2;
    return { text: state, colour: stateColour[state], y: height * (1 - position(scale, middle)) };
  });
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
