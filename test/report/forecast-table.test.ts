import { expect, it } from "vitest";
import type { ForecastResult } from "../../src/experiment/forecast-result.ts";
import type { Result } from "../../src/experiment/result.ts";
import { forecastTables } from "../../src/report/forecast-table.ts";
import { around, compared, simulated } from "./fixture.ts";

/** Two months of two demands, in the order in which their points stand. */
function forecast(): Result {
  const [base] = simulated().points;
  const demands = ["p50", "p90"];
  const points = [0, 1].flatMap((month) =>
    demands.map((demand) => ({ ...base, name: `month ${month}, demand ${demand}`, values: [String(month), demand] })),
  );
  const courses = demands.map((demand, nth) => ({
    demand,
    monthly: [0, 1].map((month) => ({ point: 2 * month + nth, traffic: { chat: (1.1 + nth / 10) ** month, digests: 1 } })),
    unsure: null,
    missed: null,
    costMissed: null,
    usd_total: around(100, 1),
  }));
  const found: ForecastResult = { months: 1, courses, planned: 1, binding: null, next: null, noNext: null };
  const { best: _, verification: __, ...rest } = compared();
  return { ...rest, kind: "forecast", points, differences: [], forecast: found };
}

it("each demand has its table of months, with the least and the most that the traffic of a class is multiplied by", () => {
  const tables = forecastTables(forecast());
  expect(tables.map(({ caption }) => caption)).toEqual(["Month by month, with p50 growth", "Month by month, with p90 growth"]);
  expect(tables.map(({ lines }) => lines.map(({ cells }) => [cells[0].text, cells[1].text]))).toEqual([
    [
      ["0", "1.00"],
      ["1", "1.00 to 1.10"],
    ],
    [
      ["0", "1.00"],
      ["1", "1.00 to 1.20"],
    ],
  ]);
});

it("a month that does not keep its SLO says by which objective, and other results have no months", () => {
  const result = forecast();
  const missing = result.points.map((point) => ({
    ...point,
    verdict: "missed" as const,
    classes: {
      chat: {
        ...Object.values(point.classes)[0],
        objectives: [{ ...Object.values(point.classes)[0].objectives[0], text: "ttft p95 < 2s", verdict: "missed" as const }],
      },
    },
  }));
  const [{ lines }] = forecastTables({ ...result, points: missing });
  expect(lines[1].cells.at(-1)).toEqual({ text: "missed: chat ttft p95 < 2s", verdict: "missed" });
  expect(forecastTables(compared())).toEqual([]);
});
