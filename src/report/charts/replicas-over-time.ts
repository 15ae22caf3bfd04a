/** What each pool's replicas were doing, beside what arrived: how many served, and how many were still on their way. */
import type { PoolSeries } from "../../experiment/pool-result.ts";
import type { Result } from "../../experiment/result.ts";
import { amount, seconds } from "../../base/format.ts";
import { lifecycleStates, onTheWay } from "../../serving/fleet/lifecycle.ts";
import { focus, planName } from "../plans.ts";
import { arrivalsPanel } from "./arrivals-panel.ts";
import type { Chart } from "./chart.ts";
import { statesPanel, sumOf } from "./replicas/states-panel.ts";
import { config, title } from "./theme.ts";
import { warmupNote } from "./time-panel.ts";

/** Most pools drawn, and most told of in the headline. */
const mostDrawn = 4;
const mostTold = 2;

export const replicasOverTime: Chart = {
  name: "replicas-over-time",
  applies: (result) => shown(result).some(({ series }) => changes(series)),
  headline,
  spec(result) {
    const point = focus(result)!;
    const pools = shown(result);
    const all = Object.keys(point.series.pools).length;
    const about = [
      `Replicas by state of their life, means over ${seconds(point.series.window_s)}`,
      ...(all > pools.length ? [`${pools.length} of ${all} pools`] : []),
      ...(result.points.length > 1 ? [`plan: ${planName(result, point)}`] : []),
    ];
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), about.join(" · "), `The first replication is drawn; ${warmupNote(result)}`),
      spacing: 30,
      vconcat: [
        arrivalsPanel(result, point, false),
        ...pools.map(({ name, series }, i) => statesPanel(result, name, series, point.series.window_s, i === pools.length - 1)),
      ],
    };
  },
};

interface Shown {
  readonly name: string;
  readonly series: PoolSeries;
}

/** Pools in the scenario's order; of too many those whose replicas do more than serve, then the largest. */
function shown(result: Result): Shown[] {
  const all = Object.entries(focus(result)?.series.pools ?? {}).map(([name, series]) => ({ name, series }));
  const kept = all.toSorted(
    (a, b) =>
      Number(changes(b.series)) - Number(changes(a.series)) ||
      most(sumOf(b.series, lifecycleStates)) - most(sumOf(a.series, lifecycleStates)),
  );
  const names = new Set(kept.slice(0, mostDrawn).map(({ name }) => name));
  return all.filter(({ name }) => names.has(name));
}

/** Whether a replica was ever in another state than ready. */
function changes({ states }: PoolSeries): boolean {
  return lifecycleStates.some((state) => state !== "ready" && states[state].some((value) => value > 0));
}

function headline(result: Result): string {
  const { window_s } = focus(result)!.series;
  const told = shown(result)
    .filter(({ series }) => changes(series))
    .slice(0, mostTold)
    .map(({ name, series }) => ({ name, found: extremes(result, window_s, series) }));
  const whole = told.every(({ found: { low, high, starting } }) => [low, high, starting].every(Number.isInteger));
  const text = told.map(({ name, found }) => `${name}: ${sentence(found)}`).join(". ");
  return whole ? text : `${text} (means over ${seconds(window_s)})`;
}

interface Extremes {
  /** Fewest and most replicas that served. */
  readonly low: number;
  readonly high: number;
  /** Most on their way at once. */
  readonly starting: number;
}

/** Of the measured windows of the first replication, which is the one drawn. */
function extremes({ warmup_s }: Result, window_s: number, series: PoolSeries): Extremes {
  const first = Math.ceil(warmup_s / window_s - 1e-9);
  const measured = (values: readonly number[]) => (first < values.length ? values.slice(first) : values);
  const ready = measured(series.ready);
  const rounded = (value: number) => Number(value.toFixed(2));
  const low = ready.reduce((a, b) => Math.min(a, b), Infinity);
  return { low: rounded(low), high: rounded(most(ready)), starting: rounded(most(measured(sumOf(series, onTheWay)))) };
}

function sentence({ low, high, starting }: Extremes): string {
  const one = high === 1;
  const serving =
    low === high
      ? `${amount(high)} replica${one ? " serves" : "s serve"} throughout`
      : `between ${amount(low)} and ${amount(high)} replicas serve`;
  return starting === 0 ? serving : `${serving}, and at most ${amount(starting)} ${starting === 1 ? "is" : "are"} starting`;
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}
