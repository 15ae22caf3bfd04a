import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import type { TopLevelSpec } from "vega-lite";
import { standalone } from "../../src/report/font-face.ts";
import { type Fonts, renderSvg } from "../../src/report/svg.ts";

const require = createRequire(import.meta.url);
const face = (name: string) => readFileSync(require.resolve(`inter-ui/web-latin/${name}-subset.woff2`));
const fonts: Fonts = { regular: face("Inter-Regular"), semiBold: face("Inter-SemiBold") };

const spec: TopLevelSpec = {
  width: 100,
  height: 50,
  data: { values: [{ a: 1, b: "<script>" }] },
  layer: [
    { mark: { type: "line", clip: true }, encoding: { x: { field: "a", type: "quantitative" } } },
    { mark: "text", encoding: { text: { field: "b", type: "nominal" } } },
  ],
};

test("ids inside a drawing start with its prefix and do not count on from the last drawing", async () => {
  const [first, second] = [await renderSvg(spec, fonts, "one"), await renderSvg(spec, fonts, "one")];
  expect(second.svg).toBe(first.svg);
  const ids = [...first.svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
  expect(ids).toEqual(["one-0"]);
  expect(first.svg).toContain("url(#one-0)");
});

test("text from data is escaped", async () => {
  const { svg } = await renderSvg(spec, fonts);
  expect(svg).toContain("&lt;script&gt;");
  expect(svg).not.toContain("<script>");
});

test("what the compiler complains of is handed back", async () => {
  const wrong = { ...spec, layer: [{ mark: "bar", encoding: { shape: { field: "b", type: "nominal" } } }] } as TopLevelSpec;
  expect((await renderSvg(wrong)).problems).not.toEqual([]);
});

test("a drawing that stands alone carries its fonts, first thing in it, and is otherwise the same", () => {
  const carried = { regular: Uint8Array.of(1, 2, 3), semiBold: Uint8Array.of(255) };
  const alone = standalone(`<svg width="1"><text>a</text></svg>`, carried);
  expect(alone).toMatch(
    /^<svg width="1"><style>@font-face \{[^}]*base64,AQID[^}]*\}\s*@font-face \{[^}]*base64,\/w==[^}]*\}\s*<\/style><text>a<\/text><\/svg>$/,
  );
});
