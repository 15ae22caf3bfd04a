/** What each plan costs against how well it keeps its objectives, with the plans that no other beats on both. */
import type { Result } from "../../experiment/result.ts";
import { dollars, percent, plural, target } from "../../base/format.ts";
import { overlap, percentWithInterval } from "../../experiment/interval-text.ts";
import { hasObjectives, watchedAs } from "../objective.ts";
import { countOf, frontier, planName } from "../plans.ts";
import type { Chart } from "./chart.ts";
import { type Cloud, cloudLayers, costScale, ends, keyLayers, type Measure } from "./cloud/plan-cloud.ts";
import { planNameLayers } from "./cloud/plan-names.ts";
import { sloRuleLayers } from "./cloud/slo-rule.ts";
import { linearScale, type Scale } from "./scale.ts";
import { config, plotWidth, title } from "./theme.ts";

const height = 360;

export const costAttainment: Chart = {
  name: "cost-attainment",
  // Multiples of the traffic, months, and systems without a cause are not for the planner to choose from.
  applies: ({ points, kind }) => points.length > 1 && kind !== "capacity" && kind !== "forecast" && kind !== "explain",
  headline,
  spec(result) {
    const cloud = cloudOf(result);
    const about = [
      `Cost per month (730 h) against attainment: the share of offered requests ${watchedAs(result)}`,
      `${plural(result.points.length, "plan")}, bars are 95 % intervals; the line joins plans that none beats on both`,
    ];
    return {
      config,
      description: headline(result),
      title: title(result, headline(result), ...about),
      width: plotWidth,
      height,
      layer: [...sloRuleLayers(result, cloud), ...cloudLayers(result, cloud), ...keyLayers(result), ...planNameLayers(result, cloud)],
    };
  },
};

function headline(result: Result): string {
  const { points } = result;
  if (!points.some(hasObjectives)) return `What ${plural(points.length, "plan")} cost, and the share of requests they serve in time`;
  const met = points.filter((point) => point.verdict === "met");
  const best = result.best === undefined ? undefined : points[result.best];
  if (best !== undefined && best.verdict === "met") {
    const rivals = met.filter((point) => point !== best && overlap(point.cost.usd_per_month, best.cost.usd_per_month));
    const cost = dollars(best.cost.usd_per_month.mean);
    const cheaper = met.some((point) => point.cost.usd_per_month.mean < best.cost.usd_per_month.mean);
    if (cheaper) return `${cost} a month keeps the SLO with ${planName(result, best)}`;
    if (rivals.length === 0) return `The cheapest plan that keeps the SLO costs ${cost} a month: ${planName(result, best)}`;
    return `${cost} a month keeps the SLO with ${planName(result, best)}; ${plural(rivals.length, "other plan")} cost${rivals.length === 1 ? "s" : ""} about as much`;
  }
  if (met.length > 0) return `${plural(met.length, "plan")} of ${points.length} keep${met.length === 1 ? "s" : ""} the SLO`;
  const undecided = countOf(points, "undecided");
  if (undecided > 0) return `No plan surely keeps the SLO: ${undecided} of ${points.length} undecided`;
  const nearest = points.reduce((a, b) => (b.margin.mean > a.margin.mean ? b : a));
  return `No plan of ${points.length} keeps the SLO; the nearest attains ${percent(nearest.attainment.mean)}`;
}

function cloudOf(result: Result): Cloud {
  const { points, watched } = result;
  const measure: Measure = {
    title: "attainment",
    of: ({ attainment }) => attainment,
    tick: target,
    text: ({ attainment }) => percentWithInterval(attainment),
  };
  return { points, frontier: frontier(points), measure, x: costScale(points), y: shareScale(result), height, rule: watched?.target };
}

function shareScale({ points, watched }: Result): Scale {
  const shares = [...points.flatMap(({ attainment }) => ends(attainment)), ...(watched === undefined ? [] : [watched.target])];
  const low = Math.max(0, Math.min(...shares) - (Math.max(...shares) - Math.min(...shares)) * 0.05);
  const y = linearScale(low, Math.min(1, Math.max(...shares)), 6);
  return { ...y, high: y.high >= 1 ? 1 + (1 - y.low) * 0.02 : y.high };
}
