import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatObjective, type Objective, parseObjective } from "../../src/scenario/slo.ts";

const digits = (max: number) =>
  fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: -3, max: 2 })).map(([n, power]) => Number(`${n}e${power}`));

const latency: fc.Arbitrary<Objective> = fc.record({
  kind: fc.constant("latency" as const),
  metric: fc.constantFrom("ttft" as const, "total" as const, "tpot" as const),
  least: fc.integer({ min: 10, max: 99_999 }).map((n) => n / 100_000),
  below: digits(9999),
});
const success: fc.Arbitrary<Objective> = fc.record({
  kind: fc.constant("success" as const),
  least: fc.integer({ min: 1, max: 100_000 }).map((n) => n / 100_000),
});
const degraded: fc.Arbitrary<Objective> = fc.record({
  kind: fc.constant("degraded" as const),
  least: fc.integer({ min: 1, max: 99_999 }).map((n) => n / 100_000),
});
const cost: fc.Arbitrary<Objective> = fc.record({ kind: fc.constant("cost" as const), below: digits(99_999_999) });

describe("objectives", () => {
  it("are read back the same after they were written", () => {
    fc.assert(
      fc.property(fc.oneof(latency, success, degraded, cost), (objective) => {
        expect(parseObjective(formatObjective(objective))).toEqual(objective);
      }),
    );
  });

  it("are read as planners write them", () => {
    expect(parseObjective("ttft p95 < 2s")).toEqual({ kind: "latency", metric: "ttft", least: 0.95, below: 2 });
    expect(parseObjective(" total  p99.9<5m ")).toEqual(parseObjective("total p99.9 < 5m"));
    expect(parseObjective("success >= 99.5%")).toEqual({ kind: "success", least: 0.995 });
    expect(parseObjective("degraded < 5%")).toEqual({ kind: "degraded", least: 0.95 });
    expect(parseObjective("cost < $40k / month")).toEqual({ kind: "cost", below: 40_000 });
    expect(parseObjective("cost < $1_500_000/month")).toEqual({ kind: "cost", below: 1_500_000 });
  });

  it("are refused when they could mean something else, or can never be missed or met", () => {
    const refused = [
      "",
      "ttft < 2s",
      "ttft p95 < 2",
      "ttft p100 < 2s",
      "ttft p0 < 2s",
      "ttft p0.0001 < 2s",
      "ttft p95 > 2s",
      "ttft p95 < -2s",
      "ttft p95 < 0s",
    ];
    refused.push(
      "success >= 101%",
      "success >= 0%",
      "success > 99%",
      "degraded < 0%",
      "degraded < 100%",
      "degraded <= 5%",
      "cost < 40000/month",
      "cost < $40000",
      "cost < $0/month",
      "latency p95 < 2s",
    );
    for (const text of refused) expect(parseObjective(text), text).toBeUndefined();
  });
});
