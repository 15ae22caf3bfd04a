import { describe, expect, it } from "vitest";
import { adviceOnComparison, adviceOnOne, adviceOnSearch } from "../../src/experiment/advice.ts";
import type { ClassResult, Difference, Point, Verdict, Verification } from "../../src/experiment/result.ts";
import { around, simulated } from "../report/fixture.ts";

const [template] = simulated().points;
const axes = [
  { path: "pools.gpus.warm.size", label: "warm size", values: ["0", "1"] },
  { path: "seed", label: "seed", values: ["7"] },
];

function system(name: string, verdict: Verdict, usd: number, share = 0.97): Point {
  const objective = {
    text: "ttft p95 < 2s",
    kind: "latency" as const,
    verdict,
    target: 0.95,
    attained: around(share, 0.002),
    budgetLeft: { mean: (share - 0.95) / 0.05 },
  };
  const chat: ClassResult = { ...template.classes["chat"], objectives: [objective] };
  const cost = { ...template.cost, usd_per_month: around(usd, 100), idleShare: { mean: 0.4 } };
  return {
    ...template,
    name,
    values: [name, "7"],
    verdict,
    classes: { chat },
    cost,
    attainment: objective.attained,
    margin: objective.budgetLeft,
  };
}

const search = (best?: Point, verification?: Verification, noChoice?: string) => ({ axes, best, verification, noChoice });

const fresh: Verification = { replications: 5, verdict: "met", attainment: around(0.97, 0.01), usd_per_month: around(100, 1) };

describe("the advice on one system", () => {
  it("says what is tightest, what it costs and what idles", () => {
    expect(adviceOnOne(system("base", "met", 12_000))).toBe(
      "The system meets every objective; the tightest is chat ttft p95 < 2s, which 97.00 % ± 0.20 of the requests meet and 95 % must; " +
        "it costs $12,000 ± 100 a month, and 40 % of the pools' money pays for replicas at rest.",
    );
  });

  it("names what is missed", () => {
    expect(adviceOnOne(system("base", "missed", 12_000, 0.9))).toMatch(
      /^The system misses its SLO: chat ttft p95 < 2s, which 90\.00 % ± 0\.20/,
    );
  });

  it("asks for more replications when the interval spans the target", () => {
    expect(adviceOnOne(system("base", "undecided", 12_000, 0.95))).toMatch(/^5 replications cannot tell .* add replications\.$/);
  });

  it("claims nothing without an SLO", () => {
    const bare = { ...template, classes: { chat: { ...template.classes["chat"], objectives: [] } } };
    expect(adviceOnOne(bare)).toMatch(/^Without an SLO there is nothing to meet/);
  });
});

describe("the advice on a search", () => {
  const points = [system("0", "missed", 9_000, 0.9), system("1", "met", 12_000)];

  it("names the plan by what was varied, and that it held on fresh seeds", () => {
    expect(adviceOnSearch(points, search(points[1], fresh))).toBe(
      "Take warm size 1: at $12,000 ± 100 a month it is the one plan of 2 that meets every objective, and it met them again on 5 fresh seeds.",
    );
  });

  it("recommends nothing when the plans that met did not meet again", () => {
    expect(adviceOnSearch(points, search())).toMatch(/^Nothing can be recommended yet: the one plan that met every objective/);
  });

  it("says how near the nearest comes when none meets", () => {
    const missed = [system("0", "missed", 9_000, 0.8), system("1", "missed", 12_000, 0.9)];
    expect(adviceOnSearch(missed, search())).toMatch(
      /^No plan of the 2 is sure to meet every objective; the nearest, warm size 1, costs \$12,000 ± 100 a month: chat ttft p95 < 2s, which 90\.00 %/,
    );
  });
});

it("the advice on an undecided system names the objective that is undecided, though another has less budget left", () => {
  const [one] = system("base", "undecided", 12_000, 0.95).classes["chat"].objectives;
  const met = { ...one, text: "success >= 99.5%", kind: "success" as const, verdict: "met" as const, budgetLeft: { mean: -9 } };
  const undecided = system("base", "undecided", 12_000, 0.95);
  const classes = { chat: { ...undecided.classes["chat"], objectives: [met, one] } };
  expect(adviceOnOne({ ...undecided, classes })).toContain("chat ttft p95 < 2s");
});

it("the advice on what the planner does not choose counts the plans and takes none", () => {
  const points = [system("0", "missed", 9_000, 0.9), system("1", "met", 12_000)];
  expect(adviceOnSearch(points, search(undefined, undefined, "there is no SLO, so none is advised"))).toBe(
    "1 of 2 plans meets every objective; there is no SLO, so none is advised.",
  );
});

describe("the advice on a comparison", () => {
  const points = [system("base", "met", 12_000), system("cold", "missed", 9_000, 0.9)];
  const difference = (metric: string, unit: Difference["unit"], mean: number, significant: boolean): Difference => ({
    from: "base",
    to: "cold",
    metric,
    unit,
    difference: around(mean, Math.abs(mean) / 2),
    significant,
    varianceReduction: null,
  });

  it("says what each system would change, and which is the cheapest that keeps the SLO", () => {
    const differences = [difference("cost", "usd_per_month", -3000, true), difference("chat · ttft p95 < 2s", "share", -0.07, true)];
    expect(adviceOnComparison(points, differences, undefined, points[0])).toBe(
      "Against base, cold costs $3,000 a month less and reaches chat · ttft p95 < 2s less often by 7.00 percentage points; " +
        "base is the cheapest that meets every objective.",
    );
  });

  it("says that systems without a common objective cannot be held against each other in it", () => {
    const differences = [difference("cost", "usd_per_month", -3000, true)];
    expect(adviceOnComparison(points, differences, undefined, undefined)).toContain("has no objective in common with it");
  });

  it("gives one replication's difference plainly, and says that it has no interval", () => {
    const alone = points.map((point) => ({ ...point, replications: 1 }));
    const plain = { ...difference("cost", "usd_per_month", 500, false), difference: { mean: 500 } };
    expect(adviceOnComparison(alone, [plain], undefined, undefined)).toBe(
      "Against base, cold costs $500 a month more and has no objective in common with it (one replication, so without an interval); " +
        "no system is sure to meet every objective.",
    );
  });

  it("claims no difference that the interval does not bear out", () => {
    const differences = [difference("cost", "usd_per_month", -3, false), difference("chat · ttft p95 < 2s", "share", -0.0001, false)];
    expect(adviceOnComparison(points, differences, undefined, undefined)).toBe(
      "Against base, cold costs the same within the error and reaches its objectives as often within the error; " +
        "no system is sure to meet every objective.",
    );
  });
});

it("the advice on a system with a class that nothing came for claims nothing of its SLO", () => {
  const quiet = system("base", "undecided", 12_000);
  const chat = { ...quiet.classes["chat"], offered: { mean: 0 } };
  expect(adviceOnOne({ ...quiet, classes: { chat } })).toMatch(
    /^No request of chat arrived after the warm-up, so nothing is known of it; it costs/,
  );
});
