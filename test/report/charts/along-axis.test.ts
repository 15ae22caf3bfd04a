import { describe, expect, test } from "vitest";
import type { Axis, Estimate, Result } from "../../../src/experiment/result.ts";
import { alongAxis } from "../../../src/report/charts/along-axis.ts";
import { boxOf } from "../../../src/report/charts/labels.ts";
import { moneyTicks } from "../../../src/report/charts/axis/money-ticks.ts";
import { plotWidth } from "../../../src/report/charts/theme.ts";
import { around, sweptBy } from "../fixture.ts";

const cold: Axis = { path: "pools.gpus.coldStart", label: "coldStart", values: ["0", "30s", "60s", "90s", "3m"] };
const scaling: Axis = { path: "pools.gpus.scaling", label: "scaling", values: ["{ fixed: {} }", "{ predictive: { margin: 10% } }"] };
const engine: Axis = { path: "pools.gpus.engine", label: "engine", values: ["a", "b"] };
const size: Axis = { path: "pools.gpus.warm.size", label: "warm size", values: ["0", "1", "2"] };

/** One share for each value of the first axis, by value of the second. */
const attaining = (axes: readonly Axis[], shares: readonly (readonly number[])[], usd_per_month = around(9000, 100)): Result =>
  sweptBy(axes, ([along, across]) => {
    const line = axes[1]?.values.indexOf(across) ?? 0;
    return { attainment: around(shares[line][axes[0].values.indexOf(along)], 0.005), usd_per_month };
  });
const falling = attaining([cold], [[0.99, 0.98, 0.96, 0.94, 0.8]]);

interface Drawn {
  readonly data: { readonly values: readonly Readonly<Record<string, number | string>>[] };
  readonly mark: { readonly type: string };
  readonly encoding: { readonly y: { readonly scale?: { readonly domain: readonly number[] } } };
}
const panels = (result: Result): readonly Drawn[][] =>
  (alongAxis.spec(result) as unknown as { vconcat: { layer: Drawn[] }[] }).vconcat.map(({ layer }) => layer);
const ofType = (layers: readonly Drawn[], type: string) =>
  layers.filter(({ mark, encoding }) => mark.type === type && encoding.y.scale !== undefined);

describe("it applies to one ordered axis and at most one other", () => {
  const flat = (axes: readonly Axis[]) => sweptBy(axes, () => ({ attainment: around(0.97, 0.01), usd_per_month: around(1, 0) }));
  const many = { ...engine, values: ["a", "b", "c", "d", "e", "f", "g"] };
  test.each([
    ["one", flat([cold]), true],
    ["with another", flat([cold, scaling]), true],
    ["the other first", flat([scaling, cold]), true],
    ["with one that was held", flat([cold, { ...engine, values: ["a"] }, scaling]), true],
    ["with two numbers only", flat([cold, { ...size, values: ["0", "2"] }]), true],
    ["two ordered", flat([cold, size]), false],
    ["with two others", flat([cold, scaling, engine]), false],
    ["none ordered", flat([scaling, engine]), false],
    ["more lines than colours", flat([cold, many]), false],
    ["a plan that is missing", { ...falling, points: falling.points.slice(1) }, false],
    ["no plans", { ...falling, points: [] }, false],
  ])("%s: %#", (_, result, applies) => {
    expect(alongAxis.applies(result)).toBe(applies);
  });
});

describe("the headline says how far the SLO holds", () => {
  test("where attainment falls and where it rises", () => {
    expect(alongAxis.headline(falling)).toBe("chat ttft p95 < 2s holds up to a cold start of 60 s; at 90 s it is missed");
    expect(alongAxis.headline(attaining([size], [[0.9, 0.951, 0.97]]))).toBe(
      "chat ttft p95 < 2s holds from warm size 2 on; at 0 it is missed, undecided between",
    );
  });

  test("in order of the quantity, however it was written", () => {
    const mixed = { ...cold, values: ["3m", "0", "90s"] };
    expect(alongAxis.headline(attaining([mixed], [[0.8, 0.99, 0.96]]))).toBe(
      "chat ttft p95 < 2s holds up to a cold start of 90 s; at 3 m it is missed",
    );
  });

  test("for each line, and once where all lines agree", () => {
    const lines = [
      [0.99, 0.96, 0.9, 0.8, 0.7],
      [0.99, 0.98, 0.97, 0.951, 0.9],
    ];
    expect(alongAxis.headline(attaining([cold, scaling], lines))).toBe(
      "chat ttft p95 < 2s by cold start: fixed holds it up to 30 s, predictive up to 60 s",
    );
    expect(alongAxis.headline(attaining([cold, scaling], [lines[0], lines[0]]))).toBe(
      "chat ttft p95 < 2s holds up to a cold start of 30 s; at 60 s it is missed, whatever the scaling",
    );
  });

  test("and is neutral without one", () => {
    const { watched: _, ...unwatched } = falling;
    expect(alongAxis.headline(unwatched)).toBe("Attainment and cost per month from a cold start of 0 s to 3 m");
    expect(JSON.stringify(alongAxis.spec(unwatched))).not.toContain("SLO:");
  });
});

test("each line runs through its means in order of the quantity", () => {
  const shares = [
    [0.99, 0.96, 0.9, 0.8, 0.7],
    [0.99, 0.98, 0.97, 0.951, 0.9],
  ];
  const order = [3, 0, 4, 1, 2];
  const shuffled = { ...cold, values: order.map((i) => cold.values[i]) };
  const given = shares.map((line) => order.map((i) => line[i]));
  const lines = ofType(panels(attaining([shuffled, scaling], given))[0], "line").map(({ data }) => data.values);
  expect(lines.map((rows) => rows.map((row) => row["y"]))).toEqual(shares);
  for (const rows of lines) expect(rows.map((row) => row["x"])).toEqual([0, 30, 60, 90, 180]);
});

test("intervals end within the plot however wide they are", () => {
  const wide = (estimate: Estimate, usd_per_month: Estimate) => sweptBy([size], () => ({ attainment: estimate, usd_per_month }));
  for (const result of [
    wide(around(0.03, 0.1), around(0.00002, 0.00003)),
    wide(around(0.999, 0.01), around(4e6, 1e6)),
    wide(around(0.5, 0.6), around(20_000, 1)),
    wide(around(0.951, 0.0001), around(20_000, 6000)),
  ])
    for (const panel of panels(result)) {
      const [{ data, encoding }] = ofType(panel, "rule");
      const [low, high] = encoding.y.scale!.domain;
      expect(data.values).toHaveLength(3);
      for (const bar of data.values) {
        expect(bar["y"]).toBeGreaterThanOrEqual(low);
        expect(bar["high"]).toBeLessThanOrEqual(high);
        expect(Number(bar["high"])).toBeGreaterThan(Number(bar["y"]));
      }
      const dots = ofType(panel, "point").flatMap((layer) => layer.data.values);
      for (const dot of dots) expect(Number(dot["y"]) >= low && Number(dot["y"]) <= high).toBe(true);
    }
});

describe("the rule of the SLO", () => {
  interface Words {
    readonly mark: { readonly text?: string; readonly color?: string; readonly dy: number; readonly type: string };
    readonly encoding: { readonly x: { readonly value: number }; readonly y: { readonly value: number } };
  }
  const height = 220;
  const words = (result: Result) =>
    (panels(result)[0] as unknown as Words[]).find(({ mark }) => mark.text?.startsWith("SLO") === true && mark.color !== undefined)!;
  const boxAt = ({ mark, encoding }: Words) =>
    boxOf({ x: encoding.x.value, y: encoding.y.value, text: mark.text!, align: "left", dx: 0, dy: mark.dy });

  test("is within the plot with its words, however far the plans are from it", () => {
    for (const share of [0.01, 0.5, 0.94, 0.951, 0.999]) {
      const found = words(attaining([size], [[share, share, share]]));
      expect(found.mark.text).toBe("SLO: 95 % of requests");
      const box = boxAt(found);
      expect(box.left >= 0 && box.right <= plotWidth && box.top >= 0 && box.bottom <= height).toBe(true);
    }
  });

  test("has its words where no dot is", () => {
    for (const shares of [
      [0.957, 0.9, 0.8],
      [0.8, 0.9, 0.957],
      [0.945, 0.957, 0.9],
    ]) {
      const result = attaining([size], [shares]);
      const box = boxAt(words(result));
      const [{ data, encoding }] = ofType(panels(result)[0], "point");
      const [low, high] = encoding.y.scale!.domain;
      const [first, last] = [(-2 * 0.02) / 0.96, 2 + (2 * 0.02) / 0.96];
      for (const dot of data.values) {
        const [x, y] = [plotWidth * ((Number(dot["x"]) - first) / (last - first)), height * ((high - Number(dot["y"])) / (high - low))];
        expect(x > box.left && x < box.right && y > box.top && y < box.bottom).toBe(false);
      }
    }
  });
});

test("attainment is between nothing and everything, with ticks in percent", () => {
  const [{ encoding }] = ofType(panels(sweptBy([size], () => ({ attainment: around(0.5, 0.7), usd_per_month: around(1, 0) })))[0], "line");
  expect(encoding.y.scale!.domain).toEqual([0, 1.02]);
  expect(JSON.stringify(encoding)).toContain('\\"80 %\\"');
});

test("costs that hardly differ do not fill their panel", () => {
  const [{ encoding }] = ofType(panels(attaining([size], [[0.9, 0.951, 0.97]], around(20_000, 10)))[1], "line");
  const [low, high] = encoding.y.scale!.domain;
  expect(high - low).toBeGreaterThan(1000);
});

test("ticks of money are all in one unit", () => {
  const print = (high: number, ...values: number[]) => values.map(moneyTicks({ type: "linear", low: 0, high, ticks: [] }));
  expect(print(2_000_000, 0, 500_000, 2_000_000)).toEqual(["$0", "$0.5M", "$2M"]);
  expect(print(15_000, 0, 5000, 12_500)).toEqual(["$0", "$5k", "$12.5k"]);
  expect(print(9400, 0, 9200)).toEqual(["$0", "$9,200"]);
  expect(print(0.003, 0, 0.002)).toEqual(["$0", "$0.002"]);
});

test("lines stand beside each other at each value, evenly about it", () => {
  const flat = [0.97, 0.97, 0.97];
  const other = { ...engine, values: ["a", "b", "c"] };
  const dots = ofType(panels(attaining([size, other], [flat, flat, flat]))[0], "point");
  const offsets = dots.map(({ mark }) => (mark as { xOffset?: number }).xOffset ?? 0);
  expect(new Set(offsets).size).toBe(3);
  expect(offsets.reduce((a, b) => a + b)).toBeCloseTo(0, 9);
});

test("undecided plans are hollow in attainment, and only there", () => {
  const [attainment, cost] = panels(attaining([size], [[0.9, 0.951, 0.97]]));
  const fills = (panel: readonly Drawn[]) =>
    ofType(panel, "point").flatMap(({ data }) => data.values.map((row) => row["fill"] === "white"));
  expect(fills(attainment)).toEqual([false, true, false]);
  expect(fills(cost)).toEqual([false, false, false]);
});

test("without intervals there are no bars, and the subtitle says why", () => {
  const bare = sweptBy([size], () => ({ attainment: { mean: 0.97 }, usd_per_month: { mean: 4 } }));
  expect(panels(bare).flatMap((panel) => ofType(panel, "rule").flatMap(({ data }) => data.values))).toEqual([]);
  expect(JSON.stringify(alongAxis.spec(bare))).toContain("One replication has no intervals");
});

test("what costs nothing has no panel of costs", () => {
  const free = attaining([size], [[0.9, 0.951, 0.97]], around(0, 0));
  expect(panels(free)).toHaveLength(1);
  expect(alongAxis.headline(free)).not.toContain("cost");
});

test("of a search for the headroom factor the band is between what surely holds and what surely does not, and the rule at the factor", () => {
  const along: Axis = { path: "traffic", label: "traffic multiple", values: ["1", "1.5", "2"] };
  const bare = attaining([along], [[0.99, 0.96, 0.8]]);
  const unbroken = { breaks: null, remedies: [], binding: null, again: null };
  const capacity = { factor: 1.6, low: 1.5, high: 2, least: 1, largest: 2, resolution: 0.5, ...unbroken };
  const under = (result: Result, type: string) =>
    panels(result)[0]
      .filter(({ mark }) => mark.type === type)
      .map(({ data }) => data.values);
  expect(under({ ...bare, capacity }, "rect")).toEqual([[{ x: 1.5, high: 2 }]]);
  expect(under({ ...bare, capacity }, "rule")).toContainEqual([{ x: 1.6 }]);
  expect(under({ ...bare, capacity: { ...capacity, factor: null } }, "rect")).toEqual([]);
  expect(under(bare, "rect")).toEqual([]);
});
