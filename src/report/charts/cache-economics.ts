/** What a cache saves and what it costs, part by part, down to what is left. */
import { dollars } from "../../base/format.ts";
import type { CacheEconomics, MoneyPart } from "../../experiment/cache-result.ts";
import { cacheName, hitRateText, losingText, partWords, settingsOf, worthText } from "../../experiment/cache-words.ts";
import { dollarsWithInterval } from "../../experiment/interval-text.ts";
import type { Point, Result } from "../../experiment/result.ts";
import { focus } from "../plans.ts";
import { moneyTicks } from "./axis/money-ticks.ts";
import type { Chart } from "./chart.ts";
import { type Bar, step, type Unit, waterfallLayers } from "./replicas/waterfall.ts";
import { linearScale } from "./scale.ts";
import { config, okabeIto, plotWidth, title } from "./theme.ts";

/** Pixels between two plans. */
const gap = 18;
const mostParts = 5;
const netColour = "#8d96a3";

export const cacheEconomics: Chart = {
  name: "cache-economics",
  applies: (result) => drawnOf(result).length > 0,
  headline,
  spec(result) {
    const { bars, height } = barsOf(result, drawnOf(result));
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), ...about(result)),
      width: plotWidth,
      height,
      layer: waterfallLayers(bars, height, unitOf(bars)),
    };
  },
};

interface Drawn {
  readonly name: string;
  readonly point: Point;
  readonly economics: CacheEconomics;
}

/** The cache whose money moves most: where plans differ in it, in the plan in which it is worth least and that in which it is worth most. */
function drawnOf(result: Result): Drawn[] {
  const all = result.points.flatMap((point) =>
    Object.entries(point.economics ?? {}).flatMap(([name, economics]): Drawn[] =>
      Object.keys(economics.saved_usd_per_month).length === 0 ? [] : [{ name, point, economics }],
    ),
  );
  const net = ({ economics }: Drawn): number => economics.net_usd_per_month.mean;
  const [largest] = all.toSorted((a, b) => Math.abs(net(b)) - Math.abs(net(a)));
  if (largest === undefined) return [];
  const own = all.filter(({ name }) => name === largest.name).toSorted((a, b) => net(a) - net(b));
  const asked = result.points.filter(({ economics }) => economics !== undefined).length;
  if (asked < 2) return own.filter(({ point }) => point === focus(result));
  return own.length === 1 ? own : [own[0], own[own.length - 1]];
}

function headline(result: Result): string {
  const drawn = drawnOf(result);
  const losing = losingText(
    drawn.map(({ point }) => point),
    result.axes,
  );
  if (losing !== undefined) return losing;
  const { name, economics, point } = drawn[drawn.length - 1];
  const at = drawn.length > 1 ? ` at ${settingsOf(point, result.axes)}` : "";
  return `${worthText(name, economics)}${at}`;
}

function about(result: Result): string[] {
  const drawn = drawnOf(result);
  const [{ name, economics }] = drawn;
  const even = drawn.length > 1 ? "" : hitRateText(economics);
  const what = `${cacheName(name)} against the same plan without it, on the same seeds, dollars per month`;
  return [[what, ...(even === "" ? [] : [even])].join(" · ")];
}

/** What is saved, then what is spent, each the largest first; the smallest of too many are one. */
function partsOf({ saved_usd_per_month: saved }: CacheEconomics): { name: string; mean: number; told: string }[] {
  const all = Object.entries(saved).map(([part, one]) => ({
    name: partWords[part as MoneyPart],
    mean: one.mean,
    told: dollarsWithInterval(one),
  }));
  const bySize = all.toSorted((a, b) => Math.abs(b.mean) - Math.abs(a.mean));
  const kept = bySize.slice(0, bySize.length > mostParts ? mostParts - 1 : mostParts);
  const rest = bySize.slice(kept.length).reduce((sum, { mean }) => sum + mean, 0);
  const others = bySize.length > kept.length ? [{ name: "others", mean: rest, told: dollars(rest) }] : [];
  return [...kept, ...others].toSorted((a, b) => b.mean - a.mean);
}

function barsOf(result: Result, drawn: readonly Drawn[]): { bars: Bar[]; height: number } {
  const bars: Bar[] = [];
  let y = 0;
  for (const { point, economics } of drawn) {
    if (y > 0) y += gap;
    let from = 0;
    const put = (bar: Omit<Bar, "y">): void => {
      bars.push({ ...bar, y: y + step / 2 });
      y += step;
    };
    for (const { name, mean, told } of partsOf(economics)) {
      const colour = mean < 0 ? okabeIto.vermillion : okabeIto.green;
      put({ name, heading: false, from, to: from + mean, colour, text: dollars(mean), told, goesOn: true });
      from += mean;
    }
    const net = economics.net_usd_per_month;
    const name = drawn.length > 1 ? `net, ${settingsOf(point, result.axes)}` : "net";
    const text = dollarsWithInterval(net);
    put({ name, heading: true, from: 0, to: net.mean, colour: netColour, text, told: text, goesOn: false });
  }
  return { bars, height: y };
}

function unitOf(bars: readonly Bar[]): Unit {
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  const scale = linearScale(Math.min(0, ...ends), Math.max(0, ...ends), 7);
  const print = moneyTicks({ ...scale, high: Math.max(scale.high, -scale.low) });
  const signed = (value: number): string => (value < 0 ? `−${print(-value)}` : print(value));
  return { size: 1, scale, title: "dollars per month that it saves", print: signed, bar: "part" };
}
