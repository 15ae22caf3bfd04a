import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Result } from "../../src/experiment/result.ts";
import { headroom, scratch, smallScenario, smallTrace } from "./headroom.ts";

const files = scratch();
let scenario = "";
beforeAll(() => {
  files.write("day.csv", smallTrace());
  scenario = files.write("small.yaml", smallScenario);
});
afterAll(() => files.clear());

const outcomeNames = ["served", "timedOut", "shed", "throttled", "failed", "unfinished"];

describe("headroom simulate", () => {
  it("prints one JSON document whose outcomes add up to the offered requests", () => {
    const { status, stdout, stderr } = headroom("simulate", scenario, "--json", "--quiet");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const result = JSON.parse(stdout) as Result;
    expect(result.schema).toBe("headroom/result/1");
    for (const one of Object.values(result.points[0].classes)) {
      const sum = Object.values(one.outcomes).reduce((total, { mean }) => total + mean, 0);
      expect(sum).toBeCloseTo(one.offered.mean, 6);
      expect(one.offered.mean).toBeGreaterThan(100);
    }
  });

  it("prints tables that end in the advice", () => {
    const { stdout } = headroom("simulate", scenario);
    const result = JSON.parse(headroom("simulate", scenario, "--json").stdout) as Result;
    expect(stdout.replaceAll(/\s+/g, " ").trimEnd().endsWith(result.advice)).toBe(true);
  });

  it("the same command twice gives the same bytes, on one thread and on two, and another seed does not", () => {
    const [once, again] = [headroom("simulate", scenario, "--json"), headroom("simulate", scenario, "--json", "--jobs", "1")];
    expect(again.stdout).toBe(once.stdout);
    expect(headroom("simulate", scenario, "--json", "--seed", "4").stdout).not.toBe(once.stdout);
  });

  it("--requests writes one row per offered request, and the rows tell the same story as the result", () => {
    const rows = join(files.folder, "requests.csv");
    const again = join(files.folder, "again.csv");
    const { stdout } = headroom("simulate", scenario, "--replications", "1", "--json", "--requests", rows);
    headroom("simulate", scenario, "--replications", "1", "--requests", again);
    const text = readFileSync(rows, "utf8");
    expect(readFileSync(again, "utf8")).toBe(text);
    expect(text.split("\n")[0]).toBe("request,class,arrival_s,input_tokens,output_tokens,outcome,target,attempts,ttft_s,total_s");
    const parsed = parse(text, { columns: true }) as Record<string, string>[];
    const [point] = (JSON.parse(stdout) as Result).points;
    for (const [name, one] of Object.entries(point.classes)) {
      const own = parsed.filter((row) => row["class"] === name);
      expect(own.length).toBe(one.offered.mean);
      for (const outcome of outcomeNames) {
        expect(own.filter((row) => row["outcome"] === outcome).length).toBe(one.outcomes[outcome as keyof typeof one.outcomes].mean);
      }
      const mean = (column: string): number => {
        const values = own.flatMap((row) => (row[column] === "" ? [] : [Number(row[column])]));
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      };
      expect(mean("ttft_s")).toBeCloseTo(one.ttft_s.mean!.mean, 6);
      expect(mean("total_s")).toBeCloseTo(one.total_s.mean!.mean, 6);
    }
    const served = parsed.filter((row) => row["outcome"] === "served");
    expect(served.every((row) => row["target"] !== "" && Number(row["ttft_s"]) <= Number(row["total_s"]))).toBe(true);
    expect(parsed.filter((row) => row["outcome"] !== "served").every((row) => row["target"] === "" && row["total_s"] === "")).toBe(true);
  });

  it("--out writes a whole run folder, which another run may replace and nothing else", () => {
    const out = join(files.folder, "run");
    const { status } = headroom("simulate", scenario, "--out", out);
    expect(status).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual([
      "charts",
      "points.csv",
      "report.html",
      "result.json",
      "run.json",
      "scenario.resolved.yaml",
      "series.csv",
      "tasks",
    ]);
    expect(readdirSync(join(out, "charts"))).toContain("latency-over-time.svg");
    expect(readFileSync(join(out, "result.json"), "utf8")).toBe(headroom("simulate", scenario, "--json").stdout);
    expect(headroom("simulate", scenario, "--out", out).status).toBe(0);
    const refused = headroom("simulate", scenario, "--out", files.folder);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/--out: holds .*, which is not of a run/);
  });

  it("the resolved scenario in a run folder gives the same numbers", () => {
    const out = join(files.folder, "resolved");
    headroom("simulate", scenario, "--out", out);
    const [first, again] = [
      readFileSync(join(out, "result.json"), "utf8"),
      headroom("simulate", join(out, "scenario.resolved.yaml"), "--json").stdout,
    ];
    expect((JSON.parse(again) as Result).points).toEqual((JSON.parse(first) as Result).points);
  });

  it("--map names the columns of a trace that is not ours", () => {
    const renamed = smallTrace().replace("TIMESTAMP,ContextTokens,GeneratedTokens", "created at,prompt_tokens,completion_tokens");
    const trace = ["--set", `traffic.chat.arrivals.trace=${files.write("export.csv", renamed)}`, "--json"];
    const mapped = headroom("simulate", scenario, ...trace, "--map", "time=created at,input=prompt_tokens,output=completion_tokens");
    expect(mapped.status).toBe(0);
    expect((JSON.parse(mapped.stdout) as Result).points).toEqual(
      (JSON.parse(headroom("simulate", scenario, "--json").stdout) as Result).points,
    );
    expect(headroom("simulate", scenario, ...trace).stderr).toMatch(/export\.csv:1/);
    expect(headroom("validate", "models/scenarios/mm1.yaml", "--map", "time=a").stderr).toMatch(/--map: is for a trace without a map/);
  });

  it("--fail-on-slo ends with 99 when an objective is missed, and with 0 when all are met", () => {
    expect(headroom("simulate", scenario, "--fail-on-slo", "--set", 'traffic.chat.slo=["ttft p99 < 1ms"]').status).toBe(99);
    const easy = ["--set", 'traffic.chat.slo=["ttft p1 < 1m"]', "--set", 'traffic.digests.slo=["total p1 < 10m"]'];
    expect(headroom("simulate", scenario, "--fail-on-slo", ...easy).status).toBe(0);
  });
});

const conv = "../shared/traces/AzureLLMInferenceTrace_conv.csv";

it.skipIf(!existsSync(conv))("a real trace runs through the launch scenario: every request has one outcome", () => {
  const words = ["simulate", "models/scenarios/launch.yaml", "--set", `traffic.chat.arrivals.trace=${conv}`, "--horizon", "58m", "--json"];
  const { status, stdout } = headroom(...words, "--set", "warmup=5m", "--replications", "2");
  expect(status).toBe(0);
  const { offered, outcomes } = (JSON.parse(stdout) as Result).points[0].classes["chat"];
  expect(offered.mean).toBeGreaterThan(20_000);
  expect(Object.values(outcomes).reduce((sum, { mean }) => sum + mean, 0)).toBeCloseTo(offered.mean, 6);
});
