/** The target of the watched objective as a rule across attainment along an axis, with its words where they cover least. */
import type { Result } from "../../../experiment/result.ts";
import { target } from "../../../base/format.ts";
import type { Line, PanelShape } from "./axis-panel.ts";
import type { Layer } from "../chart.ts";
import { boxOf } from "../labels.ts";
import { position } from "../scale.ts";
import { plotWidth, sloRed } from "../theme.ts";
import { single } from "../time-panel.ts";

/** Places tried along the rule, from the left. */
const places = 12;

/** The rule goes below the lines and its words above them; both empty without an SLO. */
export function axisSloRule({ watched }: Result, lines: readonly Line[], shape: PanelShape): { behind: Layer[]; above: Layer[] } {
  if (watched === undefined) return { behind: [], above: [] };
  const at = shape.height * (1 - position(shape.y, watched.target));
  const text = `SLO: ${target(watched.target)} of requests`;
  const spot = leastCovered(
    text,
    at,
    shape.height,
    lines.flatMap((line) => inked(line, shape)),
  );
  const mark = { type: "text", text, align: "left", baseline: "middle", fontWeight: 600, dy: spot.dy, tooltip: null } as const;
  const encoding = { x: { value: spot.x }, y: { value: at } };
  const rim = { stroke: "white", strokeWidth: 4, strokeJoin: "round" } as const;
  return {
    behind: [
      {
        data: single(),
        mark: { type: "rule", color: sloRed, strokeDash: [6, 4], strokeWidth: 1.5, tooltip: null } as const,
        encoding: { x: { value: 0 }, x2: { value: plotWidth }, y: { value: at } },
      },
    ],
    above: [
      { data: single(), mark: { ...mark, ...rim }, encoding },
      { data: single(), mark: { ...mark, color: sloRed }, encoding },
    ],
  };
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Of places above and below the rule the first that covers fewest spots. */
function leastCovered(text: string, at: number, height: number, spots: readonly Spot[]): { x: number; dy: number } {
  const tries = [-9, 10].flatMap((dy) => Array.from({ length: places }, (_, k) => ({ x: 6 + (k * (plotWidth - 6)) / places, dy })));
  const covered = ({ x, dy }: { x: number; dy: number }) => {
    const box = boxOf({ x, y: at, text, align: "left", dx: 0, dy });
    if (box.right > plotWidth || box.top < 0 || box.bottom > height) return Infinity;
    return spots.filter((spot) => spot.x > box.left - 4 && spot.x < box.right + 4 && spot.y > box.top && spot.y < box.bottom).length;
  };
  return tries.reduce((best, one) => (covered(one) < covered(best) ? one : best));
}

/** Where a line has ink: every few pixels along itself and its bars. */
function inked({ stops }: Line, { x, y, height, value }: PanelShape): Spot[] {
  const place = (at: number, share: number): Spot => ({ x: plotWidth * position(x, at), y: height * (1 - position(y, share)) });
  const means = stops.map((stop) => place(stop.x, value(stop.point).mean));
  const bars = stops.flatMap((stop) => {
    const { mean, low = mean, high = mean } = value(stop.point);
    return between(place(stop.x, low), place(stop.x, high));
  });
  return [...means.slice(1).flatMap((to, i) => between(means[i], to)), ...bars];
}

function between(from: Spot, to: Spot): Spot[] {
  const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 4) + 1;
  return Array.from({ length: steps }, (_, k) => ({
    x: from.x + ((to.x - from.x) * k) / steps,
    y: from.y + ((to.y - from.y) * k) / steps,
  }));
}
