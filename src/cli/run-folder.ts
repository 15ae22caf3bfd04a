import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { PlanError } from "../base/plan-error.ts";
import { mapValues } from "../base/records.ts";
import type { Plan } from "../experiment/plan.ts";
import type { Result } from "../experiment/result.ts";
import { charts } from "../report/charts/registry.ts";
import { reportPage } from "../report/page.ts";
import { seriesCsv } from "../report/series-csv.ts";
import { renderSvg } from "../report/svg.ts";
import { resolvedYaml } from "../scenario/resolved.ts";
import type { Scenario } from "../scenario/schema.ts";
import { readPageParts } from "./page-parts.ts";
import { resultJson } from "./print.ts";

/** The file by which a folder is known as one of ours, which may be written over. */
const mark = "result.json";

/** Refuses a folder that holds other things, before anything is simulated. */
export function checkOut(folder: string): void {
  if (!existsSync(folder)) return;
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    throw new PlanError({ code: "bad-flag", path: "--out", message: "is not a folder", value: folder });
  }
  if (files.length > 0 && !files.includes(mark)) {
    throw new PlanError({
      code: "bad-flag",
      path: "--out",
      message: "holds files that are not of a run",
      value: folder,
      hint: "name a new folder, or that of an earlier run",
    });
  }
}

/** Writes the run folder of design §5. It appears whole or not at all, in the place of an earlier run's. */
export async function writeRunFolder(folder: string, result: Result, plans: readonly Plan[]): Promise<void> {
  const target = resolve(folder);
  const unfinished = `${target}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, "charts"), { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(join(unfinished, file), text);

  write(mark, resultJson(result));
  write("series.csv", seriesCsv(result));
  resolvedScenarios(result, plans).forEach(({ file, scenario }) =>
    write(file, resolvedYaml(withTraces(scenario, (path) => relative(target, path)))),
  );
  const parts = readPageParts();
  for (const chart of charts.filter((one) => one.applies(result))) {
    const spec = chart.spec(result);
    write(join("charts", `${chart.name}.vl.json`), `${JSON.stringify(spec, null, 2)}\n`);
    write(join("charts", `${chart.name}.svg`), (await renderSvg(spec, parts.fonts, chart.name)).svg);
  }
  write("report.html", await reportPage(result, parts));

  rmSync(target, { recursive: true, force: true });
  renameSync(unfinished, target);
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
