/** Bars that all begin at zero, in rows that several panels share, with intervals and a value at the end of each. */
import type { Layer, Panel, Row } from "../chart.ts";
import { linearScale, type Scale, tickLabels, vegaScale } from "../scale.ts";
import { hairline, ink } from "../theme.ts";

/** Pixels from one row to the next. */
const rowStep = 28;

export interface EndedBar {
  /** Position of its row, from 0. */
  readonly row: number;
  /** Of the row's height that bars have: which part of how many is its own. */
  readonly part: number;
  readonly parts: number;
  readonly to: number;
  /** Ends of its interval. */
  readonly low?: number;
  readonly high?: number;
  readonly colour: string;
  /** At its end; nothing unless given. */
  readonly text?: string;
  readonly told: string;
}

interface PanelLook {
  readonly width: number;
  readonly title: string;
  readonly print: (tick: number) => string;
  /** Of the rows, on the left; none unless given. */
  readonly names?: readonly string[];
  /** Room for the texts at the ends, as a multiple of the longest bar. */
  readonly room: number;
}

const thickness = 16;

export function barsPanel(bars: readonly EndedBar[], rows: readonly string[], { width, title, print, names = [], room }: PanelLook): Panel {
  const height = rows.length * rowStep;
  const ends = bars.flatMap(({ to, low = to, high = to }) => [to, low, high]);
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const scale = trimmed(linearScale(least * room, most * room || (least === 0 ? 1 : 0), 4), bars, width);
  const x = {
    field: "from",
    type: "quantitative" as const,
    scale: vegaScale(scale),
    axis: { title, grid: true, gridColor: hairline, ...tickLabels(scale.ticks, print) },
  };
  const y = { field: "y", type: "quantitative" as const, scale: { domain: [height, 0], nice: false, zero: false }, axis: null };
  const values = bars.map(({ row, part, parts, to, low = to, high = to, colour, text = "", told }) => {
    const top = (row + 0.5) * rowStep - thickness / 2 + (thickness * part) / parts;
    const bottom = top + thickness / parts;
    const end = to < 0 ? Math.min(low, to) : Math.max(high, to);
    return { from: 0, to, low, high, end, top, bottom, y: (top + bottom) / 2, colour, text, told, what: rows[row] };
  });
  const whiskers: Row[] = values.filter(({ low, high }) => low < high);
  const colour = { field: "colour", type: "nominal" as const, scale: null };
  const told = [
    { field: "what", type: "nominal" as const, title: "what" },
    { field: "told", type: "nominal" as const, title: "change" },
  ];
  const words = { type: "text", baseline: "middle", tooltip: null } as const;
  const textsOf = (negative: boolean, rim: object): Layer => ({
    data: { values: values.filter(({ to, text }) => text !== "" && to < 0 === negative) },
    mark: { ...words, align: negative ? "right" : "left", dx: negative ? -6 : 6, ...rim },
    encoding: { x: { ...x, field: "end" }, y, text: { field: "text", type: "nominal" } },
  });
  const rims = [{ stroke: "white", strokeWidth: 4, strokeJoin: "round" } as const, {}];
  const layer: Layer[] = [
    {
      data: { values },
      mark: "rect",
      encoding: { x, x2: { field: "to" }, y: { ...y, field: "top" }, y2: { field: "bottom" }, color: colour, tooltip: told },
    },
    {
      data: { values: [{ from: 0, y: 0, to: height }] },
      mark: { type: "rule", color: ink, strokeWidth: 1, tooltip: null },
      encoding: { x, y, y2: { field: "to" } },
    },
    {
      data: { values: whiskers },
      mark: { type: "rule", color: ink, strokeWidth: 1.25, tooltip: null },
      encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y },
    },
    ...rims.flatMap((rim) => [textsOf(false, rim), textsOf(true, rim)]),
  ];
  if (names.length > 0) {
    layer.push({
      data: { values: names.map((name, i) => ({ name, y: (i + 0.5) * rowStep })) },
      mark: { ...words, align: "right" },
      encoding: { x: { value: -10 }, y, text: { field: "name", type: "nominal" } },
    });
  }
  return { width, height, layer };
}

/** Pixels of a character at the end of a bar, and from the bar to the first. */
const character = 6.5;
const gap = 10;
/** A side that reaches no further than this part of the other. */
const minor = 0.1;

/** Without a whole step to a side on which there is next to nothing: no more than that and its text need. */
function trimmed(scale: Scale, bars: readonly EndedBar[], width: number): Scale {
  const unit = (scale.high - scale.low) / width;
  const ends = bars.map(({ to, low = to, high = to, text = "" }) => {
    const side = unit * (text === "" ? 0 : gap + character * text.length);
    return {
      low: Math.min(0, low, to < 0 ? Math.min(to, low) - side : 0),
      high: Math.max(0, high, to < 0 ? 0 : Math.max(to, high) + side),
    };
  });
  const [low, high] = [Math.min(...ends.map((end) => end.low)), Math.max(...ends.map((end) => end.high))];
  const [least, most] = [Math.min(0, ...bars.map(({ to }) => to)), Math.max(0, ...bars.map(({ to }) => to))];
  const from = -least < minor * most ? Math.max(scale.low, low) : scale.low;
  const to = most < minor * -least ? Math.min(scale.high, high) : scale.high;
  return { ...scale, low: from, high: to, ticks: scale.ticks.filter((tick) => tick >= from && tick <= to) };
}
