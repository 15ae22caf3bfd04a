import fc from "fast-check";
import { expect, it } from "vitest";
import { perMonth, type ReplicaUse, replicaMoney } from "../../src/cost/replica-money.ts";

const hour = 3600;
const billedStates = ["loading", "ready", "warm"];

/** Time in hours, none unless given. */
function use(given: Partial<Record<keyof Omit<ReplicaUse, "stateSeconds">, number>>, states: Record<string, number> = {}): ReplicaUse {
  const seconds = { seconds: 10, reservedSeconds: 0, onDemandSeconds: 0, spotSeconds: 0, warmSeconds: 0, busySeconds: 0, ...given };
  const inSeconds = <T extends Record<string, number>>(hours: T): T =>
    Object.fromEntries(Object.entries(hours).map(([key, value]) => [key, value * hour])) as T;
  return { ...inSeconds(seconds), stateSeconds: inSeconds(states) };
}

const sum = (parts: Readonly<Record<string, number>>): number => Object.values(parts).reduce((all, part) => all + part, 0);

it("replicas on demand cost their hours, split by what they did in them", () => {
  const money = replicaMoney(use({ onDemandSeconds: 25, busySeconds: 20 }, { loading: 1, ready: 24 }), { perReplicaHour: 4, billedStates });
  expect(money).toMatchObject({ usd: 100, idleUsd: 20, byPurchase: { onDemand: 100, reserved: 0, spot: 0, warm: 0 } });
  expect(money.byState).toEqual({ loading: 4, ready: 96, warm: 0, unused: 0, afterwards: 0 });
});

it("reserved replicas are paid for all the time, used or not", () => {
  const price = { perReplicaHour: 4, reserved: { count: 2, perReplicaHour: 3 }, billedStates };
  const money = replicaMoney(use({ reservedSeconds: 15, onDemandSeconds: 5 }, { ready: 20 }), price);
  expect(money).toMatchObject({ usd: 80, idleUsd: 80, byPurchase: { reserved: 60, onDemand: 20 } });
  // Five reserved hours were not used; the other twenty hours cost $65.
  expect(money.byState).toMatchObject({ ready: 65, unused: 15 });
});

it("spot replicas have a price of their own, and busy time costs the mean price of what was used", () => {
  const price = { perReplicaHour: 4, spot: { perReplicaHour: 1 }, billedStates };
  const money = replicaMoney(use({ onDemandSeconds: 10, spotSeconds: 10, busySeconds: 10 }, { ready: 20 }), price);
  expect(money).toMatchObject({ usd: 50, idleUsd: 25, byPurchase: { onDemand: 40, spot: 10 } });
});

it("warm replicas cost their own price, and are idle", () => {
  const money = replicaMoney(use({ onDemandSeconds: 1, warmSeconds: 2, busySeconds: 0.5 }, { ready: 1, warm: 2 }), {
    perReplicaHour: 4,
    warmPerReplicaHour: 1,
    billedStates: ["loading", "ready"],
  });
  expect(money).toMatchObject({ usd: 6, idleUsd: 4, byState: { ready: 4, warm: 2 } });
});

it("what is billed after a replica is gone stands apart", () => {
  const money = replicaMoney(use({ onDemandSeconds: 3 }, { ready: 1 }), { perReplicaHour: 4, billedStates });
  expect(money.byState).toMatchObject({ ready: 4, afterwards: 8 });
});

it("by purchase and by state the parts add up to all the money, of which idle money is a part", () => {
  const hours = fc.double({ min: 0, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({ onDemandSeconds: hours, spotSeconds: hours, warmSeconds: hours, busySeconds: hours }),
      fc.tuple(hours, hours),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 50 }),
      hours,
      (given, [loading, ready], used, count, price) => {
        const reservedSeconds = used * count * 10;
        const billed = given.onDemandSeconds + given.spotSeconds + reservedSeconds;
        const share = billed / Math.max(billed, loading + ready);
        const { usd, idleUsd, byPurchase, byState } = replicaMoney(
          use({ ...given, reservedSeconds }, { loading: loading * share, ready: ready * share }),
          {
            perReplicaHour: price,
            reserved: { count, perReplicaHour: price / 2 },
            spot: { perReplicaHour: price / 3 },
            warmPerReplicaHour: price / 4,
            billedStates: ["loading", "ready"],
          },
        );
        const near = 1e-9 * Math.max(1, usd);
        expect(Math.abs(sum(byPurchase) - usd)).toBeLessThanOrEqual(near);
        expect(sum(byState)).toBeGreaterThanOrEqual(usd - near);
        if (loading + ready <= billed) expect(Math.abs(sum(byState) - usd)).toBeLessThanOrEqual(near);
        expect(idleUsd).toBeGreaterThanOrEqual(-near);
        expect(idleUsd).toBeLessThanOrEqual(usd + near);
      },
    ),
  );
});

it("a month has 730 hours", () => {
  expect(perMonth(2, hour)).toBe(1460);
});
