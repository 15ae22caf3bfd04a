/** Names beside the points of the frontier, where there is room for them. */
import type { Point, Result } from "../../../experiment/result.ts";
import { planName, shortValue } from "../../plans.ts";
import type { Layer } from "../chart.ts";
import { type Anchor, placeLabels } from "../labels.ts";
import { position } from "../scale.ts";
import { plotWidth } from "../theme.ts";
import { single } from "../time-panel.ts";
import type { Cloud } from "./plan-cloud.ts";

/** The best plan comes first; what the plans of the frontier all share is left out of their names. */
export function planNameLayers(result: Result, cloud: Cloud): Layer[] {
  const { height, frontier: named } = cloud;
  const best = result.best === undefined ? undefined : result.points[result.best];
  const telling = result.axes.flatMap((axis, i) => (new Set(named.map((point) => point.values[i])).size > 1 ? [{ axis, i }] : []));
  const at = (point: Point): Anchor => ({
    x: plotWidth * position(cloud.x, point.cost.usd_per_month.mean),
    y: height * (1 - position(cloud.y, cloud.measure.of(point).mean)),
    text:
      telling.length === 0
        ? planName(result, point)
        : telling.map(({ axis, i }) => `${axis.label} ${shortValue(axis, point.values[i])}`).join(", "),
  });
  const plot = { left: 0, top: 0, right: plotWidth, bottom: height };
  const obstacles = [...cloud.points.map(at), ...between(named.map(at)), ...alongRule(cloud)];
  const anchors = apart(best === undefined ? named : [best, ...named.filter((point) => point !== best)], at);
  const bold = best === undefined ? undefined : at(best).text;
  return placeLabels(anchors, plot, obstacles).map(({ x, y, text, align, dx, dy }) => ({
    data: single(),
    mark: { type: "text", text, align, dx, dy, baseline: "middle", fontWeight: text === bold ? 600 : 400 },
    encoding: { x: { value: x }, y: { value: y } },
  }));
}

/** Of points drawn close together only the first, since a name beside a cluster would not say which it names. */
function apart(points: readonly Point[], at: (point: Point) => Anchor): Anchor[] {
  const kept: Anchor[] = [];
  for (const anchor of points.map(at)) if (kept.every(({ x, y }) => Math.hypot(x - anchor.x, y - anchor.y) > 36)) kept.push(anchor);
  return kept;
}

/** Spots along the frontier's line, for labels to keep clear of. */
function between(corners: readonly Anchor[]): Anchor[] {
  return corners.slice(1).flatMap((to, i) => {
    const from = corners[i];
    const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 8);
    return Array.from({ length: steps }, (_, k) => ({
      x: from.x + ((to.x - from.x) * k) / steps,
      y: from.y + ((to.y - from.y) * k) / steps,
      text: "",
    }));
  });
}

function alongRule({ y, height, rule }: Cloud): Anchor[] {
  if (rule === undefined) return [];
  const at = height * (1 - position(y, rule));
  return Array.from({ length: plotWidth / 8 }, (_, k) => ({ x: 8 * k, y: at, text: "" }));
}
