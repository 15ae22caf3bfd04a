import { expect, test } from "vitest";
import type { ClassResult, Result } from "../../../src/experiment/result.ts";
import { lateTime } from "../../../src/report/charts/late-time.ts";
import { lateEndings, lateTime as lateTable } from "../../../src/report/late-table.ts";
import { around, simulated } from "../fixture.ts";

const given = simulated();
const [point] = given.points;

function withLate(lateTime_s: ClassResult["lateTime_s"], lateRequests = 900): Result {
  const chat = { ...point.classes["chat"], lateRequests: around(lateRequests, 5), lateTime_s, time_s: lateTime_s };
  return { ...given, points: [{ ...point, classes: { chat } }] };
}
const rows = (result: Result) =>
  (lateTime.spec(result) as unknown as { data: { values: { cause: string; from: number; to: number; label: string }[] } }).data.values;

test("it applies only where requests were late", () => {
  expect(lateTime.applies(given)).toBe(false);
  expect(lateTime.applies(withLate({ cold: around(3, 0.1) }))).toBe(true);
  expect(lateTime.applies({ ...given, points: [] })).toBe(false);
});

test("the parts of a bar follow each other in the order of causes and fill it; those with room say their share", () => {
  const drawn = rows(withLate({ decode: around(1, 0.1), cold: around(8.9, 0.1), backoff: around(0.1, 0.01) }));
  expect(drawn.map(({ cause, label }) => [cause, label])).toEqual([
    ["back-off", ""],
    ["cold starts", "cold starts 89 %"],
    ["decode", "10 %"],
  ]);
  expect(drawn.map(({ from }) => Number(from.toFixed(9)))).toEqual([0, 0.01, 0.9]);
  expect(drawn[2].to).toBeCloseTo(1, 12);
});

test("the finding names the cause that leads, and two where the lead lies within the intervals", () => {
  expect(lateTime.headline(withLate({ cold: around(7, 0.5), busy: around(3, 0.5) }))).toBe(
    "Of the time of late chat requests, 70 % went to cold starts",
  );
  expect(lateTime.headline(withLate({ cold: around(5.5, 0.6), busy: around(4.5, 0.6) }))).toBe(
    "Of the time of late chat requests, 55 % went to cold starts and 45 % went to busy replicas",
  );
  expect(lateTime.headline(withLate({ cold: { mean: 7 }, busy: { mean: 3 } }))).toBe(
    "Of the time of late chat requests, 70 % went to cold starts and 30 % went to busy replicas",
  );
});

test("the tables tell shares and means, and of the late that were served too late or not at all", () => {
  const none = around(0, 0);
  const outcomes = { served: around(5000, 0), timedOut: around(300, 0), shed: none, throttled: none, failed: none, unfinished: none };
  const { points } = withLate({ cold: around(7, 0), busy: around(3, 0) }, 400);
  const chat = { ...points[0].classes["chat"], outcomes, offered: around(5300, 0) };
  const late = { ...points[0], classes: { chat } };
  const texts = (lines: ReturnType<typeof lateTable>["lines"]) => lines.map(({ cells }) => cells.slice(0, 3).map(({ text }) => text));
  expect(texts(lateTable(late).lines)).toEqual([
    ["chat", "cold starts", "70.00 %"],
    ["chat", "busy replicas", "30.00 %"],
  ]);
  expect(lateEndings(late).columns.map(({ text }) => text)).toEqual(["class", "late", "of all", "served", "timed out"]);
  expect(
    lateEndings(late)
      .lines[0].cells.slice(2)
      .map(({ text }) => text),
  ).toEqual(["7.55 %", "25.00 %", "75.00 %"]);
  expect(lateTable(point).lines).toEqual([]);
  expect(lateEndings(point).lines).toEqual([]);
});
