import fc from "fast-check";
import { expect, test } from "vitest";
import { decisionRows } from "../../src/report/decision-rows.ts";
import { compared, swept } from "./fixture.ts";

const sweep = swept();

test("rows and the hidden count account for every plan once, whatever the limit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (limit) => {
      const { rows, hidden } = decisionRows(sweep, limit);
      expect(rows.length).toBeLessThanOrEqual(limit);
      expect(rows.reduce((sum, { plans }) => sum + plans, 0) + hidden).toBe(sweep.points.length);
    }),
  );
});

test("the best plan has a row even when it ranks last", () => {
  fc.assert(
    fc.property(fc.nat({ max: sweep.points.length - 1 }), fc.integer({ min: 1, max: 10 }), (best, limit) => {
      const { rows } = decisionRows({ ...sweep, best }, limit);
      expect(rows.filter((row) => row.best)).toHaveLength(1);
      expect(rows.find((row) => row.best)!.point).toBe(sweep.points[best]);
    }),
  );
});

test("plans that differ only in a setting without effect share a row", () => {
  const { rows } = decisionRows(sweep, 100);
  const cold = rows.filter(({ values }) => values[1] === "0");
  expect(cold).toHaveLength(6);
  expect(cold.every(({ values, plans }) => values[3] === "any" && plans === 2)).toBe(true);
});

test("some values of an axis without difference between them are listed in the axis's order", () => {
  const points = sweep.points.map((point) => {
    const first = sweep.points.find(({ values }) => values.toSpliced(2, 1).join() === point.values.toSpliced(2, 1).join())!;
    return point.values[2] === "60s" ? point : { ...first, name: point.name, values: point.values };
  });
  const { rows } = decisionRows({ ...sweep, points }, 100);
  expect(new Set(rows.map(({ values }) => values[2]))).toEqual(new Set(["15s, 30s", "60s"]));
});

test("an axis with one value is no column", () => {
  const axes = sweep.axes.map((axis, i) => (i === 0 ? { ...axis, values: [axis.values[1]] } : axis));
  const points = sweep.points.filter(({ values }) => values[0] === axes[0].values[0]);
  const { best: _, ...rest } = sweep;
  const decision = decisionRows({ ...rest, axes, points });
  expect(decision.axes.map(({ label }) => label)).toEqual(["warm", "timeout", "attempts"]);
  expect(decision.fixed.map(({ label }) => label)).toEqual(["engine"]);
});

test("the systems of a comparison are rows by name", () => {
  expect(decisionRows(compared()).rows.map(({ values }) => values)).toEqual([["warm 3, large"], ["base"]]);
});
