import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import type { Estimate } from "../../src/experiment/result.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { simulate } from "../../src/experiment/simulate.ts";
import { decodeScenario } from "../../src/scenario/document/decode.ts";

async function totalOf(name: string): Promise<Estimate> {
  const file = `models/scenarios/${name}.yaml`;
  const decoded = decodeScenario({ file, text: readFileSync(file, "utf8"), catalogue: openCatalogue(), resolveFile: (path) => path });
  const traces = new Map();
  const { result } = await simulate({ name, values: [], decoded }, inlineRunner(traces), { version: "test", command: "test", traces });
  const [point] = result.points;
  return Object.values(point.classes)[0].total_s.mean!;
}

/** Mean time in an M/M/c system, by Erlang C. */
function erlangC(servers: number, arrivalRate: number, serviceRate: number): number {
  const load = arrivalRate / serviceRate;
  let blocking = 1;
  for (let n = 1; n <= servers; n++) blocking = (load * blocking) / (n + load * blocking);
  const waits = blocking / (1 - (load / servers) * (1 - blocking));
  return waits / (servers * serviceRate - arrivalRate) + 1 / serviceRate;
}

it("Erlang C with one server is the M/M/1 formula", () => {
  expect(erlangC(1, 0.8, 1)).toBeCloseTo(1 / (1 - 0.8), 12);
});

it("the M/M/1 scenario's mean time in system lies in the interval around 1/(μ − λ) = 500 ms", async () => {
  const { low, high } = await totalOf("mm1");
  expect(erlangC(1, 8, 10)).toBeCloseTo(0.5, 12);
  expect(low!).toBeLessThan(0.5);
  expect(high!).toBeGreaterThan(0.5);
  expect(high! - low!).toBeLessThan(0.1);
});

it("the M/M/3 scenario's mean time in system lies in the interval around Erlang C", async () => {
  const { low, high } = await totalOf("mm3");
  const expected = erlangC(3, 24, 10);
  expect(low!).toBeLessThan(expected);
  expect(high!).toBeGreaterThan(expected);
  expect(high! - low!).toBeLessThan(0.04);
});
