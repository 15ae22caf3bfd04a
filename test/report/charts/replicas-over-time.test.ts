import { describe, expect, test } from "vitest";
import type { PoolSeries } from "../../../src/experiment/pool-result.ts";
import type { Result } from "../../../src/experiment/result.ts";
import { replicasOverTime } from "../../../src/report/charts/replicas-over-time.ts";
import { stateColour } from "../../../src/report/charts/replicas/state-look.ts";
import { type LifecycleState, lifecycleStates } from "../../../src/serving/fleet/lifecycle.ts";
import { simulated } from "../fixture.ts";

const result = simulated();
const windows = result.points[0].series.pools["gpus"].ready.length;

/** A pool whose states are what is given, zero elsewhere. */
function pool(given: Partial<Record<LifecycleState, readonly number[]>>): PoolSeries {
  const none = Array.from({ length: windows }, () => 0);
  const states = Object.fromEntries(lifecycleStates.map((state) => [state, given[state] ?? none])) as Record<LifecycleState, number[]>;
  return { ready: states.ready, starting: none, warm: states.warm, states, outstanding: none, outages: [] };
}

const always = (value: number) => Array.from({ length: windows }, () => value);
const once = (base: number, at: number, value: number) => always(base).with(at, value);
const withPools = (pools: Readonly<Record<string, PoolSeries>>): Result => ({
  ...result,
  points: result.points.map((one) => ({ ...one, series: { ...one.series, pools } })),
});

interface Area {
  readonly data: { readonly values: readonly { readonly t: number; readonly low: number; readonly high: number }[] };
  readonly mark: { readonly type: string; readonly color: string };
}
/** The areas of each pool's panel, from the bottom up. */
const areas = (given: Result): Area[][] =>
  (replicasOverTime.spec(given) as unknown as { vconcat: { layer: Area[] }[] }).vconcat
    .slice(1)
    .map(({ layer }) => layer.filter(({ mark }) => mark.type === "area"));
const titles = (given: Result) =>
  [...JSON.stringify(replicasOverTime.spec(given)).matchAll(/"replicas of (\w+)"/g)].map(([, name]) => name);

test("states are stacked without gaps, ready at the bottom, up to all replicas there are", () => {
  const [bands] = areas(result);
  const { states } = result.points[0].series.pools["gpus"];
  expect(bands[0].mark.color).toBe(stateColour.ready);
  bands[0].data.values.forEach(({ t, low }, k) => {
    expect(low).toBe(0);
    bands.slice(1).forEach((band, i) => expect(band.data.values[k].low).toBeCloseTo(bands[i].data.values[k].high, 3));
    const window = Math.min(Math.round(t * 60), windows - 1);
    const all = lifecycleStates.reduce((sum, state) => sum + states[state][window], 0);
    expect(bands.at(-1)!.data.values[k].high).toBeCloseTo(all, 2);
  });
});

test("only states that occur are drawn", () => {
  const colours = areas(withPools({ gpus: pool({ ready: always(2), loading: once(0, 700, 1), warm: always(1) }) }))[0].map(
    ({ mark }) => mark.color,
  );
  expect(colours).toEqual([stateColour.ready, stateColour.loading, stateColour.warm]);
});

test("a start of one window is drawn also where the number of replicas stays the same", () => {
  const swap = pool({ ready: once(3, 779, 2), compiling: once(0, 779, 1) });
  const compiling = areas(withPools({ gpus: swap }))[0][1].data.values;
  expect(compiling.some(({ low, high }) => low === 2 && high === 3)).toBe(true);
});

test("every state has a colour of its own", () => {
  expect(new Set(Object.values(stateColour)).size).toBe(lifecycleStates.length);
});

describe("it applies", () => {
  test.each([
    ["not where all only serve", withPools({ gpus: pool({ ready: always(2) }) }), false],
    ["where one was starting once", withPools({ a: pool({ ready: always(2) }), b: pool({ warming: once(0, 9, 0.01) }) }), true],
    ["where one is warm", withPools({ gpus: pool({ ready: always(2), warm: always(1) }) }), true],
    ["not without pools", withPools({}), false],
    ["not without plans", { ...result, points: [] }, false],
  ])("%s: %#", (_, given, applies) => {
    expect(replicasOverTime.applies(given)).toBe(applies);
  });
});

test("of many pools those are drawn that do more than serve, then the largest, in the scenario's order", () => {
  const pools = {
    tall: pool({ ready: always(50) }),
    flat: pool({ ready: always(2) }),
    small: pool({ ready: always(1), warm: always(1) }),
    high: pool({ ready: always(9) }),
    low: pool({ ready: always(3) }),
  };
  expect([...new Set(titles(withPools(pools)))]).toEqual(["tall", "small", "high", "low"]);
  expect(JSON.stringify(replicasOverTime.spec(withPools(pools)))).toContain("4 of 5 pools");
});

describe("the headline tells the extremes of the measured time", () => {
  const told = (given: Parameters<typeof pool>[0]) => replicasOverTime.headline(withPools({ gpus: pool(given) }));
  const late = 900;
  test("of those that serve and those on their way", () => {
    expect(told({ ready: once(2, late, 7), provisioning: once(0, late, 2), loading: once(0, late, 1) })).toBe(
      "gpus: between 2 and 7 replicas serve, and at most 3 are starting",
    );
    expect(told({ ready: always(1), resuming: once(0, late, 1) })).toBe("gpus: 1 replica serves throughout, and at most 1 is starting");
    expect(told({ ready: always(4), draining: once(0, late, 1) })).toBe("gpus: 4 replicas serve throughout");
  });

  test("without what was before the end of the warm-up", () => {
    expect(told({ ready: once(2, 29, 0), pulling: once(0, 29, 5), warm: always(1) })).toBe("gpus: 2 replicas serve throughout");
    expect(told({ ready: once(2, 30, 0), warm: always(1) })).toBe("gpus: between 0 and 2 replicas serve");
  });

  test("and says that they are means where they are not whole", () => {
    expect(told({ ready: once(2, late, 2.4), loading: once(0, late, 0.6) })).toBe(
      "gpus: between 2 and 2.4 replicas serve, and at most 0.60 are starting (means over 60 s)",
    );
  });

  test("of two pools at most, leaving out those that only serve", () => {
    const warm = pool({ ready: always(2), warm: always(1) });
    const given = withPools({ still: pool({ ready: always(9) }), a: warm, b: warm, c: warm });
    expect(replicasOverTime.headline(given)).toBe("a: 2 replicas serve throughout. b: 2 replicas serve throughout");
  });
});

test("times in which the whole pool was struck are bands behind the replicas, the first of each kind with its name", () => {
  const outages = [
    { fault: "zoneLoss", from_s: 3600, to_s: 7200 },
    { fault: "stockOut", from_s: 10_800, to_s: 14_400 },
    { fault: "stockOut", from_s: 18_000, to_s: result.horizon_s },
  ];
  const struck = withPools({ gpus: { ...pool({ ready: always(2), warm: always(1) }), outages } });
  const [bands, names] = (replicasOverTime.spec(struck) as unknown as { vconcat: { layer: { data: { values: object[] } }[] }[] }).vconcat[1]
    .layer;
  expect(bands.data.values).toMatchObject([
    { t: 1, until: 2, fault: "zoneLoss" },
    { t: 3, until: 4, fault: "stockOut" },
    { t: 5, until: result.horizon_s / 3600 },
  ]);
  expect(names.data.values).toEqual([
    { t: 1, text: "a zone is lost" },
    { t: 3, text: "no GPUs to be had" },
  ]);
});
