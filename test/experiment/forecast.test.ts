import { beforeAll, describe, expect, it } from "vitest";
import { forecast } from "../../src/experiment/forecast.ts";
import type { Result } from "../../src/experiment/result.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { planOf } from "./systems.ts";

const context = { version: "test", command: "headroom forecast", traces: new Map() };

const station = `
name: Station
seed: 5
horizon: 20m
warmup: 2m
replications: 5
traffic:
  jobs:
    arrivals: { rate: 5/s }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    slo: ["total p90 < 1s"]
    path: [station]
pools:
  station: { engine: { station: { servers: 1, service: { exponential: { mean: 100ms } } } }, replicas: 1, price: { perReplicaHour: $1 } }
drift: { traffic: 10% }
`;

function forecastOf(assignments: Readonly<Record<string, string>> = {}, months = 8, candidates: readonly string[] = []): Promise<Result> {
  const others = candidates.map((replicas) =>
    planOf(station, { ...assignments, "pools.station.replicas": replicas }, `replicas ${replicas}`),
  );
  return forecast(planOf(station, assignments), others, months, inlineRunner(new Map()), context);
}

describe("an M/M/1 system whose traffic grows by a tenth a month", () => {
  let result: Result;
  beforeAll(async () => {
    result = await forecastOf();
  });

  it("breaks when arrivals pass μ + ln 0.1 / t = 7.7 a second: surely between months 4 and 6, since 5 · 1.1⁴ = 7.3 and 5 · 1.1⁶ = 8.9", () => {
    const [course] = result.forecast!.courses;
    expect(course.unsure!.month).toBeGreaterThan(3);
    expect(course.missed).toMatchObject({ className: "jobs", text: "total p90 < 1s" });
    expect([5, 6]).toContain(course.missed!.month);
    expect(course.missed!.month).toBeGreaterThanOrEqual(course.unsure!.month);
    const attained = result.points[4].attainment;
    expect(Math.abs(attained.mean - (1 - Math.exp(-(10 - 5 * 1.1 ** 4))))).toBeLessThan(0.03);
  });

  it("is short of replicas, and one more is the least that holds", () => {
    const { binding, next, courses } = result.forecast!;
    expect(binding).toBe("replicas in station");
    expect(next).toMatchObject({ name: "2 replicas in station", month: courses[0].unsure!.month, holdsUntil: 8 });
    expect(next!.verification.verdict).toBe("met");
    expect(next!.usd_per_month.mean).toBeCloseTo(2 * 730, 6);
    expect(result.advice).toMatch(/^jobs total p90 < 1s breaks in month [56] \(of 8\)/);
    expect(result.advice).toMatch(
      /is 2 replicas in station, at \$1,460 ± 0 a month, to month 8, the last; --vary gives more to choose from\.$/,
    );
  });

  it("has a point for each month, and the multiples of the traffic in it", () => {
    expect(result.axes).toEqual([{ path: "month", label: "month", values: ["0", "1", "2", "3", "4", "5", "6", "7", "8"] }]);
    expect(result.points.map(({ values }) => values)).toEqual(result.axes[0].values.map((value) => [value]));
    expect(result.forecast!.courses[0].monthly[8]).toEqual({ point: 8, traffic: { jobs: expect.closeTo(1.1 ** 8, 9) } });
  });

  it("comes out the same again", async () => {
    expect(JSON.stringify(await forecastOf())).toBe(JSON.stringify(result));
  });
});

it("of plans given the cheapest that holds in the month that breaks is named, and no ladder is tried", async () => {
  const { forecast: found, advice } = await forecastOf({}, 8, ["1", "3", "2"]);
  expect(found!.next).toMatchObject({ name: "replicas 2", tried: 3, holdsUntil: 8 });
  expect(advice).toContain("the cheapest of 3 plans that holds is replicas 2");
});

describe("money", () => {
  it("moves exactly with the prices, and is summed over the months ahead", async () => {
    const {
      points,
      forecast: found,
      advice,
    } = await forecastOf({ drift: "{ prices: -2% }", "traffic.jobs.slo": '["cost < $720/month"]' }, 3);
    points.forEach(({ cost }, month) => expect(cost.usd_per_month.mean).toBeCloseTo(730 * 0.98 ** month, 8));
    const [course] = found!.courses;
    expect(course.usd_total.mean).toBeCloseTo(730 * (0.98 + 0.98 ** 2 + 0.98 ** 3), 8);
    expect(course.costMissed).toEqual({ month: 0, className: "jobs", text: "cost < $720/month" });
    expect(course.unsure).toBeNull();
    expect(advice).toMatch(/^No objective is on requests\. It costs /);
  });

  it("that is overspent is not called an SLO that is met, though all requests are served in time", async () => {
    const slo = '["total p90 < 1s", "cost < $800/month"]';
    const { advice } = await forecastOf({ drift: "{ prices: 5% }", "traffic.jobs.slo": slo }, 3);
    expect(advice).toMatch(/^Every objective on requests is surely met in all 3 months\. .*jobs cost < \$800\/month breaks in month 2\.$/);
  });

  it("rules out the replicas that would serve well enough", async () => {
    const slo = '["total p90 < 1s", "cost < $900/month"]';
    const { forecast: found, advice } = await forecastOf({ "traffic.jobs.slo": slo });
    expect(found!.next).toBeNull();
    expect(advice).toContain("2 replicas in station would serve well enough, but at $1,460 a month do not keep jobs cost < $900/month");
  });

  it("that rises breaks a budget in the month in which it passes it", async () => {
    const { forecast: found, advice } = await forecastOf({ drift: "{ prices: 5% }", "traffic.jobs.slo": '["cost < $800/month"]' }, 3);
    // 730 · 1.05² is 804.8.
    expect(found!.courses[0].costMissed).toMatchObject({ month: 2 });
    expect(advice).toContain("jobs cost < $800/month breaks in month 2");
  });
});

it("uncertain growth gives three courses, which break the earlier the more there is, and is planned for by p90", async () => {
  const { forecast: found, axes, points } = await forecastOf({ drift: "{ traffic: { p50: 10%, p90: 20% } }", horizon: "10m" }, 6);
  expect(axes[1]).toEqual({ path: "demand", label: "demand", values: ["p50", "p90", "p99"] });
  expect(points).toHaveLength(21);
  const months = found!.courses.map(({ missed }) => missed?.month ?? Infinity);
  expect(months).toEqual(months.toSorted((a, b) => b - a));
  expect(months[2]).toBeLessThan(months[0]);
  expect(found!.planned).toBe(1);
  expect(found!.next!.month).toBe(found!.courses[1].unsure!.month);
});

it("a corpus that grows to its memory's limit slows what reads from it", async () => {
  const retrieving = station
    .replace("path: [station]", "path: [docs, station]")
    .replace("drift: { traffic: 10% }", "drift: { vectors: 20% }")
    .concat(
      "vectorStores: { docs: { concurrency: 8, read: { constant: 20ms }, vectors: 1M, memory: { limit: 5GB, bytesPerVector: 4000B, slowdown: 100 } } }\n",
    );
  const plan = planOf(retrieving, { "traffic.jobs.arrivals.rate": "1/s", "traffic.jobs.slo": '["total p90 < 700ms"]' });
  const { forecast: found, points } = await forecast(plan, [], 4, inlineRunner(new Map()), context);
  // 1M vectors are 80 % of the limit; 20 % more are 96 % of it, and reads then miss memory 4 times in 5.
  expect(points.map(({ verdict }) => verdict)).toEqual(["met", "missed", "missed", "missed", "missed"]);
  expect(found!.courses[0].missed!.month).toBe(1);
});

it("without drift there is nothing to forecast, which is the user's mistake", async () => {
  await expect(forecastOf({ drift: "{}" })).rejects.toMatchObject({ details: { code: "missing-key", path: "drift" } });
});
