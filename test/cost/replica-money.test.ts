import fc from "fast-check";
import { expect, it } from "vitest";
import { perMonth, replicaMoney } from "../../src/cost/replica-money.ts";

const hour = 3600;

it("replicas on demand cost their hours", () => {
  const use = { seconds: 10 * hour, onDemandSeconds: 25 * hour, warmSeconds: 0, busySeconds: 25 * hour };
  expect(replicaMoney(use, { perReplicaHour: 4 })).toEqual({ usd: 100, idleUsd: 0 });
});

it("reserved replicas are paid for all the time, used or not", () => {
  const use = { seconds: 10 * hour, onDemandSeconds: 5 * hour, warmSeconds: 0, busySeconds: 0 };
  expect(replicaMoney(use, { perReplicaHour: 4, reserved: { count: 2, perReplicaHour: 3 } })).toEqual({ usd: 80, idleUsd: 80 });
});

it("warm replicas cost their own price, and are idle", () => {
  const use = { seconds: hour, onDemandSeconds: hour, warmSeconds: 2 * hour, busySeconds: hour / 2 };
  expect(replicaMoney(use, { perReplicaHour: 4, warmPerReplicaHour: 1 })).toEqual({ usd: 6, idleUsd: 4 });
});

it("idle money is never negative nor more than all the money", () => {
  const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      amount,
      amount,
      amount,
      amount,
      fc.integer({ min: 0, max: 50 }),
      (onDemandSeconds, warmSeconds, busySeconds, price, count) => {
        const use = { seconds: 1e5, onDemandSeconds, warmSeconds, busySeconds };
        const { usd, idleUsd } = replicaMoney(use, { perReplicaHour: price, reserved: { count, perReplicaHour: price / 2 } });
        expect(idleUsd).toBeGreaterThanOrEqual(-1e-9 * usd);
        expect(idleUsd).toBeLessThanOrEqual(usd * (1 + 1e-9));
      },
    ),
  );
});

it("a month has 730 hours", () => {
  expect(perMonth(2, hour)).toBe(1460);
});
