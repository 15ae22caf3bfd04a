import type { TopLevelSpec } from "vega-lite";
import type { Result } from "../../experiment/result.ts";

/** A chart is a question put to a result: whether it can be asked, the finding in words, and the drawing. */
export interface Chart {
  /** File name without its ending, and the key in the registry. */
  readonly name: string;
  applies(result: Result): boolean;
  /** The finding, derived from the numbers; neutral where the statistics do not carry a claim. */
  headline(result: Result): string;
  spec(result: Result): TopLevelSpec;
}

/** A row of inline chart data. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** One of the plots that stand below each other in a chart, and one of the marks drawn over each other in a plot. */
export type Panel = Extract<TopLevelSpec, { vconcat: unknown }>["vconcat"][number];
export type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];
