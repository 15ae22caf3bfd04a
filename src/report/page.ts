/** The offline page: one file that holds its numbers, charts, font and script, and asks the network for nothing. */
import type { Spec } from "vega";
import type { Point, Result } from "../experiment/result.ts";
import { blastRadii } from "./blast-radius-table.ts";
import { charts } from "./charts/registry.ts";
import { courseTables } from "./course-tables.ts";
import { type DataTable, left, line } from "./data-table.ts";
import { decision, differenceTable } from "./decision-table.ts";
import { notesOn } from "./notes.ts";
import { titleOf } from "../scenario/document/profiles.ts";
import { absent, dollars, percent, plural, seconds } from "../base/format.ts";
import { dollarsWithInterval, halfWidth } from "../experiment/interval-text.ts";
import { explanationTables } from "./explanation-table.ts";
import { cspHash, escape, htmlTable, scriptJson } from "./html.ts";
import { hasObjectives } from "./objective.ts";
import { pageStyle } from "./page-style.ts";
import { focus, planName } from "./plans.ts";
import { sections } from "./sections.ts";
import { type Fonts, renderSvg } from "./svg.ts";

export interface PageParts {
  /** Inter, inlined and used to measure the charts' text; the reader's own fonts without it. */
  readonly fonts?: Fonts;
  /** The bundled `page-runtime.ts`; without it the charts stay as they are, without tooltips. */
  readonly runtime?: string;
}

/** At most this many plans before the charts; the others are a click away. */
const planLimit = 16;

/** The same result and parts give the same bytes. */
export async function reportPage(result: Result, { fonts, runtime }: PageParts = {}): Promise<string> {
  const drawn = await figures(result, fonts);
  const style = pageStyle(fonts);
  const script = runtime === undefined ? undefined : runtime.replaceAll("</script", String.raw`<\/script`);
  const allowed = [
    `default-src 'none'`,
    `style-src ${await cspHash(style)}`,
    `font-src data:`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ];
  if (script !== undefined) allowed.push(`script-src ${await cspHash(script)}`);
  const specs = drawn.map(({ name, vega }) => [name, vega]);
  const scripts =
    script === undefined
      ? ""
      : `<script type="application/json" id="specs">${scriptJson(Object.fromEntries(specs))}</script>\n<script>${script}</script>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(allowed.join("; "))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(result.name)} – Headroom</title>
<style>${style}</style>
</head>
<body>
${head(result)}
<main>
${body(result, drawn)}
</main>
<footer>Made by Headroom ${escape(result.version)}. This page asks the network for nothing.</footer>
${scripts}</body>
</html>
`;
}

interface Figure {
  readonly name: string;
  readonly html: string;
  readonly vega: Spec;
}

async function figures(result: Result, fonts: Fonts | undefined): Promise<Figure[]> {
  const drawn: Figure[] = [];
  for (const chart of charts) {
    if (!chart.applies(result)) continue;
    const { svg, vega } = await renderSvg(chart.spec(result), fonts, chart.name);
    const words = escape(chart.headline(result));
    const html = `<figure><div class="chart" id="${chart.name}" role="img" aria-label="${words}">${svg}</div></figure>`;
    drawn.push({ name: chart.name, html, vega });
  }
  return drawn;
}

const kinds: Record<Result["kind"], string> = {
  simulate: "Simulation",
  compare: "Comparison",
  sweep: "Sweep",
  capacity: "Capacity",
  optimize: "Optimization",
  forecast: "Forecast",
  explain: "Explanation",
};

function head(result: Result): string {
  const point = focus(result);
  const facts = point === undefined ? "" : factList(result, point);
  const warnings = result.warnings.map((warning) => `<li>${escape(warning)}</li>`).join("");
  const box = warnings === "" ? "" : `<aside class="warnings" aria-label="Warnings"><p>Read with care</p><ul>${warnings}</ul></aside>`;
  const kicker = `${kinds[result.kind]}: ${result.name}`;
  return `<header><p class="kicker">${escape(kicker)}</p><h1>${escape(result.advice)}</h1>${facts}${box}${verified(result)}</header>`;
}

function watchedName({ watched }: Result): string {
  return watched === undefined ? "Served" : `${watched.className} ${watched.text}`;
}

/** What the one system is whose numbers stand for all. */
function shownAs({ kind, best }: Result): string {
  if (kind === "forecast") return "As it stands";
  if (kind === "capacity") return best === undefined ? "The least multiple tried" : "The largest multiple surely kept";
  return best === undefined ? "The first plan" : "The advised plan";
}

/** The four numbers of a decision. */
function factList(result: Result, point: Point): string {
  const fact = (name: string, value: string, more = "") =>
    `<div><dt>${escape(name)}</dt><dd>${value}${more === "" ? "" : ` <small>${escape(more)}</small>`}</dd></div>`;
  const half = halfWidth(point.attainment);
  const facts = [
    ...(result.points.length > 1 && result.explanation === undefined ? [fact(shownAs(result), escape(planName(result, point)))] : []),
    ...(hasObjectives(point) ? [fact("SLO", `<span class="verdict ${point.verdict}">${point.verdict}</span>`)] : []),
    fact(watchedName(result), escape(percent(point.attainment.mean)), half === undefined ? "" : `± ${(half * 100).toFixed(2)}`),
    fact(
      "Cost per month",
      escape(dollars(point.cost.usd_per_month.mean)),
      dollarsWithInterval(point.cost.usd_per_month).split(" ").slice(1).join(" "),
    ),
    fact("Wasted GPU time", escape(percent(point.wastedShare.mean, 1))),
  ];
  return `<dl class="facts">${facts.join("")}</dl>`;
}

function verified(result: Result): string {
  return notesOn(result)
    .map((note) => `<p class="note">${escape(note)}</p>`)
    .join("");
}

function body(result: Result, drawn: readonly Figure[]): string {
  const point = focus(result);
  const explained = explanationTables(result);
  const several = result.points.length > 1 && explained.length === 0;
  const about = several && point !== undefined ? `<p class="note">${shownAs(result)}: ${escape(planName(result, point))}</p>` : "";
  const parts = [
    ...(several ? [section("Decision", ...plans(result))] : []),
    ...(explained.length > 0 ? [section("Causes", ...explained.map(htmlTable))] : []),
    section("Charts", ...drawn.map(({ html }) => html)),
    ...(point === undefined ? [] : [section("Details", about, ...sections(point).map(htmlTable), ...(several ? [] : troubles(result)))]),
    section("How sure this is", statistics(result)),
    ...(result.profiles.length === 0 ? [] : [section("What it rests on", `<div class="wrap">${htmlTable(profileTable(result))}</div>`)]),
    section("To repeat it", `<pre><code>${escape(result.command)}</code></pre>`, htmlTable(repeatTable(result))),
  ];
  return parts.join("\n");
}

/** The table of plans, the whole of it folded away where it is long, and what sets compared plans apart. */
function plans(result: Result): string[] {
  const along = courseTables(result);
  if (along.length > 0) return along.map(htmlTable);
  const short = decision(result, planLimit);
  const whole = decision(result, result.points.length);
  const rest = whole.lines.length - short.lines.length;
  const folded = rest > 0 ? [`<details><summary>All ${plural(result.points.length, "plan")}</summary>${htmlTable(whole)}</details>`] : [];
  const differences = differenceTable(result);
  return [htmlTable(short), ...folded, ...(differences.lines.length > 0 ? [htmlTable(differences)] : []), ...troubles(result)];
}

function troubles(result: Result): string[] {
  const table = blastRadii(result);
  return table.lines.length > 0 ? [htmlTable(table)] : [];
}

function section(name: string, ...parts: readonly string[]): string {
  return `<section><h2>${escape(name)}</h2>\n${parts.join("\n")}\n</section>`;
}

function statistics({ replications, confidence, horizon_s, warmup_s }: Result): string {
  const sure = percent(confidence, 0);
  const intervals =
    replications < 2
      ? "There is one replication, so there are no intervals and a difference may be chance."
      : `Numbers after ± are half-widths of ${sure} intervals: Student's t over the means of ${plural(replications, "independent replication")}, also for percentiles and attainment. They hold chance alone; how far the profiles are from what was measured is said below.`;
  const paired = "Plans meet the same requests (common random numbers), so differences between them are paired by replication.";
  const time = `Each replication runs ${seconds(horizon_s)} of simulated time, of which the first ${seconds(warmup_s)} are not counted.`;
  const verdicts =
    "An objective is met or missed when its whole interval is on one side of the target, and undecided when the interval spans it.";
  return `<p>${escape(intervals)} ${escape(paired)}</p><p>${escape(time)} ${escape(verdicts)}</p>`;
}

function profileTable({ profiles }: Result): DataTable {
  const lines = profiles.map((use) => line(use.path, titleOf(use), use.how, use.error?.text ?? absent, use.source, use.asOf));
  return {
    caption: "Profiles of the catalogue",
    columns: [left("used at"), left("profile"), left("how known"), left("error"), left("source"), left("as of")],
    lines,
  };
}

function repeatTable(result: Result): DataTable {
  const rows = [
    line("seed", String(result.seed)),
    line("replications", String(result.replications)),
    line("version", result.version),
    line("scenario hash", result.scenarioHash),
  ];
  return { caption: "The same command with these gives the same bytes", columns: [left("what"), left("value")], lines: rows };
}
