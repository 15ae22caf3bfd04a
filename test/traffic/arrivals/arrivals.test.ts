import { expect, it } from "vitest";
import { traceKey } from "../../../src/traffic/arrivals/arrivals.ts";

it("a file is another trace with every other way to read it, and is called so that a reader sees which", () => {
  const map = "timeUnit=ms";
  const ways = [{}, { map }, { hashBlock: 16 }, { hashBlock: 512 }, { map, hashBlock: 16 }];
  expect(ways.map((way) => traceKey({ trace: "day.csv", ...way }))).toEqual([
    "day.csv",
    "day.csv (timeUnit=ms)",
    "day.csv (hashBlock 16)",
    "day.csv (hashBlock 512)",
    "day.csv (timeUnit=ms; hashBlock 16)",
  ]);
  expect(traceKey({ map, hashBlock: 16 })).toBeUndefined();
});
