import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { type Deployment, deploymentOf } from "../../src/serving/roofline/deployment.ts";
import { rooflineSettings } from "../../src/serving/roofline/efficiencies.ts";
import { rooflineStepTime } from "../../src/serving/roofline/roofline.ts";
import { workOf } from "../../src/serving/roofline/work.ts";
import { reportedReplication, signed } from "./closed-loop-errors.ts";
import { measuredIsAbsent } from "./closed-loop-rows.ts";
import {
  groupErrors,
  groupTable,
  kindOf,
  type LeftOutEfficiencies,
  pairOf,
  percent,
  rowError,
  simulateRow,
  statedError,
} from "./pair-errors.ts";
import { rowsMissingInReadme } from "./readme-tables.ts";
import { measuredMeans, measuredRequests, replayedMeans } from "./replayed-requests.ts";
import { engineNames, type RooflineRow, rooflineRows } from "./roofline-rows.ts";
import { shippedEngine } from "./shipped-engine.ts";
import { shipped, shippedGpu, shippedLlm } from "./shipped-models.ts";
import { stepErrors, stepTable } from "./step-errors.ts";

const withoutPair = JSON.parse(readFileSync(new URL("left-out-efficiencies.json", import.meta.url), "utf8")) as LeftOutEfficiencies;
const shippedEfficiencies = (engine: string) => shipped("rooflines", engine, rooflineSettings);
const groupOf = (row: RooflineRow) => `${pairOf(row)} ${row.engine}`;

describe.skipIf(measuredIsAbsent)("engines derived from data sheets", () => {
  const { rows, leftOut } = measuredIsAbsent ? { rows: [], leftOut: new Map<string, number>() } : rooflineRows();
  const errorsWith = (efficienciesOf: (row: RooflineRow) => ReturnType<typeof shippedEfficiencies>) =>
    rows.map((row) => rowError(row, simulateRow(row, efficienciesOf(row), reportedReplication)));
  const unseen = errorsWith((row) => withoutPair[pairOf(row)][row.engine]!);
  const fitted = errorsWith((row) => shippedEfficiencies(row.engine));

  it("miss the closed loops of (model, GPU) pairs that had no part in the fit by what the README shows", () => {
    const table = groupTable(["model", "GPU", "engine"], groupErrors(unseen, groupOf), groupErrors(fitted, groupOf));
    const kinds = groupTable(["kind"], groupErrors(unseen, kindOf), groupErrors(fitted, kindOf));
    console.log(`${table}\n${kinds}`);
    expect(rowsMissingInReadme(`${table}\n${kinds}`)).toEqual([]);
  });

  it("stay within what a planner can use", () => {
    expect(statedError(unseen, "dense").tpot).toBeLessThan(0.12);
    expect(statedError(unseen, "dense").ttft).toBeLessThan(0.25);
    expect(statedError(unseen, "experts").tpot).toBeLessThan(0.2);
    expect(statedError(unseen, "experts").ttft).toBeLessThan(0.25);
  });

  it.each(engineNames)("state that error: %s", (engine) => {
    const text = (share: number) => percent(share).replace(" ", "");
    const stated = (kind: "dense" | "experts") => {
      const { tpot, ttft } = statedError(unseen, kind);
      const own = rows.filter((row) => kindOf(row) === kind);
      const measured = new Set(own.map(({ gpu }) => gpu));
      const gpus = openCatalogue()
        .names("gpus")
        .filter((gpu) => measured.has(gpu));
      return { tpot: text(tpot), ttft: text(ttft), pairs: new Set(own.map(pairOf)).size, gpus };
    };
    expect(openCatalogue().find("rooflines", engine)).toMatchObject({
      how: "fitted",
      error: { dense: stated("dense"), experts: stated("experts") },
    });
  });

  it("are compared with every row but those that the README gives a reason for", () => {
    const lines = [...leftOut].map(([reason, count]) => `| ${count} | ${reason} |`).join("\n");
    console.log(lines);
    expect(rows.length + [...leftOut.values()].reduce((sum, count) => sum + count, 0)).toBe(1624);
    expect(rowsMissingInReadme(lines)).toEqual([]);
  });

  it("miss single steps of other GPUs and older engines by what the README shows", () => {
    const table = stepTable(stepErrors(shippedEfficiencies("vllm")));
    console.log(table);
    expect(rowsMissingInReadme(table)).toEqual([]);
  });

  it("miss two runs of real requests, on GPUs that had no part in the fit, by what the README shows", () => {
    const lines = (["rtx-4090", "rtx-pro-6000"] as const).map((gpu) => {
      const deployment = deploymentOf({ llm: shippedLlm("llama-3.1-8b"), gpu: shippedGpu(gpu), tp: 1 }) as Deployment;
      const stepTime = rooflineStepTime(workOf(deployment), deployment.gpu, shippedEfficiencies("vllm"));
      const requests = measuredRequests(gpu === "rtx-4090" ? "RTX4090_Llama-3.1-8B_vllm" : "RTXPRO6000_Llama-3.1-8B_vllm");
      const measured = measuredMeans(requests);
      const simulated = replayedMeans(requests, { ...shippedEngine(`llama-3.1-8b/${gpu}/tp1`)!, stepTime });
      const errors = (["ttft", "tpot", "total"] as const).map((of) => signed(simulated[of] / measured[of] - 1));
      return `| ${["llama-3.1-8b", gpu, ...errors].join(" | ")} |`;
    });
    console.log(lines.join("\n"));
    expect(rowsMissingInReadme(lines.join("\n"))).toEqual([]);
  });
});
