/** What each plan costs against how long its users wait, with the plans that no other beats on both. */
import type { Estimate, Point, Result } from "../../experiment/result.ts";
import { dollars, plural, seconds } from "../../base/format.ts";
import { overlap, withInterval } from "../../experiment/interval-text.ts";
import { latencyObjective, mainClass } from "../objective.ts";
import { frontier } from "../plans.ts";
import type { Chart } from "./chart.ts";
import { type Cloud, cloudLayers, costScale, ends, keyLayers } from "./cloud/plan-cloud.ts";
import { planNameLayers } from "./cloud/plan-names.ts";
import { sloRuleLayers } from "./cloud/slo-rule.ts";
import { linearScale } from "./scale.ts";
import { config, plotWidth, title } from "./theme.ts";

const height = 320;

export const costLatency: Chart = {
  name: "cost-latency",
  applies: ({ kind, points, axes }) => (kind === "sweep" || kind === "optimize") && axes.length > 0 && points.length > 2,
  headline,
  spec(result) {
    const { name, threshold_s, text } = latencyOf(result);
    const cloud = cloudOf(result);
    const about = [
      `Cost per month (730 h) against ${name} of served requests`,
      `${plural(cloud.points.length, "plan")}, bars are 95 % intervals; the line joins plans that none beats on both`,
    ];
    const rule = threshold_s === undefined ? [] : sloRuleLayers(result, cloud, `SLO: ${text}`);
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), ...about),
      width: plotWidth,
      height,
      layer: [...rule, ...cloudLayers(result, cloud), ...keyLayers(result), ...planNameLayers(result, cloud)],
    };
  },
};

interface Latency {
  /** "chat ttft p95". */
  readonly name: string;
  readonly of: (point: Point) => Estimate | null;
  /** Of the objective on this very percentile. */
  readonly threshold_s: number | undefined;
  readonly text: string | undefined;
}

/** The latency that the watched objective is about, at its percentile where that is known; else p95 of the total of the main class. */
function latencyOf({ watched, points }: Result): Latency {
  const objective = watched === undefined ? undefined : latencyObjective(watched.text);
  const className = (objective === undefined ? undefined : watched?.className) ?? mainClass(points[0])!;
  const metric = objective?.metric ?? "total";
  const known = (["p50", "p95", "p99"] as const).find((one) => one === objective?.percentile);
  const percentile = known ?? "p95";
  return {
    name: `${className} ${metric} ${percentile}`,
    of: ({ classes }) => classes[className]?.[`${metric}_s`][percentile] ?? null,
    threshold_s: known === undefined ? undefined : objective?.threshold_s,
    text: objective?.text,
  };
}

function cloudOf(result: Result): Cloud {
  const { name, of, threshold_s } = latencyOf(result);
  const points = result.points.filter((point) => of(point) !== null);
  const value = (point: Point): Estimate => of(point)!;
  const seen = points.flatMap((point) => ends(value(point)));
  const most = Math.max(...seen, threshold_s ?? 0);
  return {
    points,
    frontier: frontier(points, (point) => -value(point).mean),
    measure: { title: name, of: value, tick: seconds, text: (point) => withInterval(value(point), seconds) },
    x: costScale(points),
    y: linearScale(0, most * 1.02, 5),
    height,
    rule: threshold_s,
  };
}

/** What the frontier offers from its one end to the other, where chance cannot have made that. */
function headline(result: Result): string {
  const { name } = latencyOf(result);
  const { frontier: line, measure } = cloudOf(result);
  const [cheapest, fastest] = [line[0], line.at(-1)];
  const neutral = `What ${plural(result.points.length, "plan")} cost, and ${name} of each`;
  if (cheapest === undefined || fastest === undefined || cheapest === fastest) return neutral;
  if (overlap(measure.of(cheapest), measure.of(fastest))) return neutral;
  const [from, to] = [cheapest, fastest].map((point) => dollars(point.cost.usd_per_month.mean));
  return `From ${from} to ${to} a month, ${name} falls from ${seconds(measure.of(cheapest).mean)} to ${seconds(measure.of(fastest).mean)}`;
}
