/** Vega-Lite to SVG text, without a browser. Vega is large, so it is loaded when the first chart is drawn. */
import type { compile as Compile, TopLevelSpec } from "vega-lite";
import type { Spec } from "vega";
import { assert } from "../base/assert.ts";

type CompileOptions = NonNullable<Parameters<typeof Compile>[1]>;

export interface Drawing {
  readonly svg: string;
  /** The same chart compiled, for a page that draws it again with tooltips. */
  readonly vega: Spec;
  /** What the compiler complained of: a mistake in the chart, which is drawn all the same. */
  readonly problems: readonly string[];
}

/** Inter in the two weights that charts and page use, as the bytes of woff2 files. */
export interface Fonts {
  readonly regular: Uint8Array;
  readonly semiBold: Uint8Array;
}

/**
 * Draws a chart; the same specification gives the same text. Text is measured with `fonts` so that nothing overlaps; without them
 * with another font. `prefix` keeps the ids inside the SVG apart from those of other charts on one page.
 */
export async function renderSvg(spec: TopLevelSpec, fonts?: Fonts, prefix = "chart"): Promise<Drawing> {
  if (fonts !== undefined) await useFonts(fonts);
  const [{ compile }, { View, parse }] = await Promise.all([import("vega-lite"), import("vega")]);
  const problems: string[] = [];
  const vega = compile(spec, { logger: collector(problems) }).spec;
  const view = new View(parse(vega), { renderer: "none" });
  await view.runAsync();
  const svg = await view.toSVG();
  view.finalize();
  return { svg: ownIds(svg, prefix), vega, problems };
}

/** Once per process, since Canvas keeps its fonts for as long as it is loaded. */
async function useFonts({ regular, semiBold }: Fonts): Promise<void> {
  const { GlobalFonts } = await import("canvas");
  if (GlobalFonts.has("Inter")) return;
  for (const bytes of [regular, semiBold]) assert(GlobalFonts.register(Buffer.from(bytes), "Inter") !== null, "the font cannot be read");
}

/** Vega numbers clip paths and gradients through the whole process; here each drawing counts from zero. */
function ownIds(svg: string, prefix: string): string {
  const ids = [...new Set([...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]))];
  const renamed = new Map(ids.map((id, i) => [id, `${prefix}-${i}`]));
  return svg
    .replaceAll(/ id="([^"]+)"/g, (_, id: string) => ` id="${renamed.get(id)}"`)
    .replaceAll(/url\(#([^)]+)\)/g, (whole, id: string) => (renamed.has(id) ? `url(#${renamed.get(id)})` : whole));
}

/** Keeps what Vega-Lite complains of; `level` is asked for by its interface and has nothing to set. */
function collector(problems: string[]): NonNullable<CompileOptions["logger"]> {
  const keep = (...words: readonly unknown[]) => {
    problems.push(words.join(" "));
    return logger;
  };
  const logger: NonNullable<CompileOptions["logger"]> = {
    level: () => logger,
    error: keep,
    warn: keep,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}
