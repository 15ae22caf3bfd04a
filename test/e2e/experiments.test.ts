import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Result } from "../../src/experiment/result.ts";
import { headroom, scratch } from "./headroom.ts";

const files = scratch();
let scenario = "";

/** One queue in front of one server, whose replica takes its time to come: simulated at once. */
beforeAll(() => {
  scenario = files.write(
    "station.yaml",
    `
name: Station
seed: 5
horizon: 10m
warmup: 1m
replications: 3
traffic:
  jobs:
    arrivals: { rate: 5/s }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    slo: ["total p90 < 1s"]
    path: [station]
pools:
  station:
    engine: { station: { servers: 1, service: { exponential: { mean: 100ms } } } }
    replicas: 1
    price: { perReplicaHour: $1 }
drift: { traffic: 20% }
`,
  );
});
afterAll(() => files.clear());

const commands = {
  capacity: {
    flags: ["--up-to", "4", "--resolution", "10%"],
    part: "capacity",
    charts: ["along-axis.svg"],
    says: /^Headroom: 1\.\d+ ± 0\.\d+ times/,
  },
  forecast: {
    flags: ["--months", "4"],
    part: "forecast",
    charts: ["along-axis.svg"],
    says: /^jobs total p90 < 1s breaks in month [34] \(of 4\)/,
  },
  explain: { flags: [], part: "explanation", charts: ["cause-worth.svg", "input-tornado.svg"], says: /busy replicas/i },
} as const;

describe.each(Object.entries(commands))("headroom %s", (command, { flags, part, charts, says }) => {
  let out: string;
  let ended: ReturnType<typeof headroom>;
  let result: Result;
  beforeAll(() => {
    out = join(files.folder, command);
    ended = headroom(command, scenario, ...flags, "--out", out);
    result = JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as Result;
  });

  it("answers, and ends with its advice", () => {
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(result.advice).toMatch(says);
    expect(ended.stdout.replaceAll(/\s+/g, " ").trimEnd().endsWith(result.advice)).toBe(true);
  });

  it("leaves a folder with the page, its charts and every number", () => {
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["charts", "points.csv", "report.html", "result.json", "run.json"]));
    expect(readdirSync(join(out, "charts"))).toEqual(expect.arrayContaining([...charts]));
    expect(result).toMatchObject({ schema: "headroom/result/1", kind: command, [part]: expect.anything() });
    const page = readFileSync(join(out, "report.html"), "utf8");
    for (const chart of charts) expect(page).toContain(`id="${chart.replace(".svg", "")}"`);
  });

  it("says the same as JSON, and again", () => {
    const again = headroom(command, scenario, ...flags, "--json", "--quiet");
    expect(again).toMatchObject({ status: 0, stderr: "" });
    const { command: _, ...printed } = JSON.parse(again.stdout) as Result;
    const { command: __, ...written } = result;
    expect(printed).toEqual(written);
  });
});

describe("what none of them can answer is refused with a word on it", () => {
  it.each([
    ["capacity", ["--set", "traffic.jobs.slo=[]"], "no class has an objective on its requests"],
    ["capacity", ["--up-to", "1"], "must be above 1"],
    ["forecast", ["--set", "drift={}"], "nothing is said of how the months differ"],
    ["forecast", ["--months", "0"], "must be a whole number from 1"],
  ])("headroom %s %s", (command, flags, message) => {
    const { status, stdout, stderr } = headroom(command, scenario, ...flags);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});
