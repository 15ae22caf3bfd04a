/** Charts and words as kernels show them below a notebook's cell. */
import type { TopLevelSpec } from "vega-lite";
import { wrapped } from "../base/format.ts";
import { base64 } from "./html.ts";
import { type Fonts, renderSvg } from "./svg.ts";

/** Where kernels look for what a value is shown as: by media type, of which a viewer takes the richest that it knows. */
const display = Symbol.for("Jupyter.display");

export interface Displayed {
  readonly [display]: () => Readonly<Record<string, string>>;
}

/** Paragraphs and tables below each other. */
export function text(...parts: readonly string[]): Displayed {
  return { [display]: () => ({ "text/plain": parts.map((part) => part.trimEnd()).join("\n\n") }) };
}

/** Sentences in lines of at most 100 characters. */
export function paragraph(...sentences: readonly string[]): string {
  return wrapped(sentences.join(" "), 100).join("\n");
}

/**
 * The chart as a PNG, twice as fine as its size in pixels, and its description for who cannot see it. Not as an SVG, since viewers that
 * clean SVGs, such as GitHub's, spoil them, and since those are drawn without the font that their text was measured with.
 */
export async function figure(spec: TopLevelSpec, fonts: Fonts): Promise<Displayed> {
  const png = base64(await renderPng(spec, fonts));
  const words = typeof spec.description === "string" ? spec.description : "a chart";
  return { [display]: () => ({ "image/png": png, "text/plain": words }) };
}

async function renderPng(spec: TopLevelSpec, fonts: Fonts): Promise<Uint8Array> {
  const { vega } = await renderSvg(spec, fonts);
  const { View, parse } = await import("vega");
  const view = new View(parse(vega), { renderer: "none" });
  // Outside a browser the canvas is that of the package `canvas`, which can write itself as a file.
  const canvas = (await view.toCanvas(2)) as unknown as { toBuffer(type: "image/png"): Uint8Array };
  view.finalize();
  return canvas.toBuffer("image/png");
}
