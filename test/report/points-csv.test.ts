import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { pointsCsv } from "../../src/report/points-csv.ts";
import { simulated, swept } from "./fixture.ts";

const read = (text: string) => parse(text, { columns: true }) as Record<string, string>[];

test("there is one row for each plan, with the values of its axes and its numbers as they are in the result", () => {
  const result = swept();
  const rows = read(pointsCsv(result));
  expect(rows).toHaveLength(result.points.length);
  for (const [i, point] of result.points.entries()) {
    expect(result.axes.map(({ path }) => rows[i][path])).toEqual(point.values);
    expect(Number(rows[i]["cost_usd_per_month"])).toBe(point.cost.usd_per_month.mean);
    expect(Number(rows[i]["attainment_high"])).toBe(point.attainment.high);
    expect(rows[i]["verdict"]).toBe(point.verdict);
    for (const { text, attained } of point.classes["chat"].objectives) expect(Number(rows[i][`chat ${text}`])).toBe(attained.mean);
  }
});

test("without an interval its ends are empty, and a plan without a class has none of its numbers", () => {
  const result = simulated();
  const [point] = result.points;
  const { digests: _, ...classes } = point.classes;
  const alone = { ...point, name: "alone", classes, attainment: { mean: 0.5 } };
  const rows = read(pointsCsv({ ...result, points: [point, alone] }));
  expect(rows[1]).toMatchObject({ plan: "alone", attainment: "0.5", attainment_low: "", "digests total_p95_s": "" });
  expect(rows[0]["digests total_p95_s"]).not.toBe("");
});
