import { expect, it } from "vitest";
import { studentQuantile } from "../../src/experiment/student.ts";

// Abramowitz and Stegun, table 26.10: the two-sided 95 % points.
it.each([
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [9, 2.262],
  [10, 2.228],
  [29, 2.045],
  [120, 1.98],
])("Student's t with %i degrees of freedom has 97.5 % below %f", (degrees, quantile) => {
  expect(studentQuantile(0.975, degrees)).toBeCloseTo(quantile, 3);
});

it("with many degrees of freedom the quantile nears the normal one", () => {
  expect(studentQuantile(0.975, 100_000)).toBeCloseTo(1.96, 3);
});
