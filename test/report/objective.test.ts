import { expect, test } from "vitest";
import { latencyObjective, mainClass, watchedAs } from "../../src/report/objective.ts";
import { simulated } from "./fixture.ts";

test("a latency objective is taken apart again", () => {
  expect(latencyObjective(" ttft p99.9 < 800ms ")).toEqual({
    metric: "ttft",
    percentile: "p99.9",
    threshold_s: 0.8,
    text: "ttft p99.9 < 800ms",
  });
  expect(latencyObjective("success >= 99%")).toBeUndefined();
  expect(latencyObjective("ttft p95 < soon")).toBeUndefined();
});

test("what the attainment is of is said with its class", () => {
  expect(watchedAs(simulated())).toBe("that met chat ttft p95 < 2s");
  const { watched: _, ...bare } = simulated();
  expect(watchedAs(bare)).toBe("that were served");
});

test("the main class is the one with a TTFT objective, else any latency objective, else the busiest", () => {
  const point = simulated().points[0];
  const { chat, digests } = point.classes;
  expect(mainClass(point)).toBe("chat");
  expect(mainClass({ ...point, classes: { chat: { ...chat, objectives: [] }, digests: digests } })).toBe("digests");
  const bare = { digests: { ...digests, objectives: [] }, chat: { ...chat, objectives: [] } };
  expect(mainClass({ ...point, classes: bare })).toBe("chat");
  expect(mainClass({ ...point, classes: {} })).toBeUndefined();
});
