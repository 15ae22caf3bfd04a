import * as fc from "fast-check";
import { expect, it } from "vitest";
import { causes } from "../../src/traffic/cause.ts";
import { plainSystem } from "./random-plain-system.ts";
import { runForReal } from "./plain-real.ts";

const cases = Number(process.env["HEADROOM_CASES"] ?? 300);

it("the causes that a request's time went to add up to its life, to its end or the horizon", () => {
  fc.assert(
    fc.property(plainSystem, (given) => {
      const { scenario, recorder } = runForReal(given);
      for (let request = 0; request < recorder.count; request++) {
        const seconds = new Float64Array(causes.length);
        recorder.time.addTo(seconds, request);
        expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0);
        const sum = seconds.reduce((total, one) => total + one, 0);
        const end = Number.isNaN(recorder.endedAt[request]) ? scenario.horizon : recorder.endedAt[request];
        const life = end - recorder.arrivedAt[request];
        expect(Math.abs(sum - life)).toBeLessThanOrEqual(1e-9 * life);
      }
    }),
    { numRuns: cases },
  );
});

it("these systems spend time on every cause but those of continuous batches", () => {
  const seconds = new Float64Array(causes.length);
  for (const given of fc.sample(plainSystem, { numRuns: 200, seed: 5 })) {
    const { recorder } = runForReal(given);
    for (let request = 0; request < recorder.count; request++) recorder.time.addTo(seconds, request);
  }
  expect(causes.filter((_, cause) => seconds[cause] === 0)).toEqual(["preemption", "prefill"]);
});
