import fc from "fast-check";
import { expect, it } from "vitest";
import { mapValues } from "../../src/base/records.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { simulate } from "../../src/experiment/simulate.ts";
import { lengthened, StepTime, type StepTimeSettings } from "../../src/serving/replica/step-time.ts";
import { noTime } from "../serving/replica/coefficients.ts";
import { planOf } from "./systems.ts";

/** Every answer takes exactly 10 iterations of 10 ms, alone on its replica. */
const text = (engine: string) => `
name: Slower
horizon: 10m
replications: 2
traffic:
  chat:
    arrivals: { rate: 0.01/s }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 10 }
    slo: ["total p50 < 101ms"]
    path: [gpus]
pools:
  gpus: { engine: ${engine}, replicas: 1 }
`;

const context = { version: "0", command: "", traces: new Map() };
const run = async (engine: string, error?: object) => {
  const plan = planOf(text(engine));
  const use = { path: "pools.gpus.engine", name: "some engine", how: "fitted", source: "", asOf: "" };
  const profiles = error === undefined ? [] : [{ ...use, error: { text: "", ...error } }];
  const { result } = await simulate({ ...plan, decoded: { ...plan.decoded, profiles } }, inlineRunner(new Map()), context);
  return result;
};
const engine = "{ stepTime: { overhead: 10ms }, kvBlocks: 100 }";

it("a system is tried again with iterations longer by the error that its engine's profile states", async () => {
  const { points, slowerEngines } = await run(engine, { tpot: 0.02 });
  expect(points[0].verdict).toBe("met");
  expect(slowerEngines).toMatchObject({ by: { gpus: { tpot: 0.02 } }, replications: 2, verdict: "missed", attainment: { mean: 0 } });
});

it("an error that leaves the objective alone is said to do so", async () => {
  const { slowerEngines } = await run(engine, { tpot: 0.005 });
  expect(slowerEngines).toMatchObject({ by: { gpus: { tpot: 0.005 } }, verdict: "met", attainment: { mean: 1 } });
});

it("nothing is tried where no profile states an error", async () => {
  expect((await run(engine)).slowerEngines).toBeUndefined();
  expect((await run(engine, { ttft: 0.1 })).slowerEngines).toBeUndefined();
});

it("a table of the dense part becomes longer too", async () => {
  const { slowerEngines } = await run("{ stepTime: { dense: [[1, 10ms]] }, kvBlocks: 100 }", { tpot: 0.02 });
  expect(slowerEngines).toMatchObject({ verdict: "missed" });
});

it("the time of drafts becomes longer too", async () => {
  const speculation = "speculation: { draftTokens: 1, acceptedTokens: 1, draftTime: 9ms }";
  // The first iteration only reads, the nine others draft: 10 ms, and 9 times 9 ms more.
  const drafting = `{ stepTime: { overhead: 1ms }, ${speculation}, kvBlocks: 100 }`;
  expect((await run(drafting, { tpot: 0.1 })).slowerEngines).toMatchObject({ verdict: "met" });
  expect((await run(drafting, { tpot: 0.12 })).slowerEngines).toMatchObject({ verdict: "missed" });
});

it("every iteration of lengthened step times takes so many times as long, whatever is in it", () => {
  const seconds = fc.double({ min: 0, max: 0.01, noNaN: true });
  const share = fc.double({ min: 0.01, max: 1, noNaN: true });
  const coefficients = mapValues(noTime as Record<string, unknown>, (_, key) => (key.startsWith("expertS") ? share : seconds));
  const rows = fc.tuple(seconds, seconds).map((times) => times.map((time, i): [number, number] => [1 + 16 * i, time]));
  const law = fc.record({ ...coefficients, dense: fc.option(rows, { nil: undefined }) }) as fc.Arbitrary<StepTimeSettings>;
  fc.assert(
    fc.property(
      law,
      fc.double({ min: 1, max: 3, noNaN: true }),
      fc.tuple(fc.integer({ min: 1, max: 64 }), fc.nat(64), fc.nat(5000), fc.nat(5000)),
      (given, by, batch) => {
        const time = new StepTime(given).iteration(...batch);
        expect(Math.abs(new StepTime(lengthened(given, by)).iteration(...batch) - by * time)).toBeLessThanOrEqual(1e-9 * Math.max(1, time));
      },
    ),
  );
});
