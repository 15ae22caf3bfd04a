import { existsSync, lstatSync, mkdtempSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { PlanError } from "../base/plan-error.ts";
import { mapValues } from "../base/records.ts";
import type { Plan } from "../experiment/plan.ts";
import type { Result } from "../experiment/result.ts";
import { charts } from "../report/charts/registry.ts";
import { standalone } from "../report/font-face.ts";
import { reportPage } from "../report/page.ts";
import { seriesCsv } from "../report/series-csv.ts";
import { renderSvg } from "../report/svg.ts";
import { resolvedYaml } from "../scenario/resolved.ts";
import type { Scenario } from "../scenario/schema.ts";
import { readPageParts } from "./page-parts.ts";
import { resultJson } from "./print.ts";
import { writing } from "./writing.ts";

/** What a run folder may hold: all of it is ours, so that a folder with nothing else may be written over. */
const ours = /^(result\.json|series\.csv|report\.html|charts|scenario(-\d+)?\.resolved\.yaml)$/;

/** A folder that grows beside the one asked for, until it is whole and takes its place. */
export interface RunFolder {
  readonly write: (result: Result, plans: readonly Plan[]) => Promise<void>;
  /** Removes what is not whole. */
  readonly discard: () => void;
}

/**
 * Makes ready for a run folder, before anything is simulated.
 * @throws PlanError when the folder holds anything that is not of an earlier run, or cannot be made
 */
export function openRunFolder(folder: string): RunFolder {
  const target = resolve(folder);
  checkTarget(folder);
  let part = "";
  writing("--out", folder, () => {
    part = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  });
  return {
    async write(result, plans) {
      await fill(part, result, plans, target);
      writing("--out", folder, () => {
        rmSync(target, { recursive: true, force: true });
        renameSync(part, target);
      });
    },
    discard: () => rmSync(part, { recursive: true, force: true }),
  };
}

function checkTarget(folder: string): void {
  const refuse = (message: string): PlanError => {
    const hint = "name a new folder, or that of an earlier run with nothing else in it";
    return new PlanError({ code: "bad-flag", path: "--out", message, value: folder === "" ? '""' : folder, hint });
  };
  if (folder.trim() === "") throw refuse("names no folder");
  if (!existsSync(folder)) return;
  if (!lstatSync(folder).isDirectory()) throw refuse("is not a folder");
  const other = readdirSync(folder).find((name) => !ours.test(name));
  if (other !== undefined) throw refuse(`holds ${other}, which is not of a run`);
}

/** The files of design §5. */
async function fill(part: string, result: Result, plans: readonly Plan[], target: string): Promise<void> {
  const write = (file: string, text: string): void => {
    writing("--out", file, () => writeFileSync(join(part, file), text));
  };
  mkdirSync(join(part, "charts"));
  write("result.json", resultJson(result));
  write("series.csv", seriesCsv(result));
  for (const { file, scenario } of resolvedScenarios(result, plans)) {
    write(file, resolvedYaml(withTraces(scenario, (path) => relative(target, path))));
  }
  const parts = readPageParts();
  for (const chart of charts.filter((one) => one.applies(result))) {
    const spec = chart.spec(result);
    write(join("charts", `${chart.name}.vl.json`), `${JSON.stringify(spec, null, 2)}\n`);
    const { svg } = await renderSvg(spec, parts.fonts, chart.name);
    write(join("charts", `${chart.name}.svg`), standalone(svg, parts.fonts));
  }
  write("report.html", await reportPage(result, parts));
}

/** The system simulated; of a sweep the plan that is recommended, or else the first; of a comparison all, numbered from the second on. */
function resolvedScenarios(result: Result, plans: readonly Plan[]): { file: string; scenario: Scenario }[] {
  const shown = result.kind === "compare" ? plans : [plans[result.best ?? 0]];
  return shown.map(({ decoded }, i) => ({
    file: i === 0 ? "scenario.resolved.yaml" : `scenario-${i + 1}.resolved.yaml`,
    scenario: decoded.scenario,
  }));
}

/** The scenario with its traces named as seen from another folder. */
function withTraces(scenario: Scenario, rename: (path: string) => string): Scenario {
  const traffic = mapValues(scenario.traffic, (one) => {
    const { trace } = one.arrivals;
    return trace === undefined ? one : { ...one, arrivals: { ...one.arrivals, trace: rename(trace) } };
  });
  return { ...scenario, traffic };
}
