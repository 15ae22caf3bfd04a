/**
 * Requests per CPU-second of one thread: `npm run bench`, or `npm run bench -- replica` for one of the suites. Each case runs once to
 * warm up and five times to count, and is compared with the baseline. The figures go to latest.json; `--keep` makes them the baseline.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, measure } from "./measure.ts";
import { fleetCases } from "./fleet.ts";
import { pipelineCases } from "./pipeline.ts";
import { replicaCases } from "./replica.ts";

const suites: Readonly<Record<string, () => Case[]>> = { replica: replicaCases, fleet: fleetCases, pipeline: pipelineCases };
const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const unknown = asked.find((name) => suites[name] === undefined);
if (unknown !== undefined) throw new Error(`there is no suite ${unknown}: ${Object.keys(suites).join(", ")}`);

const keep = process.argv.includes("--keep");
const baselineFile = join(import.meta.dirname, "baseline.json");
const latestFile = join(import.meta.dirname, "latest.json");
const baseline = JSON.parse(readFileSync(baselineFile, "utf8")) as Record<string, number>;
const latest: Record<string, number> = {};
const grouped = (value: number): string => value.toLocaleString("en");

for (const suite of asked.length === 0 ? Object.keys(suites) : asked) {
  console.log(`\n| ${suite} | requests | per CPU-second, median | least | most | against the baseline |`);
  console.log("| --- | --: | --: | --: | --: | --: |");
  for (const one of suites[suite]()) {
    const { name, requests, median, least, most } = measure(one);
    const ratio = baseline[name] === undefined ? "–" : (median / baseline[name]).toFixed(2);
    console.log(`| ${[name, ...[requests, median, least, most].map(grouped), ratio].join(" | ")} |`);
    latest[name] = median;
  }
}
writeFileSync(latestFile, `${JSON.stringify(latest, null, 2)}\n`);
if (keep) writeFileSync(baselineFile, `${JSON.stringify({ ...baseline, ...latest }, null, 2)}\n`);
console.log(`\nwritten to test/bench/${keep ? "baseline.json" : "latest.json; --keep makes it the baseline"}`);
