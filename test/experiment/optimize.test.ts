import { describe, expect, it } from "vitest";
import { parseAxis } from "../../src/experiment/axes.ts";
import { optimize } from "../../src/experiment/optimize.ts";
import { Candidates, type Decode, probe } from "../../src/experiment/optimization/candidates.ts";
import { asWritten, type DemandCase } from "../../src/experiment/optimization/demand-case.ts";
import type { Plan } from "../../src/experiment/plan.ts";
import type { Result } from "../../src/experiment/result.ts";
import { inlineRunner, type Runner } from "../../src/experiment/runner.ts";
import { planOf } from "./systems.ts";

const text = `
name: Small
seed: 3
horizon: 60s
warmup: 10s
replications: 5
traffic:
  chat:
    arrivals: { rate: 8/s, cv: 1.5 }
    inputTokens: { lognormal: { mean: 200, cv: 1 }, max: 2000 }
    outputTokens: { lognormal: { mean: 50, cv: 0.7 }, max: 300 }
    slo: ["ttft p90 < 1s", "success >= 90%"]
    client: { timeout: { ttft: 5s, total: 20s } }
    path: [gpus]
pools:
  gpus:
    engine: { stepTime: { overhead: 2ms, denseFloor: 15ms, denseBase: 5ms, densePerToken: 90us, perKvToken: 0.1us }, maxSequences: 3, kvBlocks: 2000 }
    replicas: { min: 2, max: 4 }
    scaling: { targetTracking: { metric: concurrency, target: 3 } }
    coldStart: { phases: { loading: { constant: 20s } } }
    price: { perReplicaHour: $3 }
`;

async function optimized(
  vary: readonly string[],
  given: { cases?: readonly DemandCase[]; set?: Record<string, string>; runner?: Runner } = {},
) {
  const axes = vary.map(parseAxis);
  const decode: Decode = (values) =>
    planOf(text, { ...given.set, ...Object.fromEntries(axes.map(({ path }, i) => [path, values[i]])) }).decoded;
  const probes = probe(axes, decode);
  const possible = probes.flatMap(({ decoded }, i): Plan[] => (decoded === undefined ? [] : [{ name: String(i), values: [], decoded }]));
  const candidates = new Candidates(axes, decode, probes);
  const cases = given.cases ?? [asWritten];
  let plans: readonly Plan[] = [];
  const context = { version: "0", command: "", traces: new Map() };
  const result = await optimize(
    { candidates, probes: possible, cases, confidence: 0.99 },
    given.runner ?? inlineRunner(new Map()),
    context,
    (simulated) => {
      plans = simulated;
    },
  );
  return { result, plans };
}

const best = ({ points, best: index }: Result) => points[index!];

describe("the cheapest plan", () => {
  it("is told with what it took, and points and plans go together", async () => {
    const { result, plans } = await optimized(["pools.gpus.replicas=1..10"]);
    expect(best(result).values).toEqual(["4"]);
    expect(result.verification?.verdict).toBe("met");
    expect(plans.map(({ name }) => name)).toEqual(result.points.map(({ name }) => name));
    const { optimization, advice } = result;
    expect(optimization!.replications.grid).toBe(50);
    expect(optimization!.replications.search).toBeLessThan(15);
    expect(advice).toMatch(
      /^Take replicas 4: at \$8,760 ± 0 a month it is the cheapest plan \(of 10\) that meets every objective, and it met them again .* Runner-up: replicas 5 \(\+\$2,190 a month\)\./,
    );
  });

  it("is sought among the plans that do not contradict themselves", async () => {
    const { result } = await optimized(["pools.gpus.replicas.min=1..6"]);
    expect(result.optimization).toMatchObject({ plans: 6, impossible: 2, replications: { grid: 20 } });
  });

  it("is none where none meets the SLO, and the nearest is told", async () => {
    const { result } = await optimized(["pools.gpus.replicas=1..2"]);
    expect(result.best).toBeUndefined();
    expect(result.points[result.optimization!.nearest!].values).toEqual(["2"]);
    expect(result.advice).toMatch(/^None of 2 plans is sure to meet every objective; the nearest that was simulated, replicas 2,/);
  });

  it("is refused where there is nothing to choose by", async () => {
    await expect(optimized(["pools.gpus.replicas.min=1..2"], { set: { "traffic.chat.slo": "[]" } })).rejects.toThrow(/there is no SLO/);
  });
});

it("nothing depends on the order in which tasks finish", async () => {
  const inline = inlineRunner(new Map());
  // Of those that are asked for at the same time, every other is overtaken by the next.
  let asked = 0;
  const backwards: Runner = {
    async run(task) {
      await new Promise((resolve) => setTimeout(resolve, asked++ % 2 === 0 ? 15 : 0));
      return inline.run(task);
    },
  };
  const vary = ["pools.gpus.replicas=1..6", "pools.gpus.queue.maxWait=1s,4s"];
  const cases = [1.2, 1].map((factor): DemandCase => ({ name: String(factor), factor, assignments: [] }));
  const ordered = await optimized(vary, { cases });
  const shuffled = await optimized(vary, { cases, runner: backwards });
  expect(shuffled).toEqual(ordered);
});

describe("the plan for every case of demand", () => {
  const cases = [2, 1].map((factor): DemandCase => ({ name: String(factor), factor, assignments: [] }));

  it("meets every objective in each of them, and regrets what it costs where less would do", async () => {
    const { result } = await optimized(["pools.gpus.replicas=1..12"], { cases });
    const own = result.points.filter(({ values }) => values[0] === best(result).values[0]);
    expect(own.map(({ values, verdict }) => [values[1], verdict])).toEqual([
      ["2", "met"],
      ["1", "met"],
    ]);
    const [hard, easy] = result.optimization!.cases;
    expect(hard.regret_usd_per_month).toBe(0);
    expect(easy.best!.values).toEqual(["4"]);
    expect(easy.regret_usd_per_month).toBeCloseTo(easy.usd_per_month!.mean - 8760, 6);
    expect(easy.regret_usd_per_month).toBeGreaterThan(0);
  });

  it("is none where one of them cannot be met, and the nearest is judged by all of them", async () => {
    const easiestFirst = [1, 2].map((factor): DemandCase => ({ name: String(factor), factor, assignments: [] }));
    const { result } = await optimized(["pools.gpus.replicas=1..5"], { cases: easiestFirst });
    const { nearest } = result.optimization!;
    expect(result.points[nearest!].values).toEqual(["5", "2"]);
    expect(result.advice).toMatch(/the nearest that was simulated, replicas 5, costs \$10,950 ± 0 a month at 2 times the traffic:/);
  });
});
