import { loadImage } from "canvas";
import { expect, test } from "vitest";
import type { TopLevelSpec } from "vega-lite";
import { readPageParts } from "../../src/cli/page-parts.ts";
import { figure, paragraph, text } from "../../src/report/notebook.ts";
import { renderSvg } from "../../src/report/svg.ts";

const { fonts } = readPageParts();
const shown = Symbol.for("Jupyter.display");

const spec: TopLevelSpec = {
  description: "Two points that rise",
  config: { font: "Inter", padding: 10 },
  width: 100,
  height: 50,
  data: { values: [{ a: 1 }, { a: 2 }] },
  mark: "point",
  encoding: { x: { field: "a", type: "quantitative", axis: null }, y: { field: "a", type: "quantitative", axis: null } },
};

function bundleOf(value: object): Readonly<Record<string, string>> {
  return (value as Record<symbol, () => Readonly<Record<string, string>>>)[shown]();
}

test("a figure is shown as a picture of twice its size, and told by its description", async () => {
  const bundle = bundleOf(await figure(spec, fonts));
  expect(Object.keys(bundle)).toEqual(["image/png", "text/plain"]);
  expect(bundle["text/plain"]).toBe("Two points that rise");
  const picture = await loadImage(Buffer.from(bundle["image/png"], "base64"));
  const drawn = /width="(\d+)" height="(\d+)"/.exec((await renderSvg(spec, fonts)).svg)!;
  expect([picture.width, picture.height]).toEqual([2 * Number(drawn[1]), 2 * Number(drawn[2])]);
});

test("the same chart gives the same picture", async () => {
  expect(bundleOf(await figure(spec, fonts))).toEqual(bundleOf(await figure(spec, fonts)));
});

test("words are shown as they stand, one part below the other", () => {
  const sentences = ["A sentence that is not alone.", "Another sentence, which is long enough to make it more than a line holds."];
  const lines = paragraph(...sentences).split("\n");
  expect(lines.join(" ")).toBe(sentences.join(" "));
  expect(lines.map((line) => line.length > 100)).toEqual([false, false]);
  expect(bundleOf(text("a\n  b\n", "c"))).toEqual({ "text/plain": "a\n  b\n\nc" });
});
