import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { opened } from "./chromium.ts";

it("every chart of the report becomes interactive, and nothing is complained of or asked of the network", () => {
  const { html, complaints } = opened(pathToFileURL(resolve("report/report.html")).href);
  expect(html).toContain("<h1>");
  const charts = html.match(/<figure/g)?.length ?? 0;
  expect(charts).toBe(10);
  expect(html.match(/class="interactive/g)?.length).toBe(charts);
  expect(complaints).toEqual([]);
  expect(html).not.toMatch(/(?:src|href)="https?:/);
});
