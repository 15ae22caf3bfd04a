import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PoolView } from "../../../../src/serving/fleet/scaling/scaler.ts";
import { drive, refusals, scalerOf, type Written } from "./scaling-driver.ts";

/** One replica for each 10 attempts, with nothing that delays or softens it. */
const prompt = (given: Written = {}): Written => ({
  targetTracking: { metric: "concurrency", target: 10, every: "10s", tolerance: 0, scaleDownAfter: "0s", ...given },
});

/** What is wanted decision by decision, under a load given likewise. */
function wanted(given: Written, loads: readonly number[], replicas = {}): number[] {
  const load = (now: number) => ({ outstanding: loads[now / 10 - 1] });
  return drive(scalerOf(prompt(given)), { until: 10 * loads.length, load, replicas }).map(({ desired }) => desired);
}

const loads = fc.array(fc.nat(120), { minLength: 1, maxLength: 50 });

describe("target tracking", () => {
  it("wants, with nothing to hold it back, what bears the load of the moment", () => {
    fc.assert(
      fc.property(loads, (all) => {
        expect(wanted({}, all)).toEqual(all.map((load) => Math.ceil(load / 10)));
      }),
    );
  });

  it.each<[metric: string, target: number, load: (now: number) => Partial<PoolView>, replicas: number]>([
    ["concurrency", 10, () => ({ outstanding: 31, waiting: 12 }), 4],
    ["queueLength", 10, () => ({ outstanding: 31, waiting: 12 }), 2],
    ["requestRate", 2.5, (now) => ({ arrived: 6 * now }), 3],
    ["gpuBusy", 0.7, (now) => ({ busySeconds: 2.1 * now }), 3],
    ["kvUse", 0.7, () => ({ kvUse: 0.7 + 0.7 + 0.7 }), 3],
    ["kvUse", 0.7, () => ({ kvUse: 2.2 }), 4],
  ])("divides the whole pool's %s by a target of %d", (metric, target, load, replicas) => {
    const decisions = drive(scalerOf(prompt({ metric, target })), { until: 50, load });
    expect(decisions.map(({ desired }) => desired)).toEqual([replicas, replicas, replicas, replicas, replicas]);
  });

  it("changes nothing while the metric per replica is within its tolerance of the target", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.nat(200), fc.constantFrom(0, 0.1, 0.25, 0.5), (start, load, tolerance) => {
        const [low, high] = [10 * start * (1 - tolerance), 10 * start * (1 + tolerance)];
        // Exactly at its edge rounding decides.
        fc.pre(tolerance === 0 || (Math.abs(load - low) > 1e-6 && Math.abs(load - high) > 1e-6) || start === 0);
        const expected = load >= low && load <= high ? start : Math.ceil(load / 10);
        expect(wanted({ tolerance }, [load], { start })).toEqual([expected]);
      }),
    );
  });

  it.each([0, 5, 10, 25, 40])("rests each decision on what was observed %d s before it, a rate on the time between observations", (lag) => {
    // 10 requests per second for each 10 s that have passed, so that each span has a rate of its own.
    const arrived = (now: number): number => (now * now) / 2;
    const scaler = scalerOf(prompt({ metric: "requestRate", target: 0.001, lag: `${lag}s` }));
    for (const [i, { at, desired }] of drive(scaler, { until: 200, load: (now) => ({ arrived: arrived(now) }) }).entries()) {
      const seen = at - lag;
      const before = i === 0 ? 0 : seen - 10;
      const rate = seen > before ? (arrived(seen) - arrived(before)) / (seen - before) : 0;
      expect(desired).toBe(Math.ceil(Number((rate / 0.001).toFixed(6))));
    }
  });
});

describe("stabilisation windows", () => {
  it("hold the number, of all between the least and the most that was wanted in them, nearest to what there is", () => {
    fc.assert(
      fc.property(loads, fc.nat(60), fc.nat(60), fc.nat(12), (all, up, down, start) => {
        const seen = all.map((load) => Math.ceil(load / 10));
        let active = start;
        const expected = seen.map((_, i) => {
          // Before the first decision a pool wants what it has.
          const within = (window: number): number[] =>
            [start, ...seen.slice(0, i + 1)].filter((__, past) => 10 * past >= 10 * (i + 1) - window);
          const [least, most] = [Math.min(...within(up)), Math.max(...within(down))];
          active = active < least ? least : Math.min(active, most);
          return active;
        });
        expect(wanted({ scaleUpAfter: `${up}s`, scaleDownAfter: `${down}s` }, all, { start })).toEqual(expected);
      }),
    );
  });

  it("let pass a load that lasts, and not one that is over sooner", () => {
    expect(wanted({ scaleUpAfter: "20s" }, [10, 50, 10, 10, 50, 40, 60, 60, 60])).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 6]);
    expect(wanted({ scaleUpAfter: "20s" }, [50, 50, 50])).toEqual([1, 1, 5]);
  });
});

describe("steps", () => {
  it("bound what one decision adds and takes away, and only that", () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), (all, up, down) => {
        let active = 1;
        const expected = all.map((load) => (active = Math.min(active + up, Math.max(active - down, Math.ceil(load / 10)))));
        expect(wanted({ step: { up, down } }, all)).toEqual(expected);
      }),
    );
  });

  it("bound one direction alone where only it is given", () => {
    expect(wanted({ step: { up: 2 } }, [100, 100, 100, 0])).toEqual([3, 5, 7, 0]);
    expect(wanted({ step: { down: 2 } }, [100, 0, 0, 0])).toEqual([10, 8, 6, 4]);
  });
});

describe("the cooldown", () => {
  it("keeps changes apart, up and down alike", () => {
    expect(wanted({ cooldown: "20s" }, [10, 30, 50, 50, 10, 10, 10])).toEqual([1, 3, 3, 5, 5, 1, 1]);
    fc.assert(
      fc.property(loads, fc.integer({ min: 0, max: 60 }), (all, cooldown) => {
        const load = (now: number) => ({ outstanding: all[now / 10 - 1] });
        const decisions = drive(scalerOf(prompt({ cooldown: `${cooldown}s` })), { until: 10 * all.length, load });
        let changedAt = -Infinity;
        for (const { at, active, desired } of decisions) {
          // Once it is over, nothing else holds a decision back.
          if (at - changedAt >= cooldown) expect(desired).toBe(Math.ceil(all[at / 10 - 1] / 10));
          else expect(desired).toBe(active);
          if (desired !== active) changedAt = at;
        }
      }),
    );
  });

  it("does not begin where the pool's maximum or minimum let nothing change", () => {
    const bounded = { start: 3, min: 2, max: 3 };
    expect(wanted({ cooldown: "60s" }, [50, 50, 50, 20, 20], bounded)).toEqual([5, 5, 5, 2, 2]);
    expect(wanted({ cooldown: "60s" }, [20, 10, 10, 10, 10, 10, 10, 30], bounded)).toEqual([2, 2, 2, 2, 2, 2, 1, 3]);
  });
});

describe("settings of target tracking", () => {
  it.each(["kvUse", "gpuBusy"])("are refused with a target of %s that no replica can reach", (metric) => {
    expect(refusals(prompt({ metric, target: 70 }))).toEqual([
      `targetTracking.target: must be at most 1 for ${metric}, which no replica exceeds (0.7 leaves 30% of each replica free)`,
    ]);
    expect(refusals(prompt({ metric, target: 1 }))).toHaveLength(1);
    expect(refusals(prompt({ metric, target: 0.99 }))).toEqual([]);
  });

  it.each([
    [{ target: 0 }, "targetTracking.target: must be above 0 (allowed: above 0)"],
    [{ every: 0 }, "targetTracking.every: must be above 0s (allowed: above 0s)"],
    [{ lag: "-1s" }, "targetTracking.lag: must be at least 0s (allowed: from 0s)"],
    [{ cooldown: "-1s" }, "targetTracking.cooldown: must be at least 0s (allowed: from 0s)"],
    [{ scaleUpAfter: "-1s" }, "targetTracking.scaleUpAfter: must be at least 0s (allowed: from 0s)"],
    [{ step: { up: 0 } }, "targetTracking.step.up: must be at least 1 (allowed: whole numbers, from 1)"],
    [{ step: { down: 1.5 } }, "targetTracking.step.down: must be a whole number (allowed: whole numbers, from 1)"],
  ])("are refused: %j", (given, message) => {
    expect(refusals(prompt(given))).toEqual([message]);
  });
});
