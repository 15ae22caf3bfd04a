import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cholesky } from "../../../src/experiment/calibration/cholesky.ts";
import { leastSquares } from "../../../src/experiment/calibration/least-squares.ts";

const numbers = (count: number) => fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: count, maxLength: count });

describe("Cholesky", () => {
  it("solves what a matrix times its transpose gives", () => {
    fc.assert(
      fc.property(numbers(16), numbers(4), (entries, x) => {
        const rows = [0, 1, 2, 3].map((i) => entries.slice(4 * i, 4 * i + 4));
        const matrix = rows.map((a, i) => rows.map((b, j) => a.reduce((sum, value, k) => sum + value * b[k], i === j ? 0.5 : 0)));
        const right = matrix.map((row) => row.reduce((sum, value, i) => sum + value * x[i], 0));
        const solved = Cholesky.of(matrix)!.solve(right);
        for (const [i, value] of x.entries()) expect(solved[i]).toBeCloseTo(value, 7);
        const identity = Cholesky.of(matrix)!
          .inverse()
          .map((column) => matrix.map((row) => row.reduce((sum, v, k) => sum + v * column[k], 0)));
        for (const [i, column] of identity.entries()) for (const [j, v] of column.entries()) expect(v).toBeCloseTo(i === j ? 1 : 0, 7);
      }),
    );
  });

  it("has no factor for a matrix that is singular or not positive", () => {
    expect(
      Cholesky.of([
        [1, 2],
        [2, 4],
      ]),
    ).toBeUndefined();
    expect(
      Cholesky.of([
        [1, 2],
        [2, 1],
      ]),
    ).toBeUndefined();
  });
});

const xs = Array.from({ length: 40 }, (_, i) => i / 10);
const decay = (point: readonly number[]) => xs.map((x) => Math.exp(point[0]) * Math.exp(-Math.exp(point[1]) * x));
const residualsTo = (data: readonly number[]) => (point: readonly number[]) => Float64Array.from(decay(point), (y, i) => y - data[i]);

describe("leastSquares", () => {
  it("finds the coefficients that made the data, from wherever it starts", () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), numbers(2), (a, b, away) => {
        const start = [a + away[0] / 3, b + away[1] / 3];
        const { point } = leastSquares(residualsTo(decay([a, b])), start, { rounds: 60 });
        expect(point[0]).toBeCloseTo(a, 3);
        expect(point[1]).toBeCloseTo(b, 3);
      }),
    );
  });

  it("lets an outlier pull no harder than its threshold, where plain squares are drawn away", () => {
    const data = decay([0, 0]).map((y, i) => (i === 5 ? y + 30 : y + (i % 2 === 0 ? 0.002 : -0.002)));
    const robust = leastSquares(residualsTo(data), [0.2, 0.2]);
    const plain = leastSquares(residualsTo(data), [0.2, 0.2], { huber: Infinity });
    expect(Math.abs(robust.point[0])).toBeLessThan(0.01);
    expect(Math.abs(plain.point[0])).toBeGreaterThan(0.3);
    expect(robust.weights[5]).toBeLessThan(0.001);
  });

  it("stays at a bound that the data would pass, and says so", () => {
    const { point, bound } = leastSquares(residualsTo(decay([0, 0])), [1, 1], { lower: [-9, 0.25], huber: Infinity });
    expect(point[1]).toBe(0.25);
    expect(bound).toEqual([false, true]);
    const inside = leastSquares(residualsTo(decay([0, 0])), [1, 1], { lower: [-9, -9] });
    expect(inside.bound).toEqual([false, false]);
  });

  it("leaves residuals out whose weight is 0", () => {
    const data = decay([0.5, -0.5]).map((y, i) => (i < 10 ? 100 : y));
    const { point } = leastSquares(residualsTo(data), [0, 0], { weights: xs.map((_, i) => (i < 10 ? 0 : 1)), rounds: 60 });
    expect(point[0]).toBeCloseTo(0.5, 2);
    expect(point[1]).toBeCloseTo(-0.5, 2);
  });

  it("leaves a parameter alone that changes nothing", () => {
    const data = decay([0.3, 0.2]);
    const { point, jacobian } = leastSquares(([a, b]) => residualsTo(data)([a, b]), [0, 0, 7], { rounds: 60 });
    expect(point[2]).toBe(7);
    expect([...jacobian[2]].every((change) => change === 0)).toBe(true);
  });
});
