import fc from "fast-check";
import { expect, test } from "vitest";
import type { Point } from "../../src/experiment/result.ts";
import { focus, frontier, planName, ranked, sharedFolders, shortValue } from "../../src/report/plans.ts";
import { around, simulated, swept } from "./fixture.ts";

const template = simulated().points[0];
const plans = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 20 }), fc.constantFrom("met", "missed", "undecided")),
  {
    maxLength: 40,
  },
);

function points(list: readonly (readonly [number, number, Point["verdict"]])[]): Point[] {
  return list.map(([cost, share, verdict], i) => ({
    ...template,
    name: String(i),
    verdict,
    attainment: around(share / 20, 0.01),
    cost: { ...template.cost, usd_per_month: around(cost, 0.1) },
  }));
}

const beats = (a: Point, b: Point) => a.cost.usd_per_month.mean <= b.cost.usd_per_month.mean && a.attainment.mean >= b.attainment.mean;

test("every plan is on the frontier or no better than one that is, and the frontier rises in both", () => {
  fc.assert(
    fc.property(plans, (list) => {
      const all = points(list);
      const kept = frontier(all);
      for (const point of all) expect(kept.some((other) => beats(other, point))).toBe(true);
      for (let i = 1; i < kept.length; i++) {
        expect(kept[i].cost.usd_per_month.mean).toBeGreaterThan(kept[i - 1].cost.usd_per_month.mean);
        expect(kept[i].attainment.mean).toBeGreaterThan(kept[i - 1].attainment.mean);
      }
    }),
  );
});

test("ranking keeps every plan and puts those that met first, by rising cost", () => {
  fc.assert(
    fc.property(plans, (list) => {
      const all = points(list);
      const order = ranked(all);
      expect(new Set(order)).toEqual(new Set(all));
      const met = order.filter(({ verdict }) => verdict === "met");
      expect(order.slice(0, met.length)).toEqual(met);
      const costs = met.map((point) => point.cost.usd_per_month.mean);
      expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    }),
  );
});

test("the plan in focus is the one advised, else the first", () => {
  const result = swept();
  expect(focus(result)).toBe(result.points[result.best!]);
  const { best: _, ...unadvised } = result;
  expect(focus(unadvised)).toBe(result.points[0]);
});

test("a plan is named by what was varied, else by its own name", () => {
  const result = swept();
  expect(planName(result, result.points[0])).toBe("engine l40s/tp1, warm 0, timeout 15s, attempts 1");
  expect(planName(simulated(), template)).toBe("base");
});

test("values lose the folders that all of an axis share, and nothing else", () => {
  const axis = (...values: string[]) => ({ path: "pools.gpus.engine", label: "engine", values });
  expect(sharedFolders(axis("llama/h100/tp2", "llama/h100/tp4"))).toBe("llama/h100/");
  expect(sharedFolders(axis("llama/h100/tp2", "llama/l40s/tp2"))).toBe("llama/");
  expect(sharedFolders(axis("llama/h100/tp2", "qwen/h100/tp2"))).toBe("");
  expect(sharedFolders(axis("llama/h100/tp2"))).toBe("");
  expect(sharedFolders(axis("1", "2"))).toBe("");
  expect(shortValue(axis("llama/h100/tp2", "llama/l40s/tp2"), "llama/l40s/tp2")).toBe("l40s/tp2");
});
