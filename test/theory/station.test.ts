import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Estimate } from "../../src/experiment/result.ts";
import { meanStay, meanWait } from "./closed-forms.ts";
import { expectRow, expectWithin, measuredPoint } from "./measured-point.ts";

it("of the time of the M/M/1 scenario's requests the mean wait goes to the busy server, the rest to the service", async () => {
  const { classes } = await measuredPoint(readFileSync("models/scenarios/mm1.yaml", "utf8"));
  const { busy, decode, ...others } = classes["jobs"].time_s;
  expect(others).toEqual({});
  expectWithin(busy!, meanWait(1, 8, 10), 0.05);
  expectWithin(decode!, 0.1);
});

async function totalOf(name: string): Promise<Estimate> {
  const { classes } = await measuredPoint(readFileSync(`models/scenarios/${name}.yaml`, "utf8"));
  return Object.values(classes)[0].total_s.mean!;
}

it("the M/M/1 scenario's mean time in system lies in the interval around 1/(μ − λ) = 500 ms", async () => {
  const total = await totalOf("mm1");
  expect(meanStay(1, 8, 10)).toBeCloseTo(0.5, 12);
  expectWithin(total, 0.5);
  expectRow("mm1.yaml", total, 0.5);
});

it("the M/M/3 scenario's mean time in system lies in the interval around Erlang C", async () => {
  const total = await totalOf("mm3");
  const exact = meanStay(3, 24, 10);
  expectWithin(total, exact);
  expectRow("mm3.yaml", total, exact);
});
