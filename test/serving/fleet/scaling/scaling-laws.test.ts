import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { Deque } from "../../../../src/serving/fleet/scaling/deque.ts";
import { metricNames } from "../../../../src/serving/fleet/scaling/metrics.ts";
import { scalingNames, scalingSettings } from "../../../../src/serving/fleet/scaling/registry.ts";
import type { PoolView, ScalingContext } from "../../../../src/serving/fleet/scaling/scaler.ts";
import { drive, scalerOf, viewOf, type Written } from "./scaling-driver.ts";

const dampers = { scaleUpAfter: "30s", scaleDownAfter: "90s", step: { up: 2, down: 1 }, cooldown: "25s" };
/** A season of eight periods of 15 s; there is more than one of them in every test here. */
const seasons = { target: 4, every: "15s", season: "2m", scaleDownAfter: "30s" };

/** Settings of every policy, with the age of their metric where they have one. */
const examples: readonly Written[] = [
  { fixed: { replicas: 3 } },
  ...metricNames.map((metric) => ({ targetTracking: { metric, target: 0.7 } })),
  { targetTracking: { metric: "concurrency", target: 4, lag: "100s", ...dampers } },
  { targetTracking: { metric: "requestRate", target: 4, lag: "20s", tolerance: 0, ...dampers } },
  { scheduled: { table: [[0, 4]], every: "30s" } },
  { predictive: { metric: "concurrency", ...seasons } },
  { predictive: { metric: "requestRate", lead: "45s", ...seasons } },
  { oracle: { target: "4/s", scaleDownAfter: "90s" } },
];

/** A load that has each of these levels for so many seconds, and the last for ever: attempts, arrivals per second and busy replicas. */
function steps(levels: readonly number[], seconds: number): (now: number) => Partial<PoolView> {
  const before = [0];
  for (const level of levels) before.push(before[before.length - 1] + level * seconds);
  return (now) => {
    const step = Math.min(levels.length, Math.max(1, Math.ceil(now / seconds))) - 1;
    const [level, sum] = [levels[step], before[step] + levels[step] * (now - step * seconds)];
    return { outstanding: level, waiting: level, kvUse: level, arrived: sum, busySeconds: sum };
  };
}

const knowing = (future: ScalingContext["future"]): Partial<ScalingContext> => ({ coldStart: 40, future });

afterEach(() => {
  vi.restoreAllMocks();
});

it("are held by every policy there is", () => {
  expect(new Set(examples.flatMap((written) => Object.keys(written)))).toEqual(new Set(scalingNames));
});

describe.each(examples)("scaling with %j", (written) => {
  it("is written back as what it decodes from again", () => {
    const decoded = scalingSettings.parse(written);
    expect(scalingSettings.parse(z.encode(scalingSettings, decoded))).toEqual(decoded);
  });

  it("decides once a period, on nothing newer than there is, and each time on a finite number that is not negative", () => {
    const levels = fc.array(fc.nat(60), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(levels, fc.nat(20), fc.nat(100), (all, start, coldStart) => {
        const at = (now: number): number => all[Math.min(all.length - 1, Math.floor(now / 20))];
        const scaler = scalerOf(
          written,
          knowing((from) => at(from)),
        );
        expect(scaler.every).toBeGreaterThan(0);
        expect(scaler.lag).toBeGreaterThanOrEqual(0);
        const pool = { until: 20 * all.length, load: steps(all, 20), replicas: { start }, coldStart };
        for (const { desired } of drive(scaler, pool)) {
          expect(Number.isFinite(desired)).toBe(true);
          expect(desired).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("decides the same of the same, whoever else decides beside it", () => {
    const loads = fc.array(fc.record({ outstanding: fc.nat(50), arrived: fc.nat(500), kvUse: fc.nat(9), ready: fc.nat(9) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(loads, (views) => {
        const future = knowing((from) => from % 7);
        const [one, other] = [scalerOf(written, future), scalerOf(written, future)];
        for (const [i, given] of views.entries()) {
          const now = (i + 1) * one.every;
          const view: PoolView = Object.freeze(viewOf(given));
          one.observe(view, now);
          other.observe(view, now);
          expect(one.desired(view, now)).toBe(other.desired(view, now));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("comes to rest under a load that does not change", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(30), fc.nat(100), (level, start, coldStart) => {
        const scaler = scalerOf(
          written,
          knowing(() => level),
        );
        const decisions = drive(scaler, { until: 150 * scaler.every, load: steps([level], 1), replicas: { start }, coldStart });
        const last = decisions.slice(-20);
        expect(new Set(last.flatMap(({ active, desired }) => [active, desired])).size).toBe(1);
      }),
      { numRuns: 30 },
    );
  });

  it("never wants fewer replicas for more load, all else the same", () => {
    const past = fc.array(fc.nat(40), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(past, fc.nat(40), fc.nat(40), fc.nat(12), (levels, load, more, ready) => {
        const final = (last: number): number => {
          let every = Infinity;
          const scaler = scalerOf(
            written,
            knowing((from) => (from >= (levels.length + 1) * every ? last : 0)),
          );
          every = scaler.every;
          const given = steps([...levels, last], scaler.every);
          let desired = 0;
          for (let period = 1; period <= levels.length + 1; period++) {
            const now = period * scaler.every;
            const view = viewOf({ ...given(now), ready });
            scaler.observe(view, now);
            desired = scaler.desired(view, now);
          }
          return desired;
        };
        expect(final(load + more)).toBeGreaterThanOrEqual(final(load));
      }),
      { numRuns: 50 },
    );
  });

  it("holds no more after ten thousand decisions than after a few", () => {
    const push = vi.spyOn(Deque.prototype, "push");
    const scaler = scalerOf(
      written,
      knowing((from) => from % 11),
    );
    // Steadily less and steadily more: the worst cases of windows in which the most, or the least, is sought.
    const decisions = 10_000;
    const levels = Array.from({ length: decisions }, (_, i) => Math.abs(1000 - (i % 2000)));
    drive(scaler, { until: decisions * scaler.every, load: steps(levels, scaler.every), replicas: { max: 1 } });
    const deques = new Set(push.mock.contexts as Deque[]);
    // The longest window here is five minutes, the shortest period 15 s.
    for (const deque of deques) expect((deque as unknown as { values: number[] }).values.length).toBeLessThanOrEqual(2 * (300 / 15 + 1));
  });
});
