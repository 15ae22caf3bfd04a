import { expect, test } from "vitest";
import type { Result } from "../../../src/experiment/result.ts";
import { amplificationOverTime } from "../../../src/report/charts/amplification-over-time.ts";
import { around, compared, repeating, simulated } from "../fixture.ts";

interface Drawn {
  readonly vconcat: readonly { readonly layer: readonly { readonly data: { readonly values: readonly Record<string, unknown>[] } }[] }[];
}

/** The values of the lines in the upper panel: rows with a time and a ratio. */
function lines(result: Result) {
  const { layer } = (amplificationOverTime.spec(result) as unknown as Drawn).vconcat[0];
  return layer.map(({ data }) => data.values).filter(([row]) => row !== undefined && "v" in row);
}

/** All windows of chat alike: so many attempts for each hundred requests, by point and by window. */
function sending(result: Result, attempts: (point: number, window: number) => number): Result {
  const points = result.points.map((point, nth) => {
    const { chat } = point.series.classes;
    const offered = chat.offered.map(() => 100);
    const series = { ...chat, offered, attempts: offered.map((_, window) => attempts(nth, window)) };
    return { ...point, series: { ...point.series, classes: { ...point.series.classes, chat: series } } };
  });
  return { ...result, points };
}

test("it applies only where clients send anything again", () => {
  expect(amplificationOverTime.applies(simulated())).toBe(false);
  expect(amplificationOverTime.applies(repeating(simulated()))).toBe(true);
  expect(amplificationOverTime.applies({ ...repeating(simulated()), points: [] })).toBe(false);
});

test("a line is attempts over requests, null where nothing arrives", () => {
  const result = sending(repeating(simulated()), (_, window) => (window < 720 ? 100 : 250));
  const [drawn] = lines(result);
  expect(new Set(drawn.map(({ v }) => v))).toEqual(new Set([1, 2.5]));
  const [point] = result.points;
  const silent = {
    ...point.series.classes["chat"],
    offered: point.series.classes["chat"].offered.map((count, i) => (i < 100 ? 0 : count)),
  };
  const series = { ...point.series, classes: { chat: silent } };
  const [gap] = lines({ ...result, points: [{ ...point, series }] });
  expect(gap.slice(0, 3).map(({ v }) => v)).toEqual([null, null, null]);
});

test("one system has a line for each class that is tried again, several have one each for the class that is most", () => {
  expect(lines(repeating(simulated()))).toHaveLength(1);
  expect(lines(repeating(compared()))).toHaveLength(2);
});

test("the finding is what is sent in the second half of the time after a disturbance", () => {
  // The spike is over at 872 minutes, so that the second half begins 284 minutes later.
  const stuck = sending(repeating(compared()), (point, window) => (point === 0 && window >= 872 ? 390 : 100));
  expect(amplificationOverTime.headline(stuck)).toBe(
    "base sends 3.9 attempts per request from 4 h 44 m after the spike on; warm 3, large 1.00",
  );
});

test("where the overload has passed the finding is its peak, and what is sent again", () => {
  const passing = sending(repeating(compared()), (point, window) => (point === 1 && window === 860 ? 185 : 104));
  expect(amplificationOverTime.headline(passing)).toBe(
    "warm 3, large sends up to 1.85 attempts per request, at 14:20, and 1.04 from 4 h 44 m after the spike on",
  );
});

test("without a disturbance the finding is of all the time that is counted", () => {
  const result = sending(repeating(simulated()), (_, window) => (window < 30 ? 900 : 150));
  const [point] = result.points;
  const calm = { ...point, classes: { chat: { ...point.classes["chat"], recoveries: [] } } };
  expect(amplificationOverTime.headline({ ...result, points: [calm] })).toBe("chat sends 1.50 attempts per request");
});

test("a disturbance is shaded and named", () => {
  const spec = JSON.stringify(amplificationOverTime.spec(repeating(simulated())));
  expect(spec).toContain('"text":"spike"');
  const [point] = repeating(simulated()).points;
  const chat = { ...point.classes["chat"], attemptsPerRequest: around(2, 0), recoveries: [] };
  expect(JSON.stringify(amplificationOverTime.spec({ ...simulated(), points: [{ ...point, classes: { chat } }] }))).not.toContain("spike");
});
