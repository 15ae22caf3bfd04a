import fc from "fast-check";
import { expect, it } from "vitest";
import * as breakEven from "../../notebooks/break-even.ts";
import { inlineRunner } from "../../src/experiment/runner.ts";
import { simulatePlans } from "../../src/experiment/plan.ts";
import { planOf } from "../experiment/systems.ts";

const { breakEvenMiss, breakEvenPrice, gainOf, missesPrevented, priceOf, stepsOf, together, verdictOn } = breakEven;
type Change = breakEven.Change;

function change(prevented: number, warmHours: number, usdPerHour: number, otherUsd = 0): Change {
  return { missesPrevented: prevented, warmHours, usd: warmHours * usdPerHour + otherUsd, otherUsd };
}

const amount = fc.double({ min: 1, max: 1000, noNaN: true });

it("at the break-even price nothing is gained or lost, and at the break-even miss neither", () => {
  fc.assert(
    fc.property(amount, amount, amount, fc.double({ min: -100, max: 100, noNaN: true }), (misses, hours, usdPerMiss, otherUsd) => {
      const { mean: price } = breakEvenPrice({ size: 1, changes: [change(misses, hours, 5, otherUsd)] }, usdPerMiss);
      const priced = { size: 1, changes: [change(misses, hours, price, otherUsd)] };
      expect(gainOf(priced, usdPerMiss).mean / (usdPerMiss * misses + Math.abs(otherUsd))).toBeCloseTo(0, 9);
      const twice = { size: 1, changes: [change(misses, hours, 5, 101), change(misses, hours, 5, 101)] };
      expect(gainOf(twice, breakEvenMiss(twice)!).mean / priceOf(twice).mean).toBeCloseTo(0, 9);
    }),
  );
});

it("there is no break-even miss of a replica that is not sure to prevent any", () => {
  expect(breakEvenMiss({ size: 1, changes: [change(10, 1, 5), change(-9, 1, 5), change(3, 1, 5)] })).toBeNull();
  expect(breakEvenMiss({ size: 1, changes: [change(10, 1, 5)] })).toBeNull();
});

it("a replica pays, or does not, only where the whole interval says so", () => {
  const step = (...misses: number[]) => ({ size: 1, changes: misses.map((count) => change(count, 1, 5)) });
  expect(verdictOn(step(100, 101, 102), 1)).toBe("pays");
  expect(verdictOn(step(1, 2, 3), 1)).toBe("does not pay");
  expect(verdictOn(step(-100, 5, 200), 1)).toBe("undecided");
  expect(verdictOn(step(100), 1)).toBe("undecided");
});

it("steps taken together prevent and cost their sum", () => {
  const steps = [
    { size: 1, changes: [change(10, 1, 5, 2)] },
    { size: 2, changes: [change(7, 2, 5, -1)] },
  ];
  expect(together(steps)).toEqual({ size: 2, changes: [change(17, 3, 5, 1)] });
});

const system = `
name: warm
seed: 2
horizon: 20m
replications: 1
traffic:
  chat:
    arrivals: { rate: 2/s, spikes: [{ at: 5m, lasts: 5m, factor: 3 }] }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    slo: ["success >= 99%"]
    client: { timeout: { total: 10s } }
    path: [gpus]
pools:
  gpus:
    engine: { station: { servers: 1, service: { exponential: { mean: 1s } } } }
    replicas: { min: 1, max: 12 }
    warm: { size: 0, state: paused, perReplicaHour: $3 }
    coldStart: { phases: { provisioning: { constant: 4m } }, resume: { paused: { constant: 10s } } }
    scaling: { targetTracking: { metric: requestRate, target: 0.7, every: 15s, scaleDownAfter: 5m } }
    price: { perReplicaHour: $7 }
`;

async function stepAt(usdPerHour: number): Promise<breakEven.Step> {
  const plans = ["0", "1"].map((size) =>
    planOf(system, { "pools.gpus.warm.size": size, "pools.gpus.warm.perReplicaHour": `$${usdPerHour}` }, `warm ${size}`),
  );
  const [step] = stepsOf(await simulatePlans(plans, inlineRunner(new Map())), "gpus");
  return step;
}

it("a system whose warm replicas have their break-even price gains nothing by one", async () => {
  const step = await stepAt(3);
  expect(missesPrevented(step).mean).toBeGreaterThan(0);
  const atBreakEven = await stepAt(breakEvenPrice(step, 0.5).mean);
  expect(missesPrevented(atBreakEven)).toEqual(missesPrevented(step));
  expect(gainOf(step, 0.5).mean).toBeGreaterThan(0);
  expect(gainOf(atBreakEven, 0.5).mean / gainOf(step, 0.5).mean).toBeCloseTo(0, 9);
});

it("plans that are not one warm replica apart are no steps", async () => {
  const simulated = await simulatePlans([planOf(system), planOf(system)], inlineRunner(new Map()));
  expect(() => stepsOf(simulated, "gpus")).toThrow("one replica more");
});
