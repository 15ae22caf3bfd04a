/** What all charts over time share: the axis below the last panel, the band of the warm-up, and names at the right end. */
import type { Result } from "../../experiment/result.ts";
import { seconds } from "../../base/format.ts";
import type { Layer, Row } from "./chart.ts";
import { spread } from "./labels.ts";
import { ink, plotWidth } from "./theme.ts";
import { timeAxis } from "./time-axis.ts";

/** Columns that a line is thinned to: one lowest and one highest value for every two pixels. */
export const columns = plotWidth / 2;

/** The x channel of a panel; only the last one of a chart has words below it. */
export function timeChannel(result: Result, last: boolean) {
  const { ticks, end, title } = timeAxis(result.horizon_s);
  const axis = { values: [...ticks], title: last ? title : null, labels: last, domain: last, ticks: last };
  return { field: "t", type: "quantitative" as const, scale: { domain: [0, end], nice: false }, axis };
}

/** Seconds since the start in the axis's unit. */
export function onAxis(result: Result, at_s: number): number {
  return Number((at_s / timeAxis(result.horizon_s).unit_s).toPrecision(9));
}

/** Shades the warm-up; an empty list where there is none. */
export function warmupLayer(result: Result, height: number, x = timeChannel(result, false)): Layer[] {
  if (result.warmup_s <= 0) return [];
  const values: Row[] = [{ t: 0, until: onAxis(result, Math.min(result.warmup_s, result.horizon_s)) }];
  const mark = { type: "rect", color: "#f1f2f5", tooltip: null } as const;
  return [
    {
      data: { values: [...values] },
      mark,
      encoding: { x, x2: { field: "until" }, y: { value: 0 }, y2: { value: height } },
    },
  ];
}

/** Says what the shade means, for the subtitle. */
export function warmupNote(result: Result): string {
  return result.warmup_s > 0 ? `the warm-up of ${seconds(result.warmup_s)} is shaded and not counted` : "no warm-up was cut";
}

interface EndLabel {
  readonly text: string;
  readonly colour: string;
  /** Pixels from the top of the panel. */
  readonly y: number;
}

/** Names beside the right end, moved apart where they would touch; a swatch carries the colour and the words stay in ink. */
export function endLabelLayers(labels: readonly EndLabel[], height: number, dash = false): Layer[] {
  const places = spread(
    labels.map(({ y }) => y),
    15,
    6,
    height - 4,
  );
  return labels.flatMap(({ text, colour }, i) => {
    const y = { value: places[i] };
    const swatch = dash ? { shape: "stroke", strokeWidth: 2.5, size: 120, stroke: colour } : { shape: "square", size: 80, fill: colour };
    return [
      {
        data: single(),
        mark: { type: "point", filled: !dash, opacity: 1, tooltip: null, ...swatch } as const,
        encoding: { x: { value: plotWidth + 14 }, y },
      },
      {
        data: single(),
        mark: { type: "text", align: "left", baseline: "middle", color: ink, text, tooltip: null } as const,
        encoding: { x: { value: plotWidth + 24 }, y },
      },
    ];
  });
}

/** Data for a mark that is drawn once. */
export function single() {
  return { values: [{}] };
}
