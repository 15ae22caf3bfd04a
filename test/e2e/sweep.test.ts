import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Result } from "../../src/experiment/result.ts";
import { headroom, scratch, smallScenario, smallTrace } from "./headroom.ts";

const files = scratch();
let scenario = "";
beforeAll(() => {
  files.write("day.csv", smallTrace());
  scenario = files.write("small.yaml", smallScenario);
});
afterAll(() => files.clear());

const axes = ["--vary", "pools.gpus.warm.size=0..2", "--vary", "traffic.chat.client.timeout.total=15s,30s"];

const easy = ["--set", 'traffic.chat.slo=["success >= 10%"]', "--set", 'traffic.digests.slo=["success >= 10%"]'];

it("a sweep simulates the whole grid, names the cheapest plan that holds on fresh seeds, and draws it", () => {
  const out = join(files.folder, "sweep");
  const { status, stdout } = headroom("sweep", scenario, ...axes, ...easy, "--out", out);
  expect(status).toBe(0);
  const result = JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as Result;
  expect(result.points.map(({ values }) => values.join())).toEqual(["0,15s", "0,30s", "1,15s", "1,30s", "2,15s", "2,30s"]);
  expect(readdirSync(join(out, "charts"))).toEqual(expect.arrayContaining(["cost-attainment.svg", "sweep-heatmap.svg"]));
  expect(stdout.replaceAll(/\s+/g, " ").trimEnd().endsWith(result.advice)).toBe(true);
  const best = result.points[result.best!];
  expect(best.cost.usd_per_month.mean).toBe(Math.min(...result.points.map(({ cost }) => cost.usd_per_month.mean)));
  expect(result.verification).toMatchObject({ replications: 3, verdict: "met" });
  expect(result.verification!.attainment).not.toEqual(best.attainment);
});

it("where no plan meets the SLO the sweep says so, which is an answer and no error", () => {
  const { status, stdout } = headroom("sweep", scenario, ...axes, "--json");
  expect(status).toBe(0);
  const result = JSON.parse(stdout) as Result;
  expect(result.points.map(({ verdict }) => verdict)).not.toContain("met");
  expect(result.best).toBeUndefined();
  expect(result.advice).toMatch(
    /^No plan of the 6 is sure to meet every objective; the nearest, warm size \d, timeout total \d+s, costs \$/,
  );
  expect(headroom("sweep", scenario, ...axes, "--fail-on-slo", "--quiet").status).toBe(99);
});

it("a point of a sweep is the same system as simulated alone", () => {
  const swept = JSON.parse(headroom("sweep", scenario, ...axes, "--json").stdout) as Result;
  const alone = headroom(
    "simulate",
    scenario,
    "--set",
    "pools.gpus.warm.size=2",
    "--set",
    "traffic.chat.client.timeout.total=15s",
    "--json",
  );
  const [point] = (JSON.parse(alone.stdout) as Result).points;
  const { name: _, values: __, ...numbers } = swept.points[4];
  expect(point).toMatchObject(numbers);
});

it("compare pairs the systems by replication: a system differs from itself by exactly nothing", () => {
  const { stdout } = headroom("compare", scenario, scenario, "--json");
  const { differences } = JSON.parse(stdout) as Result;
  expect(differences.length).toBeGreaterThan(5);
  for (const { difference, significant } of differences) {
    expect(difference.mean).toBe(0);
    expect(significant).toBe(false);
  }
});

it("compare with a variant reports what the change is worth", () => {
  const { status, stdout } = headroom(
    "compare",
    scenario,
    "--variant",
    "pools.gpus.warm.size=0; pools.gpus.replicas={ min: 3, max: 4 }",
    "--json",
  );
  expect(status).toBe(0);
  const { points, differences, advice } = JSON.parse(stdout) as Result;
  expect(points.map(({ name }) => name)).toEqual(["base", "warm.size=0; replicas={ min: 3, max: 4 }"]);
  const cost = differences.find(({ unit }) => unit === "usd_per_month")!;
  expect(cost.significant).toBe(true);
  expect(cost.difference.mean).toBeCloseTo(points[1].cost.usd_per_month.mean - points[0].cost.usd_per_month.mean, 6);
  expect(advice).toMatch(/^Against base, /);
});

it("a variant is called as its name in front of a colon says, and without one by what it changes", () => {
  const cold = "no warm pool: pools.gpus.warm.size=0; pools.gpus.replicas={ min: 3, max: 4 }";
  const { status, stdout } = headroom("compare", scenario, "--variant", cold, "--variant", "pools.gpus.warm.size=0", "--json");
  expect(status).toBe(0);
  const { points } = JSON.parse(stdout) as Result;
  expect(points.map(({ name }) => name)).toEqual(["base", "no warm pool", "warm.size=0"]);
});

it("what the planner does not choose is compared, and none of it advised", () => {
  const rates = headroom("compare", scenario, ...easy, "--variant", "traffic.digests.arrivals.rate=0.1/s", "--json");
  const slos = headroom("sweep", scenario, "--vary", 'traffic.chat.slo=["success >= 1%"],[]', "--json");
  for (const { status, stdout } of [rates, slos]) {
    const result = JSON.parse(stdout) as Result;
    expect(status).toBe(0);
    expect(result.best).toBeUndefined();
    expect(result.advice).toMatch(/they differ in traffic, SLO or faults, which are not for the planner to choose, so none is advised\.$/);
  }
});

it("readiness is what the same system costs more, and misses less, with its warm pool than without, on the same requests", () => {
  const simulated = (size: number) =>
    JSON.parse(headroom("simulate", scenario, "--set", `pools.gpus.warm.size=${size}`, "--json").stdout) as Result;
  const [kept, none] = [simulated(1), simulated(0)];
  const misses = ({ points: [{ classes }], horizon_s, warmup_s }: Result): number =>
    Object.values(classes).reduce((sum, one) => sum + one.offered.mean - one.goodput_per_s.mean * (horizon_s - warmup_s), 0);
  const { readiness } = kept;
  expect(none.readiness).toBeUndefined();
  expect(readiness!.warm).toEqual({ gpus: { size: 1, state: "paused" } });
  const costs = kept.points[0].cost.usd_per_month.mean - none.points[0].cost.usd_per_month.mean;
  expect(readiness!.usd_per_month.mean).toBeCloseTo(costs, 6);
  expect(readiness!.missesPrevented.mean).toBeCloseTo(misses(none) - misses(kept), 6);
  expect(readiness!.coldWaitsPrevented.mean).toBeCloseTo(
    none.points[0].pools["gpus"].coldWaits.mean - kept.points[0].pools["gpus"].coldWaits.mean,
    6,
  );
});

it("a sweep along one number draws attainment and cost along it, the replicas by state, and the phases of a cold start", () => {
  const out = join(files.folder, "along");
  const vary = ["--vary", "pools.gpus.coldStart.phases.provisioning.constant=0s,30s,90s"];
  expect(headroom("sweep", scenario, ...vary, "--out", out).status).toBe(0);
  const drawn = ["along-axis.svg", "replicas-over-time.svg", "cold-start-waterfall.svg"];
  expect(readdirSync(join(out, "charts"))).toEqual(expect.arrayContaining(drawn));
});
