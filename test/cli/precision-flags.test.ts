import { expect, it } from "vitest";
import { precisionWanted } from "../../src/cli/precision-flags.ts";
import { overflowing } from "../experiment/overflowing.ts";
import { planOf } from "../experiment/systems.ts";

const plans = [planOf(overflowing, { replications: "5" })];
const wanted = (precision?: string, most?: string) => precisionWanted({ precision, "max-replications": most }, plans);

it("a precision is a share, with 64 replications at most unless given", () => {
  expect(wanted()).toBeUndefined();
  expect(wanted("5%")).toEqual({ share: 0.05, mostReplications: 64, requests: false });
  expect(wanted("0.1", "200")).toEqual({ share: 0.1, mostReplications: 200, requests: false });
});

it.each([
  ["5", undefined, "must be a share"],
  ["0%", undefined, "must be a share"],
  ["often", undefined, "must be a share"],
  ["5%", "1", "must be a whole number from 2 to 1000"],
  ["5%", "2.5", "must be a whole number from 2 to 1000"],
  ["5%", "many", "must be a whole number from 2 to 1000"],
  ["5%", "4", "is fewer than the 5 replications that there are already"],
  [undefined, "40", "is for --precision, which is not given"],
])("--precision %s with --max-replications %s is refused", (precision, most, message) => {
  expect(() => wanted(precision, most)).toThrow(message);
});
