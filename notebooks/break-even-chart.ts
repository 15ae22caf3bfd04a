/** What a warm replica-hour may cost, by what a miss costs: one line for each further replica, and the price that is asked. */
import type { TopLevelSpec } from "vega-lite";
import { dollars, percent } from "../src/base/format.ts";
import { confidence } from "../src/experiment/estimate.ts";
import { dollarsWithInterval } from "../src/experiment/interval-text.ts";
import type { Result } from "../src/experiment/result.ts";
import type { Layer } from "../src/report/charts/chart.ts";
import { spread } from "../src/report/charts/labels.ts";
import { linearScale, position, tickLabels, tickNumber, vegaScale } from "../src/report/charts/scale.ts";
import { config, muted, okabeIto, plotWidth, sloRed, title } from "../src/report/charts/theme.ts";
import { breakEvenPrice, type Step, verdictOn } from "./break-even.ts";
import { ordinal } from "./break-even-words.ts";

export interface Asked {
  /** Dollars, assumed. */
  readonly usdPerMiss: number;
  /** Dollars of a warm replica-hour, as it is sold. */
  readonly usdPerHour: number;
}

const height = 320;
const colours = [okabeIto.blue, okabeIto.green, okabeIto.vermillion, okabeIto.purple, okabeIto.orange, okabeIto.skyBlue];

const cents = (value: number): string => `$${value.toFixed(2)}`;
const whole = (value: number): string => `$${tickNumber(value)}`;

/** @param steps at most six */
export function breakEvenChart(steps: readonly Step[], asked: Asked, sample: Pick<Result, "seed" | "replications">): TopLevelSpec {
  const { usdPerMiss, usdPerHour } = asked;
  const x = linearScale(0, 2 * usdPerMiss, 5);
  const ends = steps.map((step) => breakEvenPrice(step, x.high).mean);
  const y = linearScale(0, Math.max(...ends, usdPerHour * 2), 6);
  const scales = {
    x: { type: "quantitative" as const, scale: vegaScale(x), axis: { title: "cost of a miss", ...tickLabels(x.ticks, cents) } },
    y: {
      type: "quantitative" as const,
      scale: vegaScale(y),
      axis: { title: "break-even price of a warm replica-hour", ...tickLabels(y.ticks, whole) },
    },
  };
  const label = (text: string, colour: string) => ({ type: "text" as const, text, color: colour, fontWeight: 600 as const });
  const pixels = (value: number): number => height * (1 - position(y, value));
  const lines = steps.map((step, i): Layer => {
    const values = [0, 1].map((share) => {
      const miss = x.low + share * (x.high - x.low);
      return { miss, price: breakEvenPrice(step, miss).mean };
    });
    const encoding = { x: { ...scales.x, field: "miss" }, y: { ...scales.y, field: "price" } };
    return { data: { values }, mark: { type: "line", color: colours[i], strokeWidth: 2, clip: true }, encoding };
  });
  const bands = steps.map((step, i): Layer => {
    const values = Array.from({ length: 41 }, (_, k) => {
      const miss = x.low + (k / 40) * (x.high - x.low);
      const { mean, low = mean, high = mean } = breakEvenPrice(step, miss);
      return { miss, low, high };
    });
    const encoding = { x: { ...scales.x, field: "miss" }, y: { ...scales.y, field: "low" }, y2: { field: "high" } };
    return { data: { values }, mark: { type: "area", color: colours[i], opacity: 0.14, clip: true }, encoding };
  });
  const places = spread(
    ends.map((end) => pixels(Math.max(end, y.low))),
    14,
    0,
    height,
  );
  const names = steps.map(({ size }, i): Layer => ({
    data: { values: [{}] },
    mark: { ...label(`${ordinal(size)} warm replica`, colours[i]), align: "left", dx: 8 },
    encoding: { x: { value: plotWidth }, y: { value: places[i] } },
  }));
  const rules: Layer[] = [
    {
      data: { values: [{}] },
      mark: { type: "rule", color: sloRed, strokeDash: [6, 4], strokeWidth: 1.5 },
      encoding: { x: { value: 0 }, x2: { value: plotWidth }, y: { value: pixels(usdPerHour) } },
    },
    {
      data: { values: [{}] },
      mark: { ...label(`price: ${dollars(usdPerHour)} an hour`, sloRed), align: "left", dy: -9 },
      encoding: { x: { value: 6 }, y: { value: pixels(usdPerHour) } },
    },
    {
      data: { values: [{}] },
      mark: { type: "rule", color: muted, strokeDash: [2, 3] },
      encoding: { x: { value: plotWidth * position(x, usdPerMiss) }, y: { value: 0 }, y2: { value: height } },
    },
    {
      data: { values: [{}] },
      mark: { ...label(`assumed: ${dollars(usdPerMiss)} a miss`, muted), align: "right", dx: -6 },
      encoding: { x: { value: plotWidth * position(x, usdPerMiss) }, y: { value: 8 } },
    },
  ];
  const headline = breakEvenHeadline(steps, asked);
  const about = [
    "A replica pays for itself where its line runs above the price; money saved or spent on other replicas is counted in",
    `Bands are ${percent(confidence, 0)} intervals of differences paired by replication`,
  ];
  return {
    config,
    description: headline,
    title: title(sample, headline, ...about),
    width: plotWidth,
    height,
    layer: [...bands, ...lines, ...rules, ...names],
  };
}

/** The last replica that surely pays and the first after it that surely does not; neutral where none does. */
export function breakEvenHeadline(steps: readonly Step[], { usdPerMiss, usdPerHour }: Asked): string {
  const pays = steps.findLast((step) => verdictOn(step, usdPerMiss) === "pays");
  const worth = (step: Step): string => `is worth ${dollarsWithInterval(breakEvenPrice(step, usdPerMiss))} an hour`;
  const given = `At ${dollars(usdPerMiss)} a miss`;
  if (pays === undefined) return `${given} no further warm replica surely pays for itself at ${dollars(usdPerHour)} an hour`;
  const next = steps.find((step) => step.size > pays.size && verdictOn(step, usdPerMiss) === "does not pay");
  const rest = next === undefined ? "" : `; the ${ordinal(next.size)} ${worth(next)}`;
  return `${given} the ${ordinal(pays.size)} warm replica ${worth(pays)} and costs ${dollars(usdPerHour)}${rest}`;
}
