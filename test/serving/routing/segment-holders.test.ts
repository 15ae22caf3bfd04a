import * as fc from "fast-check";
import { expect, it } from "vitest";
import { SegmentHolders } from "../../../src/serving/routing/segment-holders.ts";
import { none } from "../../../src/traffic/requests.ts";

const remembered = (mostKey: number) => fc.array(fc.tuple(fc.nat(mostKey), fc.nat(50)), { maxLength: 60, size: "max" });

it("knows who got each segment last, whatever the order in which keys come", () => {
  const keys = fc.oneof(remembered(9), remembered(5000), remembered(1_000_000));
  fc.assert(
    fc.property(keys, (all) => {
      const holders = new SegmentHolders();
      const model = new Map<number, number>();
      for (const [key, replica] of all) {
        expect(holders.of(key)).toBe(model.get(key) ?? none);
        holders.remember(key, replica);
        model.set(key, replica);
      }
      for (const [key, replica] of model) expect(holders.of(key)).toBe(replica);
    }),
    { numRuns: 40 },
  );
});

it("forgets, when there are more than it may remember, what came before and never says another's", () => {
  const most = 2048;
  const holders = new SegmentHolders(most);
  for (let key = 0; key < 10 * most; key++) {
    expect(holders.of(key)).toBe(none);
    holders.remember(key, key % 7);
    expect(holders.of(key)).toBe(key % 7);
  }
  const known = Array.from({ length: 10 * most }, (_, key) => key).filter((key) => holders.of(key) !== none);
  expect(known).toEqual(Array.from({ length: most }, (_, i) => 9 * most + i));
  for (const key of known) expect(holders.of(key)).toBe(key % 7);
});
