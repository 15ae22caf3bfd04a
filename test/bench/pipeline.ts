import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { openModels } from "../../src/cli/catalogue.ts";
import { runReplication } from "../../src/experiment/run.ts";
import type { Assignment } from "../../src/scenario/document/assignments.ts";
import { decodeScenario } from "../../src/scenario/document/decode.ts";
import type { Scenario } from "../../src/scenario/schema.ts";
import { traceKey } from "../../src/traffic/arrivals/arrivals.ts";
import { readTrace } from "../../src/traffic/trace-file.ts";
import type { Trace } from "../../src/traffic/trace.ts";
import type { Case } from "./measure.ts";

interface ScenarioFile {
  readonly name: string;
  readonly file: string;
  readonly set: Readonly<Record<string, string>>;
}

const files: readonly ScenarioFile[] = [
  { name: "M/M/1 station", file: "models/scenarios/mm1.yaml", set: {} },
  { name: "fleets, one day", file: "models/scenarios/fleets.yaml", set: {} },
  { name: "launch, one day", file: "models/scenarios/launch.yaml", set: {} },
  {
    name: "launch at 8 times the traffic",
    file: "models/scenarios/launch.yaml",
    set: { "traffic.chat.arrivals.rateScale": "8", horizon: "6h" },
  },
];

/** From arrivals to the summary of one replication: lengths, cache, client, fleet, provider, percentiles, money. */
export function pipelineCases(): Case[] {
  return files.map((one) => {
    const { scenario, traces } = open(one);
    const run = () => runReplication(scenario, 0, traces).recorder.count;
    return { name: one.name, requests: run(), run };
  });
}

function open({ file, set }: ScenarioFile): { scenario: Scenario; traces: Map<string, Trace> } {
  const assignments: Assignment[] = Object.entries(set).map(([path, value]) => ({ path, value, flag: "--set" }));
  const resolveFile = (path: string): string => relative("", resolve(dirname(file), path));
  const { scenario } = decodeScenario({ file, text: readFileSync(file, "utf8"), assignments, catalogue: openModels(), resolveFile });
  const traces = new Map<string, Trace>();
  for (const { arrivals } of Object.values(scenario.traffic)) {
    const key = traceKey(arrivals);
    if (key !== undefined) traces.set(key, readTrace(arrivals.trace!));
  }
  return { scenario, traces };
}
