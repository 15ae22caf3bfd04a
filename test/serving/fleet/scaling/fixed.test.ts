import { expect, it } from "vitest";
import { drive, refusals, scalerOf } from "./scaling-driver.ts";

it("keeps its number of replicas, whatever the load is", () => {
  const decisions = drive(scalerOf({ fixed: { replicas: 3 } }), { until: 600, load: (now) => ({ outstanding: now }) });
  expect(decisions.map(({ at, desired }) => [at, desired])).toEqual(Array.from({ length: 10 }, (_, i) => [60 * (i + 1), 3]));
});

it("needs at least one, and a whole number", () => {
  expect(refusals({ fixed: { replicas: 0 } })).toEqual(["fixed.replicas: must be at least 1 (allowed: whole numbers, from 1)"]);
  expect(refusals({ fixed: { replicas: 2.5 } })).toEqual(["fixed.replicas: must be a whole number (allowed: whole numbers, from 1)"]);
});
