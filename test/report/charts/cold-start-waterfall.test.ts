import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ColdStartResult } from "../../../src/experiment/pool-result.ts";
import type { Estimate, Result } from "../../../src/experiment/result.ts";
import { coldStartWaterfall } from "../../../src/report/charts/cold-start-waterfall.ts";
import { startPhases } from "../../../src/serving/fleet/lifecycle.ts";
import { around, simulated } from "../fixture.ts";

const result = simulated();
const gpus = result.points[0].pools["gpus"];

/** Starts whose phases take so many seconds, in their order. */
function start(seconds: readonly (number | null)[], p95?: number): ColdStartResult {
  const total = seconds.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const phases = startPhases.map((phase, i) => [phase, seconds[i] === null ? null : around(seconds[i], 1)]);
  return {
    starts: around(3, 1),
    total_s: { mean: around(total, 2), p95: p95 === undefined ? null : around(p95, 5) },
    phases_s: Object.fromEntries(phases) as Record<(typeof startPhases)[number], Estimate | null>,
  };
}

const never: ColdStartResult = { ...start([null, null, null, null, null]), starts: around(0, 0), total_s: { mean: null, p95: null } };
const withStarts = (starts: Readonly<Record<string, ColdStartResult>>): Result => ({
  ...result,
  points: result.points.map((one) => ({
    ...one,
    pools: Object.fromEntries(Object.entries(starts).map(([name, coldStart]) => [name, { ...gpus, coldStart }])),
  })),
});

interface Drawn {
  readonly data: { readonly values: readonly Readonly<Record<string, number & string>>[] };
  readonly mark: string | { readonly type: string };
}
const layers = (given: Result) => (coldStartWaterfall.spec(given) as unknown as { layer: Drawn[] }).layer;
const bars = (given: Result) => layers(given).find(({ mark }) => mark === "rect")!.data.values;

test("each bar begins where the one above it ends, and the total ends with the last", () => {
  const phase = fc.oneof(fc.constant(0), fc.constant(null), fc.double({ min: 0.01, max: 4000, noNaN: true }));
  fc.assert(
    fc.property(fc.tuple(phase, phase, phase, phase, phase), (seconds) => {
      const taken = seconds.filter((value) => value !== null && value > 0);
      fc.pre(taken.length > 0);
      const drawn = bars(withStarts({ gpus: start(seconds) }));
      expect(drawn).toHaveLength(taken.length + 1);
      const [total] = drawn.slice(-1);
      expect([drawn[0]["from"], total["from"]]).toEqual([0, 0]);
      drawn.slice(1, -1).forEach((bar, i) => expect(bar["from"]).toBe(drawn[i]["to"]));
      expect(total["to"]).toBeCloseTo(drawn.at(-2)!["to"], 6);
    }),
    { numRuns: 50 },
  );
});

test("phases that take no time are left out, the others keep their order", () => {
  const drawn = bars(withStarts({ gpus: start([150, 0, 60, null, 20]) }));
  expect(drawn.map((bar) => bar["what"])).toEqual(["provisioning", "loading", "warming", "until it serves"]);
  expect(drawn.map((bar) => bar["text"])).toEqual(["2 m 30 s", "60 s", "20 s", "3 m 50 s"]);
});

test("the whisker goes from the mean of the total to its p95, and is absent without one", () => {
  const whiskers = (given: Result) =>
    layers(given)
      .filter(({ mark }) => typeof mark === "object" && mark.type === "rule")[1]
      .data.values.map((row) => [row["from"], row["to"]]);
  expect(whiskers(withStarts({ gpus: start([300, 0, 0, 0, 60], 540) }))).toEqual([[6, 9]]);
  expect(whiskers(withStarts({ gpus: start([300, 0, 0, 0, 60]) }))).toEqual([]);
});

test("the axis holds the longest whisker, in the unit that suits it", () => {
  for (const [p95, unit, longest] of [
    [90, "seconds", 90],
    [540, "minutes", 9],
    [18_000, "hours", 5],
  ] as const) {
    const spec = JSON.stringify(coldStartWaterfall.spec(withStarts({ gpus: start([40, 0, 0, 0, 10], p95) })));
    expect(spec).toContain(`${unit} into a start`);
    const [, high] = /"domain":\[0,([\d.]+)\]/.exec(spec)!;
    expect(Number(high)).toBeGreaterThanOrEqual(longest);
  }
});

test("several pools stand below each other, the slowest first, and no bar covers another", () => {
  const drawn = bars(withStarts({ quick: start([0, 10, 30, 0, 0]), idle: never, slow: start([150, 0, 60, 0, 20]) }));
  expect(drawn.map((bar) => bar["what"])).toEqual(["provisioning", "loading", "warming", "slow", "pulling", "loading", "quick"]);
  const gaps = drawn.slice(1).map((bar, i) => bar["top"] - drawn[i]["bottom"]);
  for (const [i, between] of gaps.entries()) expect(between).toBeGreaterThan(i === 3 ? gaps[0] : 0);
});

describe("the headline", () => {
  test.each([
    [{ gpus: start([150, 60, 120, 30, 24], 500) }, "A new replica of gpus takes 6 m 24 s until it serves, 2 m 30 s of it provisioning"],
    [{ gpus: start([0, 0, 90, 0, 0]), idle: never }, "A new replica of gpus takes 90 s until it serves, all of it loading"],
    [
      { quick: start([0, 40, 0, 0, 0]), slow: start([150, 60, 120, 30, 24]) },
      "In the mean a new replica takes 6 m 24 s until it serves in slow, 40 s in quick",
    ],
  ])("%#", (starts, headline) => {
    expect(coldStartWaterfall.headline(withStarts(starts))).toBe(headline);
  });
});

test("it applies where a replica started from nothing", () => {
  expect(coldStartWaterfall.applies(withStarts({ gpus: never }))).toBe(false);
  expect(coldStartWaterfall.applies(withStarts({ idle: never, gpus: start([1, 0, 0, 0, 0]) }))).toBe(true);
  expect(coldStartWaterfall.applies({ ...result, points: [] })).toBe(false);
});
