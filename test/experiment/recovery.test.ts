import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aftermathsOf, recoveryTime } from "../../src/experiment/recovery.ts";
import { recorded } from "./recorded.ts";
import { scenarioOf } from "./systems.ts";

const window = 10;
/** Twenty windows before, two of a disturbance, then these shares of a hundred requests each. */
const quiet = 20;
const before = Array.from({ length: quiet }, () => 1);
const disturbed = [0.2, 0.1];
const begin = (quiet + disturbed.length) * window;

function after(...shares: number[]): number | null | undefined {
  const good = [...before, ...disturbed, ...shares].map((share) => 100 * share);
  const offered = good.map(() => 100);
  return recoveryTime({ window, offered, good }, { reference: [0, quiet * window], after: [begin, begin + shares.length * window] });
}

const windows = (count: number, share: number): number[] => Array.from({ length: count }, () => share);

describe("the time of recovery", () => {
  it("is none where requests are as good as before from the disturbance's end on", () => {
    expect(after(...windows(30, 1))).toBe(0);
    expect(after(...windows(30, 0.95))).toBe(0);
  });

  it("never comes where they stay worse", () => {
    expect(after(...windows(30, 0.949))).toBeNull();
    expect(after(...windows(30, 0))).toBeNull();
  });

  it("is when they are as good again; of a span at most a twentieth may be lost", () => {
    expect(after(...windows(7, 0), ...windows(30, 1))).toBe(70);
    expect(after(...windows(7, 0.6), ...windows(30, 1))).toBe(60);
  });

  it("is not put off by a passing dip, but never comes when the system is down in the end, or most of the time", () => {
    expect(after(...windows(2, 0), ...windows(50, 1), 0.3, 0.3, ...windows(50, 1))).toBe(20);
    expect(after(...windows(2, 0), ...windows(50, 1), ...windows(20, 0.3))).toBeNull();
    expect(after(...windows(250, 1), ...windows(10, 0.3))).toBeNull();
    expect(after(...windows(2, 0), ...windows(12, 1), ...windows(80, 0.3), ...windows(10, 1))).toBe(2 * 10 + 12 * 10 + 80 * 10);
  });

  it("cannot be told where too little follows, nothing came before, or most was not good then", () => {
    expect(after(...windows(9, 1))).toBeUndefined();
    const flat = (share: number, count = 100) => ({ window, offered: windows(60, count), good: windows(60, count * share) });
    const spans = { reference: [0, 200], after: [220, 600] } as const;
    expect(recoveryTime(flat(0.6, 1000), spans)).toBe(0);
    expect(recoveryTime(flat(0.4, 1000), spans)).toBeUndefined();
    expect(recoveryTime(flat(1, 0), spans)).toBeUndefined();
    expect(recoveryTime(flat(1), { ...spans, reference: [0, 9] })).toBeUndefined();
  });

  it("asks for so many requests that a lower share is not chance: 6,400 times the odds of a bad one", () => {
    // One request in ten is bad: 711 requests, that is 72 windows of ten.
    const judged = (count: number) =>
      recoveryTime(
        { window, offered: windows(20 + count, 10), good: windows(20 + count, 9) },
        { reference: [0, 200], after: [200, 200 + count * window] },
      );
    expect(judged(71)).toBeUndefined();
    expect(judged(72)).toBe(0);
  });

  it("counts windows without requests as good", () => {
    const offered = [...windows(quiet, 100), ...windows(30, 0)];
    expect(recoveryTime({ window, offered, good: offered }, { reference: [0, 200], after: [200, 500] })).toBe(0);
  });

  it("is never later, and never fails to come, when more requests are good", () => {
    const shares = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 12, maxLength: 60 });
    fc.assert(
      fc.property(shares, fc.nat(), (given, where) => {
        const better = given.with(where % given.length, 100);
        const time = (values: readonly number[]) => after(...values.map((value) => value / 100)) ?? Infinity;
        expect(time(better)).toBeLessThanOrEqual(time(given));
      }),
    );
  });
});

describe("aftermaths are read off the recorder", () => {
  const { traffic } = scenarioOf(`
name: Ten a second
horizon: 200s
traffic:
  chat:
    arrivals: { rate: 1/s }
    inputTokens: { constant: 10 }
    outputTokens: { constant: 10 }
    path: [api]
providers:
  api:
    model: { inputPerMillion: $1, outputPerMillion: $1 }
    latency: { ttft: { constant: 1s }, tpot: { constant: 0s } }
`);
  /** Ten requests a second, answered after a second, but for those in [50, 80) and, when stuck, from 100 on. */
  const recorderOf = (stuck: boolean, isBad = (_: number): boolean => false) =>
    recorded(
      Array.from({ length: 2000 }, (_, i) => {
        const arrivedAt = i / 10;
        const bad = (arrivedAt >= 50 && arrivedAt < 80) || (stuck && arrivedAt >= 100) || isBad(arrivedAt);
        if (arrivedAt >= 199) return { arrivedAt, outcome: "unfinished" as const };
        return bad
          ? { arrivedAt, outcome: "timedOut" as const, endedAt: arrivedAt + 5, attempts: 3 }
          : { arrivedAt, outcome: "served" as const, firstTokenAt: arrivedAt + 1, endedAt: arrivedAt + 1 };
      }),
    );
  const spike = { what: "spike", from: 50, to: 60, until: Infinity };
  const read = (stuck: boolean, more: (typeof spike)[] = [], warmup = 10) =>
    aftermathsOf(
      traffic["chat"],
      0,
      recorderOf(stuck),
      [{ ...spike, until: more[0]?.from ?? Infinity }, ...more],
      { warmup, horizon: 200 },
      1,
    );

  it("up to the horizon, of which the last part counts for nothing since its requests are under way", () => {
    expect(read(false)).toEqual([{ from: 60, to: 200, recovery: 20, attemptsPerRequest: (200 * 3 + 1200) / 1400 }]);
    expect(read(true)[0].recovery).toBeNull();
  });

  it("up to the next disturbance, each judged by what was before the first", () => {
    const next = { what: "outages of api", from: 100, to: 110, until: Infinity };
    expect(read(true, [next])).toEqual([
      { from: 60, to: 100, recovery: 20, attemptsPerRequest: 2 },
      { from: 110, to: 200, recovery: null, attemptsPerRequest: (890 * 3 + 10) / 900 },
    ]);
  });

  it("judged by what was after a disturbance that the warm-up ends in", () => {
    const began = { what: "outages of api", from: 5, to: 100, until: 120 };
    const later = { what: "spike", from: 120, to: 130, until: Infinity };
    const times = { warmup: 10, horizon: 200 };
    // Nearly a third of what came before the spike was bad, but nothing after the outage: a tenth of bad ones is too many then.
    const worse = recorderOf(false, (arrivedAt) => arrivedAt >= 130 && Math.round(10 * arrivedAt) % 10 === 0);
    const recoveries = aftermathsOf(traffic["chat"], 0, worse, [began, later], times, 1).map(({ recovery }) => recovery);
    expect(recoveries).toEqual([undefined, null]);
  });

  it("not for what began in the warm-up", () => {
    expect(read(false, [], 55).map(({ recovery }) => recovery)).toEqual([undefined]);
  });
});
