import { expect, it } from "vitest";
import { explanationTables } from "../../src/report/explanation-table.ts";
import { explained } from "./explained.ts";
import { compared } from "./fixture.ts";

const rows = (i: number) => explanationTables(explained())[i].lines.map(({ cells }) => cells.map(({ text }) => text));

it("causes stand by what they are worth, with which is to blame", () => {
  expect(rows(0)[0]).toEqual(["cold starts", "99.00 %", "+3.60 ± 0.20", "+3.60 ± 0.20", "0", "most"]);
  expect(rows(0)[1].slice(-2)).toEqual(["−$310 ± 25", ""]);
});

it("inputs stand by what they move, with what whole numbers become", () => {
  expect(rows(1)[1]).toEqual(["gpus replicas (3 to 2 or 4)", "−2.00", "+0.10", "−$900", "+$100"]);
  expect(rows(1)[2]).toEqual(["gpus price", "0", "0", "−$2,148", "+$2,148"]);
});

it("other results have none of these tables", () => {
  expect(explanationTables(compared())).toEqual([]);
});
