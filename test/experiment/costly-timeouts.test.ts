import { expect, it } from "vitest";
import { costlyTimeout, costlyTimeoutText, variesTimeout } from "../../src/experiment/costly-timeouts.ts";
import type { Point } from "../../src/experiment/result.ts";
import { around, simulated } from "../report/fixture.ts";

const timeout = { path: "traffic.chat.client.timeout.ttft", label: "timeout ttft", values: ["10s", "500ms", "2s"] };
const attempts = { path: "traffic.chat.client.retry.attempts", label: "retry attempts", values: ["1", "3"] };
const axes = [timeout, attempts];
const [base] = simulated().points;
const points = (goodput: (values: readonly [string, string]) => number, half = 0.1): Point[] =>
  timeout.values.flatMap((one) =>
    attempts.values.map((other) => ({ ...base, values: [one, other], goodput_per_s: around(goodput([one, other]), half) })),
  );

it("the pair that loses most is told, in the words of the axes", () => {
  const found = costlyTimeout(
    points(([time, tries]) => (tries === "1" ? 10 : time === "10s" ? 8 : time === "2s" ? 4 : 5)),
    axes,
  )!;
  expect(found).toMatchObject({ axis: timeout, shorter: "2s", longer: "10s", loss: 0.5 });
  expect(costlyTimeoutText(found, axes)).toBe(
    "A shorter timeout ttft can cost goodput: at retry attempts 3, 2s serves 50 % fewer good requests than 10s",
  );
  expect(costlyTimeoutText(found, axes, [timeout])).toBe(
    "A shorter timeout ttft can cost goodput: 2s serves 50 % fewer good requests than 10s",
  );
});

it("nothing is told where a shorter time-out serves as many, or within the intervals", () => {
  expect(
    costlyTimeout(
      points(([time]) => (time === "10s" ? 4 : 5)),
      axes,
    ),
  ).toBeUndefined();
  expect(
    costlyTimeout(
      points(([time]) => (time === "10s" ? 5 : 4), 0.6),
      axes,
    ),
  ).toBeUndefined();
});

it("only time-outs that are durations are looked at", () => {
  expect(variesTimeout(timeout)).toBe(true);
  expect(variesTimeout(attempts)).toBe(false);
  expect(variesTimeout({ ...timeout, values: ["{ ttft: 5s }", "{ ttft: 9s }"] })).toBe(false);
  expect(variesTimeout({ ...timeout, values: ["10s"] })).toBe(false);
});
