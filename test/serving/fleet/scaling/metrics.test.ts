import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meter, metricNames, onlyOfReady } from "../../../../src/serving/fleet/scaling/metrics.ts";
import { scalingSettings, traitsOf } from "../../../../src/serving/fleet/scaling/registry.ts";
import { viewOf } from "./scaling-driver.ts";

describe("metrics", () => {
  it.each([
    ["concurrency", { outstanding: 7 }],
    ["queueLength", { waiting: 7 }],
    ["kvUse", { kvUse: 7 }],
  ] as const)("%s is what there is at the moment", (name, given) => {
    const read = meter(name);
    expect([read(viewOf(given), 10), read(viewOf({}), 20), read(viewOf(given), 20)]).toEqual([7, 0, 7]);
  });

  it.each([
    ["requestRate", "arrived"],
    ["gpuBusy", "busySeconds"],
  ] as const)("%s is what its counter gained per second since the observation before, or since the start", (name, counter) => {
    const read = meter(name);
    const at = (now: number, value: number): number => read(viewOf({ [counter]: value }), now);
    expect([at(10, 20), at(15, 20), at(25, 60)]).toEqual([2, 0, 4]);
  });

  it("says that nothing is gained where no time has passed, and loses nothing by it", () => {
    const read = meter("requestRate");
    expect([read(viewOf({}), 0), read(viewOf({ arrived: 30 }), 10)]).toEqual([0, 3]);
  });

  it("adds up rates times spans to the whole counter, however the observations fall", () => {
    const spans = fc.array(fc.record({ span: fc.integer({ min: 1, max: 100 }), gained: fc.nat(1000) }), { minLength: 1 });
    fc.assert(
      fc.property(spans, (all) => {
        const read = meter("requestRate");
        let [now, arrived, sum] = [0, 0, 0];
        for (const { span, gained } of all) {
          [now, arrived] = [now + span, arrived + gained];
          sum += read(viewOf({ arrived }), now) * span;
        }
        expect(sum).toBeCloseTo(arrived, 6);
      }),
    );
  });

  it("knows which of them nothing but a replica has, so that a pool of none would never wake", () => {
    expect(metricNames.filter(onlyOfReady)).toEqual(["kvUse", "gpuBusy"]);
    const sleepy = (metric: string) => {
      const named = traitsOf(scalingSettings.parse({ targetTracking: { metric, target: 0.5 } })).metric;
      return named !== undefined && onlyOfReady(named) ? named : undefined;
    };
    expect(metricNames.map(sleepy)).toEqual([undefined, undefined, "kvUse", undefined, "gpuBusy"]);
    expect(traitsOf(scalingSettings.parse({ fixed: { replicas: 2 } })).metric).toBeUndefined();
  });
});
