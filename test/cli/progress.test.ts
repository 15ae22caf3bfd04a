import { expect, it } from "vitest";
import { progressLine } from "../../src/cli/progress.ts";

it.each([
  [0, 600, 10, "0 of 600 replications"],
  [120, 600, 60, "120 of 600 replications, about 4 min left"],
  [599, 600, 599, "599 of 600 replications, about 1 s left"],
  [1, 600, 60, "1 of 600 replications, about 10 h left"],
])("%d of %d in %d s is told as the work that is left at this pace", (done, total, seconds, line) => {
  expect(progressLine(done, total, seconds)).toBe(line);
});
