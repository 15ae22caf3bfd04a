import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { routingSettings } from "../../../src/serving/routing/registry.ts";
import { chain, loaded, OneAttempt, replicas, routerOf, segmentTokens, streamOf, viewOf } from "./views.ts";

/** A router with its one attempt: sends a prompt that begins with these segments, by what it sees. */
function sender(overload?: number) {
  const asked = new OneAttempt();
  const route = routerOf({ prefixAffinity: overload === undefined ? {} : { overload } }, streamOf(1), asked.attempts);
  return (seen: Parameters<typeof viewOf>[0], keys: readonly number[], tokens?: number): number => {
    asked.ask(keys, tokens);
    return route(viewOf(seen), 0);
  };
}

describe("prefix affinity", () => {
  it("is what a plain search through all that was sent says, as replicas come and go", () => {
    const decision = fc.record({ seen: replicas, keys: chain, tokens: fc.nat(4 * segmentTokens) });
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 40 }), fc.constantFrom(1, 1.5, 4), (all, overload) => {
        const send = sender(overload);
        /** Each decision's segments and the number of its replica, the latest first. */
        const sent: { segments: readonly number[]; number: number }[] = [];
        for (const { seen, keys, tokens } of all) {
          const segments = keys.slice(0, Math.ceil(tokens / segmentTokens));
          // For each length from the longest: who got a prompt that begins with so much last, if it is ready.
          const homes = segments
            .map((key) => sent.find((one) => one.segments.includes(key))?.number)
            .reverse()
            .map((number) => seen.findIndex((one) => one.number === number));
          const home = homes.find((position) => position >= 0);
          const mean = seen.reduce((sum, { outstanding }) => sum + outstanding, 0) / seen.length;
          const fits = home !== undefined && seen[home].outstanding <= overload * mean + 1;
          const expected = fits ? home : viewOf(seen).leastOutstanding();
          expect(send(seen, keys, tokens)).toBe(expected);
          sent.unshift({ segments, number: seen[expected].number });
        }
      }),
      { numRuns: 300 },
    );
  });

  it("keeps a conversation where it began, however it grows, while loads are even", () => {
    const send = sender();
    const even = loaded([1, 1, 1, 1]);
    const home = send(loaded([3, 3, 0, 3]), [0]);
    expect(home).toBe(2);
    for (let turns = 2; turns < 10; turns++)
      expect(
        send(
          even,
          Array.from({ length: turns }, (_, i) => i),
        ),
      ).toBe(home);
    // Others do not follow it.
    expect(send(even, [100])).toBe(0);
    expect(send(even, [])).toBe(0);
  });

  it("finds a replica by its number, also when those before it have gone", () => {
    const send = sender();
    const [a, b, c] = loaded([5, 5, 0]);
    expect(send([a, b, c], [7])).toBe(2);
    expect(send([b, c], [7])).toBe(1);
    expect(send([c, a], [7])).toBe(0);
    expect(send([a, b], [7])).toBe(0);
    // That one has it now.
    expect(send([b, c, a], [7])).toBe(2);
  });

  it("counts no segment that the prompt does not have, and one that it has in part", () => {
    const send = sender();
    expect(send(loaded([0, 1]), [1])).toBe(0);
    expect(send(loaded([1, 0]), [2, 3])).toBe(1);
    expect(send(loaded([1, 1]), [1, 3], segmentTokens)).toBe(0);
    expect(send(loaded([1, 1]), [1, 3], segmentTokens + 1)).toBe(1);
  });

  it("spreads one prefix that everybody has, so that no replica has more than its bound and one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.double({ min: 1, max: 5, noNaN: true }), (count, overload) => {
        const send = sender(overload);
        const loads = Array.from({ length: count }, () => 0);
        for (let i = 0; i < 100; i++) {
          const before = loads.reduce((sum, load) => sum + load, 0) / count;
          const chosen = send(loaded(loads), [1]);
          expect(loads[chosen]).toBeLessThanOrEqual(overload * before + 1);
          loads[chosen]++;
        }
      }),
      { numRuns: 40 },
    );
  });

  it("bounds loads by one and a half times the mean unless told otherwise, and never below the mean", () => {
    expect(routingSettings.parse("prefixAffinity")).toEqual({ prefixAffinity: { overload: 1.5 }, staleness: 0 });
    expect(routingSettings.safeParse({ prefixAffinity: { overload: 0.9 } }).error?.issues).toMatchObject([
      { path: ["prefixAffinity", "overload"], message: "must be at least 1", params: { code: "out-of-range" } },
    ]);
    expect(routingSettings.safeParse({ prefixAffinity: { overlaod: 2 } }).success).toBe(false);
  });
});
