/** Scales with ends that are known before drawing, so that labels can be placed in pixels and ticks read as in the tables. */

import { thousands } from "../../base/format.ts";

export interface Scale {
  readonly type: "linear" | "log";
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** From `low` to `high`, widened to whole ticks; about `count` of them, 1, 2 or 5 times a power of ten apart. */
export function linearScale(low: number, high: number, count = 5): Scale {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = power * ([1, 2, 5].find((factor) => (factor * power * count) / span >= 0.999) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { type: "linear", low: ticks[0], high: ticks.at(-1)!, ticks };
}

/** Ends that are positive; ticks at 1, 2 and 5 times the powers of ten, or at powers alone over more than three of them. */
export function logScale(low: number, high: number): Scale {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const factors = last - first > 3 ? [1] : [1, 2, 5];
  const all = Array.from({ length: last - first + 1 }, (_, i) =>
    factors.map((factor) => Number((factor * 10 ** (first + i)).toPrecision(1))),
  );
  return { type: "log", low, high, ticks: all.flat().filter((tick) => tick >= low && tick <= high) };
}

/** Share of the way from the low to the high end. */
export function position({ type, low, high }: Scale, value: number): number {
  if (type === "linear") return (value - low) / (high - low);
  return Math.log(Math.max(value, low) / low) / Math.log(high / low);
}

/** The scale as Vega-Lite wants it. */
export function vegaScale({ type, low, high }: Scale) {
  return { type, domain: [low, high], nice: false, ...(type === "linear" && { zero: false }) };
}

/** A tick that is a plain number, with as many decimals as it has. */
export function tickNumber(value: number): string {
  const [, fraction = ""] = String(Number(value.toPrecision(6))).split(".");
  return thousands(value, fraction.length);
}

/** Ticks with the words of `print`. */
export function tickLabels(ticks: readonly number[], print: (value: number) => string) {
  const words = JSON.stringify(ticks.map(print));
  return { values: [...ticks], labelExpr: `${words}[indexof(${JSON.stringify(ticks)}, datum.value)]` };
}
