import { describe, expect, it } from "vitest";
import type { Point, Result } from "../../../src/experiment/result.ts";
import { costLatency } from "../../../src/report/charts/cost-latency.ts";
import { around, sweptBy } from "../fixture.ts";

const axes = [{ path: "pools.gpus.warm.size", label: "warm size", values: ["0", "1", "2", "3"] }];

/** Plans whose chat ttft p95 and cost are as given, in order. */
function plans(numbers: readonly (readonly [seconds: number | null, usd: number])[], half = 0.01): Result {
  const result = sweptBy(axes, ([size]) => ({ attainment: around(0.9, 0.01), usd_per_month: around(numbers[Number(size)][1], 10) }));
  const points = result.points.map((point, i): Point => {
    const [seconds] = numbers[i];
    const chat = point.classes["chat"];
    const p95 = seconds === null ? null : around(seconds, half);
    return { ...point, classes: { ...point.classes, chat: { ...chat, ttft_s: { ...chat.ttft_s, p95 } } } };
  });
  return { ...result, points };
}

describe("the headline of cost against latency", () => {
  it("says what the frontier offers from its cheapest to its fastest plan", () => {
    const result = plans([
      [4, 1000],
      [2, 2000],
      [3, 3000],
      [1, 4000],
    ]);
    expect(costLatency.headline(result)).toBe("From $1,000 to $4,000 a month, chat ttft p95 falls from 4 s to 1 s");
  });

  it("claims nothing where the intervals overlap, or where one plan is both cheapest and fastest", () => {
    const neutral = "What 4 plans cost, and chat ttft p95 of each";
    const close = plans(
      [
        [4, 1000],
        [3.9, 2000],
        [3.8, 3000],
        [3.7, 4000],
      ],
      1,
    );
    expect(costLatency.headline(close)).toBe(neutral);
    expect(
      costLatency.headline(
        plans([
          [1, 1000],
          [2, 2000],
          [2, 3000],
          [2, 4000],
        ]),
      ),
    ).toBe(neutral);
  });

  it("leaves out plans that served nobody", () => {
    const result = plans([
      [null, 500],
      [2, 2000],
      [1.5, 3000],
      [1, 4000],
    ]);
    expect(costLatency.headline(result)).toBe("From $2,000 to $4,000 a month, chat ttft p95 falls from 2 s to 1 s");
    expect(JSON.stringify(costLatency.spec(result))).not.toContain("$500");
  });
});
