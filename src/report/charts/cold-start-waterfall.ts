/** Where the time of a cold start goes: its phases one after the other, and the total with how far the slow ones go. */
import type { ColdStartResult } from "../../experiment/pool-result.ts";
import type { Estimate, Result } from "../../experiment/result.ts";
import { amount, seconds } from "../../base/format.ts";
import { withInterval } from "../../experiment/interval-text.ts";
import { startPhases } from "../../serving/fleet/lifecycle.ts";
import { focus, planName } from "../plans.ts";
import type { Chart } from "./chart.ts";
import { stateColour } from "./replicas/state-look.ts";
import { config, plotWidth, title } from "./theme.ts";
import { type Bar, step, waterfallLayers } from "./replicas/waterfall.ts";

/** Most pools drawn: those whose starts take longest. */
const mostPools = 4;
/** Pixels between pools. */
const gap = 16;

const totalColour = "#8d96a3";

export const coldStartWaterfall: Chart = {
  name: "cold-start-waterfall",
  applies: (result) => startsOf(result).length > 0,
  headline,
  spec(result) {
    const all = startsOf(result);
    const { bars, height } = barsOf(all.slice(0, mostPools));
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), ...about(result, all)),
      width: plotWidth,
      height,
      layer: waterfallLayers(bars, height),
    };
  },
};

interface Start {
  readonly pool: string;
  readonly total: Estimate;
  readonly coldStart: ColdStartResult;
}

/** Pools of the plan shown in which replicas started from nothing, the slowest first. */
function startsOf(result: Result): Start[] {
  const pools = Object.entries(focus(result)?.pools ?? {});
  const starts = pools.flatMap(([pool, { coldStart }]) => {
    const total = coldStart.total_s.mean;
    return total === null || total.mean <= 0 ? [] : [{ pool, total, coldStart }];
  });
  return starts.toSorted((a, b) => b.total.mean - a.total.mean);
}

function headline(result: Result): string {
  const all = startsOf(result);
  const [{ pool, total, coldStart }] = all;
  const takes = ({ mean }: Estimate) => seconds(mean);
  if (all.length > 1) {
    const told = all.slice(0, mostPools).map((one, i) => `${takes(one.total)} ${i === 0 ? "until it serves " : ""}in ${one.pool}`);
    return `In the mean a new replica takes ${told.join(", ")}`;
  }
  const longest = phasesOf(coldStart).reduce((a, b) => (b.mean.mean > a.mean.mean ? b : a));
  const part = longest.mean.mean >= total.mean * (1 - 1e-9) ? "all of it" : `${takes(longest.mean)} of it`;
  return `A new replica of ${pool} takes ${takes(total)} until it serves, ${part} ${longest.phase}`;
}

function about(result: Result, all: readonly Start[]): string[] {
  const drawn = all.slice(0, mostPools);
  const counts = drawn.map(({ pool, coldStart: { starts } }) => `${amount(starts.mean)}${drawn.length > 1 ? ` in ${pool}` : ""}`);
  const dropped = all.length > drawn.length ? [`the ${drawn.length} slowest of ${all.length} pools`] : [];
  const plan = result.points.length > 1 ? [`plan: ${planName(result, focus(result)!)}`] : [];
  return [
    ["Mean time of each phase of a start from nothing; the whisker ends at the p95 of a start", ...dropped, ...plan].join(" · "),
    `Starts per replication: ${counts.join(", ")}`,
  ];
}

/** Phases that take time, in their order. */
function phasesOf({ phases_s }: ColdStartResult) {
  return startPhases.flatMap((phase) => {
    const mean = phases_s[phase];
    return mean === null || mean.mean <= 0 ? [] : [{ phase, mean }];
  });
}

function barsOf(starts: readonly Start[]): { bars: Bar[]; height: number } {
  const bars: Bar[] = [];
  let y = 0;
  for (const { pool, total, coldStart } of starts) {
    if (y > 0) y += gap;
    let from = 0;
    const put = (bar: Omit<Bar, "y">) => {
      bars.push({ ...bar, y: y + step / 2 });
      y += step;
    };
    for (const { phase, mean } of phasesOf(coldStart)) {
      const to = from + mean.mean;
      const text = seconds(mean.mean);
      put({ name: phase, heading: false, from, to, colour: stateColour[phase], text, told: withInterval(mean, seconds), goesOn: true });
      from = to;
    }
    const { p95 } = coldStart.total_s;
    const text = p95 === null ? seconds(total.mean) : `${seconds(total.mean)}, p95 ${seconds(p95.mean)}`;
    const told = `${withInterval(total, seconds)}${p95 === null ? "" : `, p95 ${withInterval(p95, seconds)}`}`;
    const name = starts.length > 1 ? pool : "until it serves";
    const whisker = p95 === null ? {} : { whisker: p95.mean };
    put({ name, heading: true, from: 0, to: total.mean, colour: totalColour, text, told, goesOn: false, ...whisker });
  }
  return { bars, height: y };
}
