import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Breaker, type BreakerSettings, breakerSettings } from "../../src/client/breaker.ts";
import { Streams } from "../../src/kernel/random.ts";

type Ending = "answered" | "failed" | "neither";

const breakerOf = (written: unknown) => new Breaker(breakerSettings.parse(written));

/** Endings of attempts that are sent and end at once. */
function feed(breaker: Breaker, endings: readonly (readonly [at: number, ending: Ending])[]): void {
  for (const [at, ending] of endings) breaker.ended(at, breaker.admit(at), ending);
}

/** A breaker that keeps all that ever happened and counts anew each time. */
class PlainBreaker {
  readonly openings: number[] = [];
  /** When it was open: until it was asked first after its time, if it was. */
  readonly spells: { readonly from: number; until: number }[] = [];
  private readonly settings: BreakerSettings;
  /** What attempts were sent in: the closed times and the half-open ones in turn, each with what has ended. */
  private eras: { readonly closed: boolean; readonly ended: { at: number; ending: Ending }[]; sent: number }[] = [
    { closed: true, ended: [], sent: 0 },
  ];
  private open = false;

  constructor(settings: BreakerSettings) {
    this.settings = settings;
  }

  /** The era that the attempt is sent in, or undefined. */
  admit(now: number): number | undefined {
    if (this.open) {
      const spell = this.spells.at(-1)!;
      if (now < spell.from + this.settings.openFor) return undefined;
      spell.until = now;
      this.open = false;
      this.eras.push({ closed: false, ended: [], sent: 0 });
    }
    const era = this.eras.at(-1)!;
    const returned = era.ended.filter(({ ending }) => ending === "neither").length;
    if (!era.closed && era.sent - returned >= this.settings.probes) return undefined;
    era.sent++;
    return this.eras.length - 1;
  }

  ended(now: number, index: number, ending: Ending): void {
    if (this.open || index !== this.eras.length - 1) return;
    const { failureShare, minimumCalls, probes, window } = this.settings;
    const { closed, ended } = this.eras[index];
    ended.push({ at: now, ending });
    const step = (at: number) => Math.floor((at * 10) / window);
    const counted = closed ? ended.filter((one) => one.ending !== "neither" && step(one.at) > step(now) - 10) : ended;
    const failures = counted.filter((one) => one.ending === "failed").length;
    const opens = ending === "failed" && (!closed || (counted.length >= minimumCalls && failures / counted.length >= failureShare));
    if (opens) {
      this.open = true;
      this.openings.push(now);
      this.spells.push({ from: now, until: Infinity });
    } else if (!closed && counted.filter((one) => one.ending === "answered").length === probes) {
      this.eras.push({ closed: true, ended: [], sent: 0 });
    }
  }

  isOpen(now: number): boolean {
    return this.open && now < this.spells.at(-1)!.from + this.settings.openFor;
  }

  openSeconds(now: number): number {
    return this.spells.reduce((sum, { from, until }) => sum + Math.min(now, until) - from, 0);
  }
}

const ending = fc.constantFrom<Ending>("answered", "answered", "failed", "failed", "neither");

describe("a circuit breaker", () => {
  it("does what one does that counts all over again each time", () => {
    const settings = fc.record({
      // Moments are quarters of a second, and steps of these windows too, so that the ends of steps are met exactly, and sums are exact.
      window: fc.constantFrom("2500ms", "5s", "10s"),
      failureShare: fc.constantFrom("10%", "30%", "50%", "100%"),
      minimumCalls: fc.integer({ min: 1, max: 6 }),
      openFor: fc.constantFrom("1s", "4s", "250ms"),
      probes: fc.integer({ min: 1, max: 3 }),
    });
    const event = fc.record({
      gap: fc.oneof({ weight: 15, arbitrary: fc.integer({ min: 0, max: 2 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 }) }),
      /** An attempt is sent, or the one ends that so many were sent after, of those under way. */
      what: fc.oneof(fc.constant("send" as const), fc.constant(0), fc.nat(5)),
      ending,
    });
    fc.assert(
      fc.property(settings, fc.array(event, { maxLength: 120, size: "max" }), (written, events) => {
        const breaker = breakerOf(written);
        const plain = new PlainBreaker(breakerSettings.parse(written));
        const underWay: { epoch: number; era: number }[] = [];
        const seen: unknown[] = [];
        const expected: unknown[] = [];
        let now = 0;
        for (const { gap, what, ending: end } of events) {
          now += gap / 4;
          seen.push(breaker.isOpen(now));
          expected.push(plain.isOpen(now));
          if (what === "send") {
            const epoch = breaker.admit(now);
            const era = plain.admit(now);
            seen.push(epoch > 0);
            expected.push(era !== undefined);
            if (era !== undefined) underWay.push({ epoch, era });
          } else if (underWay.length > 0) {
            const [{ epoch, era }] = underWay.splice(-1 - (what % underWay.length), 1);
            breaker.ended(now, epoch, end);
            plain.ended(now, era, end);
          }
          seen.push(breaker.opened, breaker.openSeconds(now));
          expected.push(plain.openings.length, plain.openSeconds(now));
        }
        expect(seen).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("opens at half of ten endings in ten seconds, lets a probe through after thirty, and its answer closes it", () => {
    const breaker = breakerOf({});
    feed(
      breaker,
      [0, 1, 2, 3, 4].map((at) => [at, "answered"]),
    );
    feed(
      breaker,
      [5, 6, 7, 8].map((at) => [at, "failed"]),
    );
    expect(breaker.isOpen(9)).toBe(false);
    feed(breaker, [[9, "failed"]]);
    expect(breaker.isOpen(9)).toBe(true);
    expect([breaker.admit(9), breaker.admit(38.9)]).toEqual([0, 0]);
    const probe = breaker.admit(39);
    expect(probe).toBeGreaterThan(0);
    expect(breaker.admit(39)).toBe(0);
    breaker.ended(40, probe, "answered");
    expect(breaker.admit(40)).toBeGreaterThan(0);
    expect([breaker.opened, breaker.openSeconds(100)]).toEqual([1, 30]);
  });

  it("forgets what is older than its window, by tenths", () => {
    const breaker = breakerOf({ window: "10s", minimumCalls: 10 });
    feed(
      breaker,
      Array.from({ length: 9 }, () => [0.9, "failed"] as const),
    );
    // The tenth from 0 to 1 is forgotten at 10, when its last endings are 9.1 s old.
    feed(breaker, [[10, "failed"]]);
    expect(breaker.opened).toBe(0);
    const other = breakerOf({ window: "10s", minimumCalls: 10 });
    feed(
      other,
      Array.from({ length: 9 }, () => [0.9, "failed"] as const),
    );
    feed(other, [[9.99, "failed"]]);
    expect(other.opened).toBe(1);
  });

  it("does not open at an answer, though the share be reached when enough have ended", () => {
    const breaker = breakerOf({ minimumCalls: 2, failureShare: "50%" });
    feed(breaker, [
      [0, "failed"],
      [1, "answered"],
    ]);
    expect(breaker.opened).toBe(0);
  });

  it("opens again when one of its probes fails, however many were answered, and asks for all of them anew", () => {
    const breaker = breakerOf({ minimumCalls: 1, openFor: "10s", probes: 3 });
    feed(breaker, [
      [0, "failed"],
      [10, "answered"],
      [11, "answered"],
      [12, "failed"],
    ]);
    expect([breaker.opened, breaker.isOpen(21.9), breaker.isOpen(22)]).toEqual([2, true, false]);
    feed(breaker, [
      [22, "answered"],
      [23, "answered"],
    ]);
    const last = breaker.admit(24);
    expect(breaker.admit(24)).toBe(0);
    breaker.ended(25, last, "answered");
    expect(breaker.admit(25)).toBeGreaterThan(0);
    expect(breaker.openSeconds(30)).toBe(20);
  });

  it("closes with an empty window", () => {
    const breaker = breakerOf({ minimumCalls: 3, openFor: "1s" });
    feed(breaker, [
      [0, "failed"],
      [0, "failed"],
      [0, "failed"],
      [1, "answered"],
      [1, "failed"],
      [1, "failed"],
    ]);
    expect(breaker.opened).toBe(1);
    feed(breaker, [[1, "failed"]]);
    expect(breaker.opened).toBe(2);
  });

  it("stays open, by the clock of its meter, until somebody asks", () => {
    const breaker = breakerOf({ minimumCalls: 1, openFor: "10s" });
    feed(breaker, [[5, "failed"]]);
    expect([breaker.isOpen(40), breaker.openSeconds(40)]).toEqual([false, 35]);
    breaker.admit(50);
    expect(breaker.openSeconds(60)).toBe(45);
  });

  it("opens within one window of random failures as often as the binomial law says", () => {
    const calls = 40;
    const failureShare = 0.3;
    const p = 0.15;
    const random = new Streams(11, 0).sequence("breaker");
    const minimumCalls = calls;
    const runs = 20_000;
    let opened = 0;
    for (let run = 0; run < runs; run++) {
      const breaker = breakerOf({ window: "10s", failureShare, minimumCalls });
      // Only at the last call are there enough of them, so that it opens when that one fails and the share is reached.
      feed(
        breaker,
        Array.from({ length: calls }, (_, i) => [i / 10, random.uniform() < p ? "failed" : "answered"] as const),
      );
      opened += breaker.opened;
    }
    const atLeast = Math.ceil(failureShare * calls - 1e-9) - 1;
    let expected = 0;
    let term = Math.pow(1 - p, calls - 1);
    for (let failures = 0; failures < calls; failures++) {
      if (failures >= atLeast) expected += p * term;
      term *= ((calls - 1 - failures) / (failures + 1)) * (p / (1 - p));
    }
    expect(expected).toBeLessThan(0.01);
    const deviation = Math.sqrt((expected * (1 - expected)) / runs);
    expect(Math.abs(opened / runs - expected)).toBeLessThan(4 * deviation);
  });
});
