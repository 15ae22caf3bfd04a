/** The x axis of a chart along an ordered axis: the values simulated are its ticks. */
import { type OrderedAxis } from "./ordered-axis.ts";
import { textWidth } from "../labels.ts";
import { position, type Scale, tickLabels, vegaScale } from "../scale.ts";
import { plotWidth } from "../theme.ts";

/** Share of the width left free at both ends, for intervals moved aside and for half a dot. */
const margin = 0.02;

/** Neighbours nearer than this, in pixels on a linear scale, are drawn on a logarithmic one if that moves all so far apart. */
const tight = 14;

export function axisScale({ numbers }: OrderedAxis): Scale {
  const ticks = numbers.toSorted((a, b) => a - b);
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const reach = margin / (1 - 2 * margin);
  const linear: Scale = { type: "linear", low: low - reach * (high - low), high: high + reach * (high - low), ticks };
  if (low <= 0) return linear;
  const widened = Math.exp(reach * Math.log(high / low));
  const log: Scale = { type: "log", low: low / widened, high: high * widened, ticks };
  return narrowestGap(linear) < tight && narrowestGap(log) >= tight ? log : linear;
}

/** Pixels between the two ticks nearest to each other. */
export function narrowestGap(scale: Scale): number {
  const places = scale.ticks.map((tick) => plotWidth * position(scale, tick));
  return places.slice(1).reduce((least, place, i) => Math.min(least, place - places[i]), plotWidth);
}

/** The x channel; only the last panel has words below it. */
export function axisChannel(axis: OrderedAxis, scale: Scale, last: boolean) {
  const words = tickLabels(scale.ticks, (tick) => (last && labelled(axis, scale).includes(tick) ? axis.print(tick) : ""));
  const title = scale.type === "log" ? `${axis.path}, log scale` : axis.path;
  const look = { title: last ? title : null, labels: last, labelOverlap: false, domain: last, ticks: last };
  return { field: "x", type: "quantitative" as const, scale: vegaScale(scale), axis: { ...words, ...look } };
}

/**
 * Ticks whose words fit: every one, else every second and so on where that leaves equal steps, else each that does not touch the
 * one before it.
 */
export function labelled(axis: OrderedAxis, scale: Scale): number[] {
  const { ticks } = scale;
  const room = (from: number, to: number) => {
    const words = (textWidth(axis.print(from)) + textWidth(axis.print(to))) / 2 + 5;
    return plotWidth * (position(scale, to) - position(scale, from)) >= words;
  };
  const fits = (some: readonly number[]) => some.slice(1).every((to, i) => room(some[i], to));
  if (equalSteps(ticks)) {
    for (let each = 1; each < ticks.length; each++) {
      const some = ticks.filter((_, i) => i % each === 0);
      if (fits(some)) return some;
    }
  }
  const kept: number[] = [];
  for (const tick of ticks) if (kept.length === 0 || room(kept[kept.length - 1], tick)) kept.push(tick);
  return kept;
}

function equalSteps(ticks: readonly number[]): boolean {
  const step = ticks[1] - ticks[0];
  return ticks.slice(1).every((tick, i) => Math.abs(tick - ticks[i] - step) < step * 1e-6);
}
