import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { PlanError } from "../base/plan-error.ts";
import { mapValues } from "../base/records.ts";
import type { Plan } from "../experiment/plan.ts";
import type { Result } from "../experiment/result.ts";
import { charts } from "../report/charts/registry.ts";
import { standalone } from "../report/font-face.ts";
import { reportPage } from "../report/page.ts";
import { pointsCsv } from "../report/points-csv.ts";
import { seriesCsv } from "../report/series-csv.ts";
import { renderSvg } from "../report/svg.ts";
import { resolvedYaml } from "../scenario/resolved.ts";
import type { Scenario } from "../scenario/schema.ts";
import { readPageParts } from "./page-parts.ts";
import { makePartFolder } from "./part-folder.ts";
import { resultJson } from "./print.ts";
import { type Manifest, readManifest, writeManifest } from "./tasks/manifest.ts";
import { taskFiles } from "./tasks/task-store.ts";
import { writing } from "./writing.ts";

/** What a run folder holds: all of it is ours, so that a folder with nothing else may be written over. */
const ours =
  /^(run\.json(\.part)?|result\.json|series\.csv|points\.csv|report\.html|charts|charts\/[\w-]+\.(vl\.json|svg)|scenario(-\d+)?\.resolved\.yaml)$/;

/** A folder that grows beside the one asked for, until it is whole and takes its place. */
export interface RunFolder {
  readonly write: (result: Result, plans: readonly Plan[], manifest: Manifest) => Promise<void>;
  /** Of a shard, which has no result: only what it was made by, and the tasks that are there already. */
  readonly writeShard: (manifest: Manifest) => void;
  /** Removes what is not whole. */
  readonly discard: () => void;
}

/**
 * Makes ready for a run folder, before anything is simulated.
 * @throws PlanError when the folder holds anything that is not of an earlier run, is being filled by another, or cannot be made
 */
export function openRunFolder(folder: string): RunFolder {
  const target = resolve(folder);
  checkTarget(folder, target);
  let part = "";
  writing("--out", folder, () => {
    part = makePartFolder(target);
  });
  return {
    async write(result, plans, manifest) {
      await fill(part, result, plans, target);
      writing("--out", folder, () => replace(target, part, manifest));
    },
    writeShard: (manifest) => writing("--out", folder, () => replace(target, part, manifest)),
    discard: () => rmSync(part, { recursive: true, force: true }),
  };
}

/** Puts the new folder in the place of the old, which is removed only when that has succeeded. Finished tasks move on into the new. */
function replace(target: string, part: string, manifest: Manifest): void {
  writeManifest(part, manifest);
  if (!existsSync(target)) {
    renameSync(part, target);
    return;
  }
  const old = `${part}.old`;
  renameSync(target, old);
  try {
    renameSync(part, target);
  } catch (error) {
    renameSync(old, target);
    throw error;
  }
  const tasks = join(old, "tasks");
  if (existsSync(tasks)) renameSync(tasks, join(target, "tasks"));
  rmSync(old, { recursive: true, force: true });
}

function checkTarget(folder: string, target: string): void {
  const refuse = (message: string): PlanError => {
    const hint = "name a new folder, or that of an earlier run with nothing else in it";
    return new PlanError({ code: "bad-flag", path: "--out", message, value: folder === "" ? '""' : folder, hint });
  };
  if (folder.trim() === "") throw refuse("names no folder");
  if (!relative(target, "").startsWith("..")) throw refuse("is the working folder, or holds it");
  if (!existsSync(target)) return;
  if (!lstatSync(target).isDirectory()) throw refuse("is not a folder");
  const held = readdirSync(target, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  const other = held.find((name) => !ours.test(name) && !taskFiles.test(name));
  if (other !== undefined) throw refuse(`holds ${other}, which is not of a run`);
  if (held.length > 0 && !isResult(join(target, "result.json")) && readManifest(target) === undefined)
    throw refuse("holds no result of ours");
}

function isResult(file: string): boolean {
  return existsSync(file) && readFileSync(file, "utf8").startsWith('{"schema":"headroom/result/');
}

/** The files of design §5. */
async function fill(part: string, result: Result, plans: readonly Plan[], target: string): Promise<void> {
  const write = (file: string, text: string): void => {
    writing("--out", file, () => writeFileSync(join(part, file), text));
  };
  mkdirSync(join(part, "charts"));
  write("result.json", resultJson(result));
  write("series.csv", seriesCsv(result));
  write("points.csv", pointsCsv(result));
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

/** The system simulated, as it stands also where its traffic was varied; of a sweep the plan that is recommended, or else the first; of a comparison all, numbered from the second on. */
function resolvedScenarios(result: Result, plans: readonly Plan[]): { file: string; scenario: Scenario }[] {
  const shown = result.kind === "compare" ? plans : [plans[result.best ?? 0] ?? plans[0]];
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
