/** The headroom factor across attainment along the traffic: a rule at it, and a band from where the SLO is sure to where it is surely missed. */
import type { Result } from "../../../experiment/result.ts";
import { axisChannel } from "./axis-x.ts";
import type { PanelShape } from "./axis-panel.ts";
import type { Layer } from "../chart.ts";
import { muted } from "../theme.ts";

/** Drawn below the lines; empty where no factor was searched for, or found. */
export function headroomBand({ capacity }: Result, { axis, x, height }: PanelShape): Layer[] {
  if (capacity === undefined || capacity.factor === null) return [];
  const { factor, low, high } = capacity;
  const across = axisChannel(axis, x, false);
  const y = { value: 0 };
  const y2 = { value: height };
  const rule = {
    data: { values: [{ x: factor }] },
    mark: { type: "rule", color: muted, strokeWidth: 1.25, tooltip: null } as const,
    encoding: { x: across, y, y2 },
  };
  if (low === null || high === null) return [rule];
  const band = {
    data: { values: [{ x: low, high }] },
    mark: { type: "rect", color: muted, opacity: 0.16, tooltip: null } as const,
    encoding: { x: across, x2: { field: "high" }, y, y2 },
  };
  return [band, rule];
}
