import { expect, test } from "vitest";
import { goodputHeatmap } from "../../../src/report/charts/goodput-heatmap.ts";
import type { Result } from "../../../src/experiment/result.ts";
import { around, sweptBy } from "../fixture.ts";

const timeout = { path: "traffic.chat.client.timeout.ttft", label: "timeout ttft", values: ["2s", "10s"] };
const attempts = { path: "traffic.chat.client.retry.attempts", label: "retry attempts", values: ["1", "3"] };
const warm = { path: "pools.gpus.warm.size", label: "warm size", values: ["0", "1", "2"] };

/** A sweep over these axes with a goodput of every plan. */
function served(axes: Result["axes"], goodput: (values: readonly string[]) => number): Result {
  const result = sweptBy(axes, () => ({ attainment: around(0.96, 0.001), usd_per_month: around(9000, 100) }));
  return {
    ...result,
    points: result.points.map((point) => Object.assign({}, point, { goodput_per_s: around(goodput(point.values), 0.1) })),
  };
}

test("it applies where a time-out and something else are varied", () => {
  expect(goodputHeatmap.applies(served([timeout, attempts], () => 5))).toBe(true);
  expect(goodputHeatmap.applies(served([warm, attempts], () => 5))).toBe(false);
  expect(goodputHeatmap.applies(served([timeout], () => 5))).toBe(false);
});

test("the finding is that a shorter time-out costs goodput, where it surely does", () => {
  const result = served([timeout, attempts], ([time, tries]) => (time === "2s" && tries === "3" ? 5.9 : 10));
  expect(goodputHeatmap.headline(result)).toBe(
    "A shorter timeout ttft can cost goodput: at retry attempts 3, 2s serves 41 % fewer good requests than 10s",
  );
});

test("where it does not the finding is what the settings are worth", () => {
  expect(goodputHeatmap.headline(served([timeout, attempts], () => 5))).toBe(
    "Neither retry attempts nor timeout ttft makes a clear difference to goodput",
  );
  expect(goodputHeatmap.headline(served([timeout, attempts], ([time]) => (time === "2s" ? 8 : 5)))).toBe(
    "timeout ttft takes goodput from 5.0 /s to 8.0 /s; at timeout ttft 2s, retry attempts makes no clear difference",
  );
});

test("retries are drawn across before a longer axis, whose value is then held and not told in the finding", () => {
  const result = served([warm, timeout, attempts], ([, time]) => (time === "2s" ? 4 : 8));
  const spec = goodputHeatmap.spec(result) as { title: { subtitle: string[] } };
  expect(spec.title.subtitle.join(" ")).toContain("Held at the first plan: warm size 0");
  expect(goodputHeatmap.headline(result)).toBe(
    "A shorter timeout ttft can cost goodput: at retry attempts 1, 2s serves 50 % fewer good requests than 10s",
  );
});
