/** The one look of all charts: colours, type and grid. */
import type { Config } from "vega-lite";
import type { Outcome, Result, Verdict } from "../../experiment/result.ts";
import { plural, wrapped } from "../../base/format.ts";

/** Inter first; the fallbacks keep an SVG readable where it is not installed. No quotes, since it becomes an attribute. */
export const fontFamily = "Inter, ui-sans-serif, system-ui, Roboto, Helvetica, Arial, sans-serif";

export const ink = "#1c2024";
export const muted = "#60646c";
export const hairline = "#e4e6ea";
export const sloRed = "#c1121f";

/** Okabe and Ito's colours, told apart with any colour vision. */
export const okabeIto = {
  black: "#000000",
  orange: "#e69f00",
  skyBlue: "#56b4e9",
  green: "#009e73",
  yellow: "#f0e442",
  blue: "#0072b2",
  vermillion: "#d55e00",
  purple: "#cc79a7",
} as const;

export const verdictOrder: readonly Verdict[] = ["met", "undecided", "missed"];
export const verdictColour: Record<Verdict, string> = { met: okabeIto.green, undecided: okabeIto.orange, missed: okabeIto.vermillion };
export const verdictShape: Record<Verdict, string> = { met: "circle", undecided: "diamond", missed: "triangle-down" };

export const outcomeColour: Record<Outcome, string> = {
  served: "#b9cfe0",
  timedOut: okabeIto.vermillion,
  shed: okabeIto.orange,
  throttled: okabeIto.purple,
  failed: okabeIto.black,
  unfinished: "#8b8d98",
};
export const outcomeLabel: Record<Outcome, string> = {
  served: "served",
  timedOut: "timed out",
  shed: "shed",
  throttled: "throttled",
  failed: "failed",
  unfinished: "unfinished",
};

/** Width of the plotting area in pixels, the same for all time charts so that they line up on the page. */
export const plotWidth = 700;

export const config: Config = {
  background: "white",
  font: fontFamily,
  padding: 16,
  view: { stroke: null },
  // Charts carry one description as a whole; one for each of a thousand marks would triple their size.
  mark: { aria: false },
  title: {
    anchor: "start",
    frame: "bounds",
    fontSize: 17,
    fontWeight: 600,
    color: ink,
    lineHeight: 22,
    subtitleColor: muted,
    subtitleFontSize: 12,
    subtitleLineHeight: 17,
    subtitlePadding: 6,
    offset: 18,
  },
  axis: {
    labelColor: muted,
    labelFontSize: 11,
    titleColor: muted,
    titleFontSize: 11,
    titleFontWeight: 400,
    domainColor: "#b9bbc6",
    tickColor: "#b9bbc6",
    tickSize: 4,
    labelPadding: 4,
  },
  axisX: { grid: false, titlePadding: 10, labelFlush: false },
  axisY: {
    grid: true,
    gridColor: hairline,
    gridWidth: 1,
    domain: false,
    ticks: false,
    titleAngle: 0,
    titleAlign: "left",
    titleAnchor: "end",
    titleBaseline: "bottom",
    titleX: 0,
    titleY: -8,
  },
  legend: { labelColor: ink, labelFontSize: 12, titleColor: muted, titleFontSize: 11, titleFontWeight: 400, symbolSize: 90, orient: "top" },
  header: { labelColor: ink, labelFontSize: 12, labelFontWeight: 600, titleColor: muted, titleFontSize: 11, titleFontWeight: 400 },
  text: { color: ink, fontSize: 11 },
};

/** Headline, and in grey what was measured and how sure it is; the seed and the replications end the last line. */
export function title(result: Pick<Result, "seed" | "replications">, headline: string, ...about: string[]) {
  const sample = `seed ${result.seed} · ${plural(result.replications, "replication")}`;
  const last = about.at(-1);
  const lines = last === undefined ? [sample] : [...about.slice(0, -1), `${last} · ${sample}`];
  return { text: wrapped(headline, 86), subtitle: lines.flatMap((line) => wrapped(line, 116)) };
}
