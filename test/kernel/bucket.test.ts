import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bucket } from "../../src/kernel/bucket.ts";

const amount = fc.integer({ min: 1, max: 500 });
const seconds = fc.double({ min: 0, max: 30, noNaN: true });

describe("a bucket", () => {
  it("is full at first, and after what is missing over its rate", () => {
    const bucket = new Bucket(600, 20);
    expect([bucket.capacity, bucket.wait(0, 200)]).toEqual([200, 0]);
    bucket.take(0, 250);
    expect([bucket.wait(0, 1), bucket.wait(2, 1), bucket.wait(25, 200)]).toEqual([5.1, 3.1, 0]);
  });

  it("never holds more than a full bucket", () => {
    const bucket = new Bucket(60, 10);
    expect(bucket.wait(1e6, 10.1)).toBe(Infinity);
    bucket.giveBack(1e6, 100);
    bucket.take(1e6, 10);
    expect(bucket.wait(1e6, 1)).toBe(1);
  });

  it("takes no more than is there where asked to", () => {
    const bucket = new Bucket(60, 10);
    bucket.take(0, 8);
    bucket.takeAvailable(0, 5);
    expect(bucket.wait(0, 3)).toBe(3);
    bucket.take(0, 4);
    bucket.takeAvailable(0, 5);
    expect(bucket.wait(0, 1)).toBe(5);
  });

  it("is refilled by its rate less what drains it", () => {
    const bucket = new Bucket(60, 10);
    bucket.startDrain(0, 0.5);
    bucket.startDrain(0, 2);
    bucket.stopDrain(4, 2);
    // 10 - 4 · 1.5, and 0.5 more each second.
    expect([bucket.wait(4, 4), bucket.wait(6, 5)]).toEqual([0, 0]);
    bucket.stopDrain(6, 0.5);
    expect(bucket.wait(6, 10)).toBe(5);
  });

  it("without a rate is never empty", () => {
    const bucket = new Bucket(undefined, 10);
    bucket.take(0, 1e9);
    expect([bucket.capacity, bucket.wait(0, 1e9)]).toEqual([Infinity, 0]);
  });

  it("holds enough when the wait that it gave is over, and not half of it before", () => {
    const use = fc.array(fc.record({ gap: seconds, take: amount, back: amount }), { maxLength: 20, size: "max" });
    fc.assert(
      fc.property(use, amount, fc.integer({ min: 1, max: 5000 }), (uses, wanted, perMinute) => {
        const make = () => {
          const bucket = new Bucket(perMinute, 60);
          let now = 0;
          for (const { gap, take, back } of uses) {
            now += gap;
            bucket.take(now, take);
            bucket.giveBack(now + gap / 2, back);
            now += gap / 2;
          }
          return { bucket, now };
        };
        const { bucket, now } = make();
        const wait = bucket.wait(now, Math.min(wanted, bucket.capacity));
        expect(bucket.wait(now + wait, Math.min(wanted, bucket.capacity))).toBe(0);
        if (wait === 0) return;
        const early = make().bucket;
        expect(early.wait(now + wait / 2, Math.min(wanted, early.capacity))).toBeCloseTo(wait / 2, 6);
      }),
    );
  });
});
