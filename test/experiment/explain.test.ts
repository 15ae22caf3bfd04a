import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explain } from "../../src/experiment/explain.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { planOf } from "./systems.ts";

const context = { version: "0", command: "", traces: new Map() };

const explained = async (text: string, assignments: Readonly<Record<string, string>> = {}, sensitivity = false) =>
  explain(planOf(text, assignments), inlineRunner(new Map()), context, { sensitivity });

const shipped = (name: string): string => readFileSync(`models/scenarios/${name}.yaml`, "utf8");

/** One server at 60 % of what it can do, which an objective on success never troubles. */
const station = `
name: One server
horizon: 10m
replications: 3
traffic:
  chat:
    arrivals: { rate: 6/s }
    inputTokens: { constant: 10 }
    outputTokens: { constant: 10 }
    slo: ["total p90 < 200ms"]
    path: [desk]
pools:
  desk: { engine: { station: { service: { exponential: { mean: 100ms } } } }, replicas: 1, price: { perReplicaHour: $1 } }
`;

describe("the blame", () => {
  it.each<[string, string, Record<string, string>]>([
    ["cold-start", "cold", { horizon: "55m", warmup: "10m", replications: "3" }],
    [
      "rag-rebuild",
      "retrieval",
      { horizon: "8m", warmup: "1m", "vectorStores.handbook.rebuild.at": "[2m]", "vectorStores.handbook.rebuild.lasts": "3m" },
    ],
    ["quota", "rateLimit", { horizon: "20m", replications: "3", "providers.api.quota": "fixedWindow" }],
  ])("of %s is on %s", async (name, cause, assignments) => {
    const { explanation, points, differences, kind } = await explained(shipped(name), assignments);
    expect(kind).toBe("explain");
    expect(explanation?.blame?.cause).toBe(cause);
    expect(points.map((point) => point.name)).toEqual(["base", ...explanation!.causes.map(({ words }) => words)]);
    const blamed = explanation!.causes.find((worth) => worth.cause === cause)!;
    // The first point minus that without the cause, which the differences tell too.
    const point = points.find(({ name: plan }) => plan === blamed.words)!;
    expect(point.attainment.mean - points[0].attainment.mean).toBeCloseTo(blamed.attainment.mean, 12);
    expect(differences.some(({ to, difference }) => to === blamed.words && difference.mean === blamed.attainment.mean)).toBe(true);
  });

  it("is on nobody where no cause changes anything, and one replication cannot tell", async () => {
    const idle = await explained(station, { "traffic.chat.arrivals.rate": "0.1/s" });
    expect(idle.explanation?.blame).toBeNull();
    expect(idle.advice).toMatch(/^No cause is sure to cost attainment/);
    const once = await explained(station, { replications: "1" });
    expect(once.explanation?.blame).toBeNull();
    expect(once.advice).toMatch(/^One replication cannot tell/);
  });

  it("is on busy replicas where more of them are all that helps, and their price is said", async () => {
    const { explanation, advice } = await explained(station, { "traffic.chat.arrivals.rate": "9/s" });
    expect(explanation?.blame).toEqual({ cause: "busy", tiedWith: [] });
    expect(advice).toMatch(/^Busy replicas \(×4\) cost chat total p90 < 200ms .* for \$2,190 a month more\.$/);
  });

  it("has nothing to go by where nothing can be taken away", async () => {
    const { advice, points } = await explained(`
name: Bare
horizon: 5m
replications: 2
traffic:
  chat: { arrivals: { rate: 1/s }, inputTokens: { constant: 1 }, outputTokens: { constant: 1 }, path: [api] }
providers:
  api: { model: { inputPerMillion: $1, outputPerMillion: $1 }, latency: { ttft: { constant: 1s }, tpot: { constant: 0s } } }
`);
    expect(advice).toMatch(/^Nothing in this scenario can be taken away; .* are served\.$/);
    expect(points.length).toBe(1);
  });
});

describe("the sensitivity", () => {
  it("holds every input, by what it moves, with whole numbers moved by one and money in proportion to prices", async () => {
    const { explanation, points } = await explained(station, {}, true);
    const { sensitivity, sensitivityReplications, simulations } = explanation!;
    expect(sensitivityReplications).toBe(2);
    const spreads = sensitivity.map(({ low, high }) => {
      const ends = [0, low.attainment.mean, high.attainment.mean];
      return Math.max(...ends) - Math.min(...ends);
    });
    expect(spreads).toEqual(spreads.toSorted((a, b) => b - a));
    const of = (name: string) => sensitivity.find(({ input }) => input === name)!;
    expect(of("desk engine speed").low.attainment.mean).toBeLessThan(0);
    expect(of("desk engine speed").high.attainment.mean).toBeGreaterThan(0);
    expect(of("chat traffic").low.attainment.mean).toBeGreaterThan(0);
    expect(of("desk replicas")).toMatchObject({ low: { moved: "1 to 1", attainment: { mean: 0 } }, high: { moved: "1 to 2" } });
    const monthly = points[0].cost.usd_per_month.mean;
    expect(of("desk replicas").high.usd_per_month.mean).toBeCloseTo(monthly, 6);
    expect(of("desk price").high.usd_per_month.mean).toBeCloseTo(0.2 * monthly, 9);
    expect(of("desk price").low).toMatchObject({ moved: null, attainment: { mean: 0 } });
    // The base and two causes three times; four inputs twice at both ends and a fifth at one, its other being the system as it is.
    expect(simulations).toBe(3 * 3 + 4 * 2 * 2 + 2);
  });

  it("is left out where it is not asked for", async () => {
    const { explanation } = await explained(station);
    expect(explanation).toMatchObject({ sensitivity: [], sensitivityReplications: 0, simulations: 9 });
  });
});
