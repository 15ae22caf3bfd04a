import { expect, it } from "vitest";
import { jobName } from "../../../src/cli/redis/protocol.ts";
import { tasksOf } from "../../../src/experiment/plan.ts";
import { overflowing } from "../../experiment/overflowing.ts";
import { planOf } from "../../experiment/systems.ts";

it("a job is named after all that is wanted of it, so that nobody is given a reply with less", () => {
  const [[task]] = tasksOf([planOf(overflowing, {})]);
  const poor = { ...task, series: false, requests: false, latencies: false, course: false };
  const extras = [{}, { series: true }, { requests: true }, { latencies: true }, { course: true }];
  const names = extras.map((extra) => jobName("id", Object.assign({}, poor, extra)));
  expect(new Set(names).size).toBe(5);
  expect(jobName("id", { ...poor })).toBe(names[0]);
});
