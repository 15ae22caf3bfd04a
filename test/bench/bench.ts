/**
 * Requests per CPU-second, single-threaded, whole pipeline from arrivals to the summary of one replication: `npm run bench`.
 * Each case runs once to warm up and five times to count; the median is the figure, and is compared with the last one kept.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { runReplication } from "../../src/experiment/run.ts";
import type { Assignment } from "../../src/scenario/document/assignments.ts";
import { decodeScenario } from "../../src/scenario/document/decode.ts";
import { traceKey } from "../../src/traffic/arrivals/arrivals.ts";
import { readTrace } from "../../src/traffic/trace-file.ts";
import type { Trace } from "../../src/traffic/trace.ts";

interface Case {
  readonly name: string;
  readonly file: string;
  readonly set: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [
  { name: "M/M/1 station", file: "models/scenarios/mm1.yaml", set: {} },
  { name: "fleets, one day", file: "models/scenarios/fleets.yaml", set: {} },
  { name: "launch, one day", file: "models/scenarios/launch.yaml", set: {} },
  {
    name: "launch at 8 times the traffic",
    file: "models/scenarios/launch.yaml",
    set: { "traffic.chat.arrivals.rateScale": "8", horizon: "6h" },
  },
];

const kept = join(import.meta.dirname, "baseline.json");
const counted = 5;

function measure({ file, set }: Case): { requests: number; perCpuSecond: number[] } {
  const assignments: Assignment[] = Object.entries(set).map(([path, value]) => ({ path, value, flag: "--set" }));
  const resolveFile = (path: string): string => relative("", resolve(dirname(file), path));
  const { scenario } = decodeScenario({ file, text: readFileSync(file, "utf8"), assignments, catalogue: openCatalogue(), resolveFile });
  const traces = new Map<string, Trace>();
  for (const { arrivals } of Object.values(scenario.traffic)) {
    const key = traceKey(arrivals);
    if (key !== undefined) traces.set(key, readTrace(arrivals.trace!));
  }
  let requests = 0;
  const perCpuSecond: number[] = [];
  for (let run = 0; run <= counted; run++) {
    const before = process.cpuUsage();
    requests = runReplication(scenario, 0, traces).recorder.count;
    const { user, system } = process.cpuUsage(before);
    if (run > 0) perCpuSecond.push(requests / ((user + system) / 1e6));
  }
  return { requests, perCpuSecond: perCpuSecond.toSorted((a, b) => a - b) };
}

const keep = process.argv.includes("--keep");
const baseline = JSON.parse(readFileSync(kept, "utf8")) as Record<string, number>;
const rounded = (value: number): number => Math.round(value / 1000) * 1000;
console.log("| case | requests | per CPU-second: median | least | most | against the baseline |");
console.log("| --- | --: | --: | --: | --: | --: |");
for (const one of cases) {
  const { requests, perCpuSecond } = measure(one);
  const [least, median, most] = [perCpuSecond[0], perCpuSecond[Math.floor(counted / 2)], perCpuSecond[counted - 1]].map(rounded);
  const ratio = baseline[one.name] === undefined ? "–" : (median / baseline[one.name]).toFixed(2);
  console.log(`| ${[one.name, requests, median, least, most, ratio].join(" | ")} |`);
  baseline[one.name] = keep ? median : (baseline[one.name] ?? median);
}
if (keep) writeFileSync(kept, `${JSON.stringify(baseline, null, 2)}\n`);
