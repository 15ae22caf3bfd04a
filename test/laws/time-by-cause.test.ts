import * as fc from "fast-check";
import { expect, it } from "vitest";
import { causes } from "../../src/traffic/cause.ts";
import { everyFailure, type PlainPool, type PlainSystem } from "./plain-given.ts";
import { runForReal } from "./plain-real.ts";
import { api, classOf, loop } from "./plain-story.ts";
import { plainSystem } from "./random-plain-system.ts";

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

it("waits are for what decided how long they are: a retry-after, a back-off, the client's own gate", () => {
  const retry = { ...loop, attempts: 2, backoff: { ...loop.backoff, base: 0.25 } };
  const limits = { rpm: 60, burst: 1, retryAfter: true };
  const throttled = { classes: [classOf([0, 0.5], { retry })], targets: [api(2, { limits })] };
  // One call a second: the second is refused at 0.5 s and told to come back at 1 s.
  expect(timesOf(throttled)).toEqual([{ provider: 2 }, { rateLimit: 0.5, provider: 2 }]);
  const failing = { classes: [classOf([0], { retry })], targets: [api(2, { fails: true })] };
  expect(timesOf(failing)).toEqual([{ backoff: 0.25, provider: 4 }]);
  const gated = { classes: [classOf([0, 0.5], { gate: { concurrency: 1 } })], targets: [api(2)] };
  expect(timesOf(gated)).toEqual([{ provider: 2 }, { clientQueue: 1.5, provider: 2 }]);
});

it("of two attempts under way the first counts until it ends", () => {
  const hedge = { after: 1, most: 1, target: "next" as const };
  const chain = { first: ["slow", "api"], on: everyFailure };
  const station: PlainPool = { name: "slow", kind: "pool", servers: 1, service: 5, replicas: 1, routing: "roundRobin", onCancel: "abort" };
  const classes = [classOf([0, 0], { hedge }, { chain })];
  // The first is answered by the provider at 4 s; the second, which waited for it, at the same moment.
  expect(timesOf({ classes, targets: [station, api(3)] })).toEqual([{ decode: 4 }, { busy: 4 }]);
});

it("of three attempts under way the one sent first among them counts, also when another has ended", () => {
  const hedge = { after: 1, most: 2, target: "same" as const };
  const station: PlainPool = { name: "api", kind: "pool", servers: 2, service: 5, replicas: 1, routing: "roundRobin", onCancel: "finish" };
  // Sent at 0, 1 and 2 s, each waited for for 3.5 s. The first is served until 5 s for nobody; the third waits for it.
  const given = { classes: [classOf([0], { hedge, attemptTotal: 3.5 })], targets: [station] };
  expect(timesOf(given)).toEqual([{ busy: 0.5, decode: 5 }]);
});

function timesOf(given: Partial<PlainSystem>): Record<string, number>[] {
  const { recorder } = runForReal({ horizon: 1000, classes: [], gateways: [], targets: [], stores: [], ...given });
  return Array.from({ length: recorder.count }, (_, request) => {
    const seconds = new Float64Array(causes.length);
    recorder.time.addTo(seconds, request);
    return Object.fromEntries(causes.flatMap((cause, i) => (seconds[i] === 0 ? [] : [[cause, Number(seconds[i].toFixed(9))]])));
  });
}
