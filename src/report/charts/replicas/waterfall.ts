/** Bars that begin where the one above ends, with names on their left and values on their right. */
import type { Layer, Row } from "../chart.ts";
import { linearScale, type Scale, tickLabels, tickNumber, vegaScale } from "../scale.ts";
import { hairline, ink, muted } from "../theme.ts";

/** Pixels from the middle of one bar to the next, and of a bar. */
export const step = 26;
const thickness = 16;

export interface Bar {
  readonly name: string;
  /** Whether it is the sum of those above. */
  readonly heading: boolean;
  /** Pixels from the top to its middle. */
  readonly y: number;
  /** Seconds, unless another unit is given. */
  readonly from: number;
  readonly to: number;
  readonly colour: string;
  readonly text: string;
  readonly told: string;
  /** Where the whisker ends. */
  readonly whisker?: number;
  /** Whether the next bar goes on where this one ends. */
  readonly goesOn: boolean;
}

/** What lengths of bars are told in. */
export interface Unit {
  /** Of what bars are given in. */
  readonly size: number;
  readonly scale: Scale;
  readonly title: string;
  readonly print: (tick: number) => string;
  /** What a bar is, in the words of a tooltip. */
  readonly bar: string;
}

function unitOf(longest_s: number): Unit {
  const [size, name] = longest_s > 7200 ? [3600, "hours"] : longest_s > 120 ? [60, "minutes"] : [1, "seconds"];
  return { size, scale: linearScale(0, longest_s / size, 8), title: `${name} into a start`, print: tickNumber, bar: "phase" };
}

/** @param unit that of time unless given */
export function waterfallLayers(
  bars: readonly Bar[],
  height: number,
  unit: Unit = unitOf(bars.reduce((longest, { to, whisker }) => Math.max(longest, to, whisker ?? 0), 0)),
): Layer[] {
  const { size, scale, title: name, print, bar: noun } = unit;
  const x = {
    field: "from",
    type: "quantitative" as const,
    scale: vegaScale(scale),
    axis: { title: name, grid: true, gridColor: hairline, ...tickLabels(scale.ticks, print) },
  };
  const y = { field: "y", type: "quantitative" as const, scale: { domain: [height, 0], nice: false, zero: false }, axis: null };
  const at = (value: number) => Number((value / size).toPrecision(9));
  const values: Row[] = bars.map(({ name: what, text, told, colour, ...bar }) => {
    const ends = { from: at(bar.from), to: at(bar.to), end: at(Math.max(bar.from, bar.to, bar.whisker ?? 0)) };
    return { ...ends, y: bar.y, top: bar.y - thickness / 2, bottom: bar.y + thickness / 2, what, text, told, colour };
  });
  const joints: Row[] = bars.flatMap((bar) =>
    bar.goesOn ? [{ from: at(bar.to), y: bar.y + thickness / 2, next: bar.y + step - thickness / 2 }] : [],
  );
  const whiskers: Row[] = bars.flatMap(({ to, whisker, y: middle }) =>
    whisker === undefined ? [] : [{ from: at(to), to: at(whisker), y: middle, top: middle - 5, bottom: middle + 5 }],
  );
  const told = [
    { field: "what", type: "nominal" as const, title: noun },
    { field: "told", type: "nominal" as const, title: "mean" },
  ];
  const colour = { field: "colour", type: "nominal" as const, scale: null };
  const words = { type: "text", baseline: "middle", tooltip: null } as const;
  const thin = { type: "rule", color: ink, strokeWidth: 1.25, tooltip: null } as const;
  return [
    {
      data: { values: [...joints] },
      mark: { type: "rule", color: muted, strokeWidth: 1, tooltip: null } as const,
      encoding: { x, y, y2: { field: "next" } },
    },
    {
      data: { values: [...values] },
      mark: "rect",
      encoding: { x, x2: { field: "to" }, y: { ...y, field: "top" }, y2: { field: "bottom" }, color: colour, tooltip: told },
    },
    { data: { values: [...whiskers] }, mark: thin, encoding: { x, x2: { field: "to" }, y } },
    {
      data: { values: [...whiskers] },
      mark: thin,
      encoding: { x: { ...x, field: "to" }, y: { ...y, field: "top" }, y2: { field: "bottom" } },
    },
    ...[true, false].map((heading): Layer => ({
      data: { values: values.filter((_, i) => bars[i].heading === heading) },
      mark: { ...words, align: "right", fontWeight: heading ? 600 : 400 },
      encoding: { x: { value: -10 }, y, text: { field: "what", type: "nominal" } },
    })),
    // A white rim first, so that no grid line runs through the words.
    ...[{ stroke: "white", strokeWidth: 4, strokeJoin: "round" } as const, {}].map((rim): Layer => ({
      data: { values: [...values] },
      mark: { ...words, align: "left", dx: 7, ...rim },
      encoding: { x: { ...x, field: "end" }, y, text: { field: "text", type: "nominal" } },
    })),
  ];
}
