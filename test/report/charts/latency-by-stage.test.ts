import { expect, test } from "vitest";
import type { Point, Result } from "../../../src/experiment/result.ts";
import { latencyByStage } from "../../../src/report/charts/latency-by-stage.ts";
import { around, compared, retrieving, simulated } from "../fixture.ts";

const given = retrieving(simulated());
const [point] = given.points;
const { chat } = point.series.classes;

interface Layer {
  readonly data: { readonly values: readonly Record<string, unknown>[] };
  readonly mark: { readonly type: string; readonly text?: string };
}
const panels = (result: Result) => (latencyByStage.spec(result) as unknown as { vconcat: { layer: Layer[] }[] }).vconcat;
const lines = (result: Result, panel = 0) => panels(result)[panel].layer.filter(({ mark }) => mark.type === "line");
const texts = (result: Result, panel = 0) => panels(result)[panel].layer.flatMap(({ mark }) => mark.text ?? []);

/** The first replication's series of chat and of the stores, and the means of its stages, as given. */
function withStages(
  stages: Readonly<Record<string, readonly (number | null)[]>>,
  means: Point["classes"][string]["stages"] = {},
  troubles = point.series.vectorStores["handbook"].troubles,
): Result {
  const classes = { chat: { ...point.classes["chat"], stages: means } };
  const vectorStores = { handbook: { ...point.series.vectorStores["handbook"], troubles } };
  const series = { ...point.series, classes: { chat: { ...chat, stages } }, vectorStores };
  return { ...given, points: [{ ...point, classes, series }] };
}

const always = (value: number) => chat.offered.map(() => value);

test("it applies only where requests came to a stage before the targets", () => {
  expect(latencyByStage.applies(simulated())).toBe(false);
  expect(latencyByStage.applies(given)).toBe(true);
  expect(latencyByStage.applies(withStages({ handbook: chat.offered.map(() => null) }))).toBe(false);
  expect(latencyByStage.applies({ ...given, points: [] })).toBe(false);
});

test("a class has a panel with a line for each of its stages and two for its time to the first token", () => {
  expect(panels(given)).toHaveLength(2);
  expect(lines(given)).toHaveLength(4);
  expect(texts(given)).toEqual(expect.arrayContaining(["embed", "handbook", "TTFT p50", "TTFT p95"]));
  const drawn = lines(withStages({ handbook: always(0.25) }))[2].data.values;
  expect(new Set(drawn.map(({ v }) => v))).toEqual(new Set([0.25]));
});

test("of many stages those that take longest are drawn, in order of the path", () => {
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`s${i}`, always(i === 0 ? 1 : 0.01 * (i + 1))]));
  const named = texts(withStages(many)).filter((text) => /^s\d$/.test(text));
  expect(named).toEqual(["s0", "s4", "s5", "s6", "s7", "s8"]);
  expect(JSON.stringify(latencyByStage.spec(withStages(many)))).toContain("6 of 9 stages of chat");
});

test("the finding is how many times as long a store takes while it has a trouble, from the numbers drawn", () => {
  const minutes = chat.offered.map((_, i) => i * 60);
  const inside = (t: number) => [6, 12, 18].some((hour) => t >= hour * 3600 && t < hour * 3600 + 1800);
  const result = withStages({ handbook: minutes.map((t) => (inside(t) ? 0.6 : 0.02)) });
  expect(latencyByStage.headline(result)).toBe("handbook takes 30 times as long during its index rebuild: 600 ms instead of 20 ms");
});

test("nothing is claimed of a trouble that does not make reads longer, or only in few windows", () => {
  const neutral = "Where chat spends time before the targets";
  expect(latencyByStage.headline(withStages({ handbook: always(0.02) }))).toBe(neutral);
  const once = withStages({ handbook: always(0.02).with(365, 90) });
  expect(latencyByStage.headline(once)).toBe(neutral);
  const short = withStages({ handbook: always(0.02).with(600, 0.9) }, {}, [{ trouble: "outage", from_s: 36_000, to_s: 36_060 }]);
  expect(latencyByStage.headline(short)).toBe(neutral);
});

test("without a trouble the finding is the stage that surely takes longest in all replications", () => {
  const of = (mean: number, half: number) => ({ mean_s: around(mean, half), p95_s: null, p99_s: null, without: around(0, 0) });
  const stages = { embed: always(0.01), handbook: always(0.02) };
  const told = (half: number) => latencyByStage.headline(withStages(stages, { embed: of(0.011, half), handbook: of(0.019, half) }, []));
  expect(told(0.001)).toBe("Of the stages of chat handbook takes longest: 19 ms in the mean, embed 11 ms");
  expect(told(0.005)).toBe("Where chat spends time before the targets");
});

test("troubles are shaded and each kind is named once, behind classes that read the store", () => {
  const bands = (result: Result) => panels(result)[0].layer.find(({ data }) => data.values[0]?.["colour"] !== undefined)?.data.values ?? [];
  expect(bands(given)).toHaveLength(4);
  expect(texts(given).filter((text) => text.includes(": handbook"))).toEqual(["index rebuild: handbook", "outage: handbook"]);
  const elsewhere = { ...point.series.classes, chat: { ...chat, stages: { answers: always(0.01) } }, digests: chat };
  const result = { ...given, points: [{ ...point, series: { ...point.series, classes: elsewhere } }] };
  expect(bands(result)).toEqual([]);
  expect(bands(withStages({ answers: always(0.01) }))).toHaveLength(4);
});

test("short gaps of a line are bridged, long ones are not", () => {
  const gaps = always(0.02).map((value, i) => (i % 3 === 0 || (i > 300 && i < 600) ? null : value));
  const drawn = lines(withStages({ handbook: gaps }))[2].data.values;
  const missing = drawn.filter(({ v }) => v === null).map(({ t }) => Math.round((t as number) * 60));
  expect(missing.length).toBeGreaterThan(0);
  expect(missing.filter((i) => i > 0 && (i < 300 || i > 600))).toEqual([]);
});

test("of a comparison the plan in focus is drawn and named", () => {
  expect(JSON.stringify(latencyByStage.spec(retrieving(compared())))).toContain("plan: warm 3, large");
});
