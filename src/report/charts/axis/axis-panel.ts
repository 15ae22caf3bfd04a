/** One estimate along an ordered axis: a line through the means of each line of plans, with intervals as bars. */
import type { Estimate, Point, Verdict } from "../../../experiment/result.ts";
import { axisChannel, narrowestGap } from "./axis-x.ts";
import type { Layer, Panel, Row } from "../chart.ts";
import type { OrderedAxis } from "./ordered-axis.ts";
import { position, type Scale, tickLabels, vegaScale } from "../scale.ts";
import { plotWidth } from "../theme.ts";
import { endLabelLayers } from "../time-panel.ts";

/** One line: the plans that differ along the axis alone, by rising value. */
export interface Line {
  /** Empty where there is but one. */
  readonly name: string;
  readonly colour: string;
  readonly stops: readonly Stop[];
}

interface Stop {
  readonly x: number;
  readonly point: Point;
  /** Of the watched objective; undefined where the plan has no such objective. */
  readonly verdict: Verdict | undefined;
  /** What a pointer over it is told. */
  readonly words: Readonly<Record<string, string>>;
}

export interface PanelShape {
  readonly axis: OrderedAxis;
  readonly x: Scale;
  readonly y: Scale;
  readonly height: number;
  readonly title: string;
  readonly last: boolean;
  readonly value: (point: Point) => Estimate;
  readonly print: (value: number) => string;
  /** Whether stops that are undecided are drawn hollow. */
  readonly judged: boolean;
}

/** Most pixels between the bars of two lines at one value. */
const widestStep = 4;

/** `behind` is drawn below the lines, `above` over them. */
export function axisPanel(lines: readonly Line[], shape: PanelShape, behind: readonly Layer[], above: readonly Layer[]): Panel {
  const { height, y, value } = shape;
  const step = Math.min(widestStep, narrowestGap(shape.x) / (lines.length + 1));
  const drawn = lines.flatMap((one, i) => lineLayers(one, shape, step * (i - (lines.length - 1) / 2)));
  const ends = lines.flatMap(({ name, colour, stops }) => {
    const last = stops.at(-1);
    return last === undefined || name === "" ? [] : [{ text: name, colour, y: height * (1 - position(y, value(last.point).mean)) }];
  });
  return { width: plotWidth, height, layer: [...behind, ...drawn, ...above, ...endLabelLayers(ends, height, true)] };
}

function lineLayers({ name, colour, stops }: Line, shape: PanelShape, xOffset: number): Layer[] {
  const { y: scale, value } = shape;
  const x = axisChannel(shape.axis, shape.x, shape.last);
  const axis = { title: shape.title, ...tickLabels(scale.ticks, shape.print) };
  const y = { field: "y", type: "quantitative" as const, scale: vegaScale(scale), axis };
  const rows: Row[] = stops.map((stop) => ({
    x: stop.x,
    y: value(stop.point).mean,
    fill: shape.judged && stop.verdict === "undecided" ? "white" : colour,
    ...(name === "" ? {} : { line: name }),
    ...stop.words,
  }));
  const bars = stops.flatMap((stop) => {
    const { low, high } = value(stop.point);
    return low === undefined || high === undefined ? [] : [{ x: stop.x, y: Math.max(low, scale.low), high: Math.min(high, scale.high) }];
  });
  const told = [...(name === "" ? [] : ["line"]), ...Object.keys(stops[0]?.words ?? {})];
  const tooltip = told.map((field) => ({ field, type: "nominal" as const, title: field === "line" ? "" : field }));
  const color = { value: colour };
  const stroke = { type: "line", strokeWidth: 1.75, strokeJoin: "round", xOffset, tooltip: null } as const;
  const dot = { type: "point", filled: true, size: 38, opacity: 1, stroke: colour, strokeWidth: 1.5, xOffset } as const;
  return [
    { data: { values: [...rows] }, mark: stroke, encoding: { x, y, color } },
    {
      data: { values: bars },
      mark: { type: "rule", strokeWidth: 1.5, opacity: 0.65, xOffset, tooltip: null } as const,
      encoding: { x, y, y2: { field: "high" }, color },
    },
    { data: { values: [...rows] }, mark: dot, encoding: { x, y, fill: { field: "fill", type: "nominal", scale: null }, tooltip } },
  ];
}
