import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, it } from "vitest";

const page = pathToFileURL(resolve("report/report.html")).href;
const profile = mkdtempSync(join(tmpdir(), "headroom-chromium-"));
afterAll(() => rmSync(profile, { recursive: true, force: true }));

const chromium = "chromium";
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const quiet = ["--disable-component-update", "--disable-sync", `--user-data-dir=${profile}`];

/** The page as it stands after its script has run, and what the browser logged meanwhile. */
function opened(): { html: string; log: string } {
  const words = [...flags, ...quiet, "--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom", page];
  const { stdout, stderr } = spawnSync(chromium, words, { encoding: "utf8", maxBuffer: 1 << 28 });
  return { html: stdout, log: stderr };
}

const { html, log } = opened();

it("Chromium is here and opens the page", () => {
  expect(execFileSync(chromium, ["--version"], { encoding: "utf8" })).toMatch(/Chromium/);
  expect(html).toContain("<h1>");
});

it("every chart has become interactive, and nothing was complained of or asked of the network", () => {
  const charts = html.match(/<figure/g)?.length ?? 0;
  expect(charts).toBe(4);
  expect(html.match(/class="interactive/g)?.length).toBe(charts);
  const console = log.split("\n").filter((line) => /CONSOLE|Refused|ERR_/.test(line));
  expect(console).toEqual([]);
  expect(html).not.toMatch(/(?:src|href)="https?:/);
});
