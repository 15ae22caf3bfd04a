import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Gate } from "../../../src/client/gate/gate.ts";
import { gatewaySettings } from "../../../src/client/gate/gate-settings.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { priorities } from "../../../src/traffic/priority.ts";
import { Requests } from "../../../src/traffic/requests.ts";
import { GateDriver } from "./gate-driver.ts";
import { plainGate, type Visit } from "./plain-gate.ts";

const micro = (most: number) => fc.integer({ min: 1, max: most * 1e6 }).map((n) => n / 1e6);

const visits: fc.Arbitrary<Visit[]> = fc
  .array(
    fc.record({
      gap: fc.oneof(micro(0.5), micro(6)),
      tokens: fc.integer({ min: 1, max: 900 }),
      priority: fc.nat(priorities.length - 1),
      lasts: micro(8),
      share: fc.double({ min: -0.5, max: 1, noNaN: true }),
      patience: fc.oneof(fc.constant(Infinity), micro(10)),
    }),
    { maxLength: 60, size: "max" },
  )
  .map((given) => {
    let at = 0;
    return given.map(({ gap, share, tokens, ...visit }): Visit => ({
      ...visit,
      tokens,
      at: (at += gap),
      back: Math.round(share * tokens),
    }));
  });

const limiter = fc.record(
  { rpm: fc.integer({ min: 6, max: 120 }), tpm: fc.integer({ min: 600, max: 20_000 }), burst: fc.constantFrom("10s", "20s", "60s") },
  { requiredKeys: ["burst", "tpm"] },
);
const queue = fc.record(
  { capacity: fc.integer({ min: 0, max: 8 }), maxWait: micro(9).map((seconds) => `${seconds}s`) },
  { requiredKeys: [] },
);
const gates = fc.record({ limiter, queue, concurrency: fc.integer({ min: 1, max: 5 }) }, { requiredKeys: ["limiter", "concurrency"] });

const visit = (given: Partial<Visit>): Visit => ({ at: 0, tokens: 1, priority: 1, lasts: 1, back: 0, patience: Infinity, ...given });

const outAt = (driver: GateDriver) => driver.fates.map(({ at }) => at);

describe("a gate", () => {
  it("does to everyone what one does that looks at everything anew each time", () => {
    fc.assert(
      fc.property(gates, visits, (settings, given) => {
        const driver = new GateDriver(settings, given).run(1000);
        const plain = plainGate(gatewaySettings.parse(settings), settings.concurrency, given, 1000);
        expect(driver.fates.map(({ kind }) => kind)).toEqual(plain.map(({ kind }) => kind));
        const late = driver.fates.filter(({ at }, i) => at !== plain[i].at && !(Math.abs(at - plain[i].at) < 1e-6));
        expect(late).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("never has more under way than its limit, and counts at each moment who waits and who is under way", () => {
    fc.assert(
      fc.property(gates, visits, (settings, given) => {
        const driver = new GateDriver(settings, given).run(1000);
        expect(driver.mostUnderWay).toBeLessThanOrEqual(settings.concurrency);
        expect(driver.miscounted).toEqual([]);
      }),
    );
  });

  it("lets out in any span no more than a full bucket and the refill of the span, of requests and of tokens that are not given back", () => {
    fc.assert(
      fc.property(gates, visits, (settings, given) => {
        const { passages } = new GateDriver(settings, given).run(1000);
        const { rpm = Infinity, tpm = Infinity, burst } = gatewaySettings.parse(settings).limiter!;
        const full = (tpm / 60) * burst;
        const tooMany: number[] = [];
        passages.forEach(({ at: from }, first) => {
          let requests = 0;
          let tokens = 0;
          for (const { at, out, tokens: amount } of passages.slice(first)) {
            // Before the last one, which may be larger than a full bucket, the bucket is not overdrawn.
            const span = at - from;
            if (out && tokens + Math.min(amount, full) > (full + (tpm / 60) * span) * (1 + 1e-6)) tooMany.push(at);
            tokens += amount;
            if (out && ++requests > (rpm / 60) * (burst + span) * (1 + 1e-6)) tooMany.push(at);
          }
        });
        expect(tooMany).toEqual([]);
      }),
    );
  });

  it("lets out high priority first, and of equals who came first", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(priorities.length - 1), { maxLength: 40, size: "max" }),
        fc.integer({ min: 1, max: 3 }),
        (given, concurrency) => {
          const busy = Array.from({ length: concurrency }, () => visit({ lasts: 100 }));
          const later = given.map((priority, i) => visit({ at: 1 + i, priority, lasts: 1 }));
          const driver = new GateDriver({ concurrency }, [...busy, ...later]).run(1000);
          const sorted = given.map((priority, i) => ({ priority, i })).sort((a, b) => a.priority - b.priority || a.i - b.i);
          expect(driver.order.slice(concurrency)).toEqual(sorted.map(({ i }) => concurrency + i));
        },
      ),
    );
  });

  it("knows the seconds waited in all, so that the mean in line is the rate of waiting times the mean wait", () => {
    fc.assert(
      fc.property(gates, visits, (settings, given) => {
        const driver = new GateDriver(settings, given).run(2000);
        const stillWaiting = driver.fates.reduce((sum, { kind }, i) => sum + (kind === "waits" ? 2000 - given[i].at : 0), 0);
        expect(driver.gate.waitSeconds).toBeCloseTo(driver.waitedSeconds + stillWaiting, 6);
        expect(driver.gate.shed).toBe(driver.fates.filter(({ kind }) => kind === "shed" || kind === "refused").length);
        expect(driver.gate.waited).toBeGreaterThanOrEqual(driver.gate.peakWaiting);
      }),
    );
  });

  it("lets out at the rate of its limiter, with one event for whoever is the head", () => {
    const crowd = Array.from({ length: 200 }, () => visit({ lasts: 1e6 }));
    const driver = new GateDriver({ limiter: { rpm: 120, burst: "10s" } }, crowd).run(500);
    expect(outAt(driver)).toEqual(crowd.map((_, i) => expect.closeTo(Math.max(0, (i + 1 - 20) / 2), 9) as number));
    expect(driver.simulation.events).toBe(200 + 180);
  });

  it("looks at its limiter no more often for what ends meanwhile, or for a head that another has come before", () => {
    const settings = { limiter: { tpm: 60, burst: "200s" } };
    const ending = Array.from({ length: 100 }, (_, i) => visit({ lasts: 2 + i / 10 }));
    const driver = new GateDriver(settings, [...ending, visit({ tokens: 100 }), visit({ tokens: 50, lasts: 1e6 })]).run(500);
    expect(outAt(driver).at(-1)).toBeCloseTo(50, 9);
    expect(driver.simulation.events).toBe(102 + 101 + 1);
    const overtaken = new GateDriver(settings, [
      visit({ tokens: 200, lasts: 1e6 }),
      visit({ at: 1, tokens: 50, lasts: 1e6 }),
      visit({ at: 2, tokens: 10, lasts: 1e6, priority: 0 }),
    ]).run(500);
    expect(outAt(overtaken)).toEqual([0, expect.closeTo(60, 9), expect.closeTo(10, 9)]);
    // Three come, the limiter is looked at for each that waits, and the look that was planned for 50 s leads to nothing.
    expect(overtaken.simulation.events).toBe(3 + 2 + 1);
  });

  it("lets an attempt that needs more than a full bucket pass when the bucket is full, and makes the next wait for it", () => {
    const driver = new GateDriver({ limiter: { tpm: 60_000, burst: "10s" } }, [visit({ tokens: 15_000 }), visit({ tokens: 1000 })]);
    expect(outAt(driver.run(100))).toEqual([0, expect.closeTo(6, 9)]);
  });

  it("settles tokens with the next: what was not used lets it out at once, what was used beyond makes it wait longer", () => {
    const settings = { limiter: { tpm: 60_000, burst: "10s" } };
    const run = (back: number) =>
      outAt(new GateDriver(settings, [visit({ tokens: 10_000, lasts: 2, back }), visit({ tokens: 5000 })]).run(100))[1];
    expect([run(0), run(9000), run(-1000)]).toEqual([expect.closeTo(5, 9), 2, expect.closeTo(6, 9)]);
  });

  it("does not let anyone pass the head that waits for tokens, but who comes before it by priority", () => {
    const behind = new GateDriver({ limiter: { tpm: 60_000, burst: "10s" } }, [
      visit({ tokens: 8000, lasts: 100 }),
      visit({ at: 1, tokens: 9000 }),
      visit({ at: 1, tokens: 10 }),
      visit({ at: 1, tokens: 500, priority: 0 }),
    ]).run(100);
    expect(outAt(behind)).toEqual([0, expect.closeTo(7.5, 9), expect.closeTo(7.51, 9), 1]);
    expect(behind.gate.waited).toBe(2);
  });

  it("lets the next out when the head for which all waited leaves, and when it has waited too long", () => {
    const crowd = [visit({ tokens: 8000, lasts: 100 }), visit({ at: 1, tokens: 9000, patience: 2 }), visit({ at: 1.5, tokens: 10 })];
    expect(outAt(new GateDriver({ limiter: { tpm: 60_000, burst: "10s" } }, crowd).run(100))).toEqual([0, 3, 3]);
    const shed = new GateDriver({ limiter: { tpm: 60_000, burst: "10s" }, queue: { maxWait: "3s" } }, [
      ...crowd.slice(0, 1),
      visit({ at: 1, tokens: 9000 }),
      crowd[2],
    ]);
    expect(shed.run(100).fates.slice(1)).toEqual([
      { kind: "shed", at: 4 },
      { kind: "out", at: 4 },
    ]);
  });

  it("takes no hedge while somebody waits, and none that does not fit", () => {
    const simulation = new Simulation();
    const requests = new Requests();
    const gate = new Gate(simulation, requests, gatewaySettings.parse({ concurrency: 2 }), { released: () => {}, shed: () => {} });
    expect([gate.tryEnter(1), gate.tryEnter(1), gate.tryEnter(1)]).toEqual([true, true, false]);
    const request = requests.open(0, 0, 1, 1);
    expect(gate.enter(request, 1, 1)).toBe("waits");
    gate.ended(0, 1, true);
    expect([gate.waiting, gate.underWay, gate.tryEnter(1)]).toEqual([0, 2, false]);
    gate.ended(0, 1, true);
    expect([gate.tryEnter(1), gate.underWay]).toEqual([true, 2]);
    const limited = new Gate(simulation, requests, gatewaySettings.parse({ limiter: { tpm: 60, burst: "100s" } }), {
      released: () => {},
      shed: () => {},
    });
    expect([limited.tryEnter(60), limited.tryEnter(41)]).toEqual([true, false]);
    limited.enter(request, 50, 2);
    expect(limited.tryEnter(1)).toBe(false);
  });

  it("is not confused by a number that another request has now, at this gate or at another", () => {
    const simulation = new Simulation();
    const requests = new Requests();
    const released: [gate: number, request: number][] = [];
    const shed: [gate: number, request: number][] = [];
    const gateOf = (number: number, maxWait: string) =>
      new Gate(simulation, requests, gatewaySettings.parse({ concurrency: 1, queue: { maxWait } }), {
        released: (request) => released.push([number, request]),
        shed: (request) => shed.push([number, request]),
      });
    const [first, second] = [gateOf(1, "10s"), gateOf(2, "100s")];
    const open = () => requests.open(0, simulation.now, 1, 1);
    const [a, b] = [open(), open()];
    first.enter(a, 1, 1);
    second.enter(b, 1, 1);
    const c = open();
    first.enter(c, 1, 1);
    first.leave(c);
    first.leave(c);
    requests.close(c);
    const d = open();
    expect(d).toBe(c);
    expect(second.enter(d, 1, 1)).toBe("waits");
    first.ended(0, 1, true);
    expect([first.waiting, second.waiting, released]).toEqual([0, 1, []]);
    simulation.run(50);
    expect(shed).toEqual([]);
    second.ended(0, 1, true);
    expect(released).toEqual([[2, d]]);
  });

  it("lets out a hundred thousand that are all refused at once in order, on a flat stack", () => {
    const simulation = new Simulation();
    const requests = new Requests();
    const order: number[] = [];
    const again: number[] = [];
    const gate: Gate = new Gate(simulation, requests, gatewaySettings.parse({ concurrency: 1 }), {
      released: (request) => {
        order.push(request);
        gate.ended(0, 0, false);
        // As a retry without a wait does: it joins behind all others.
        if (order.length <= 1000 && gate.enter(request, 1, 1) === "waits") again.push(request);
      },
      shed: () => {},
    });
    const crowd = Array.from({ length: 100_000 }, () => requests.open(0, 0, 1, 1));
    const holder = requests.open(0, 0, 1, 1);
    expect(gate.enter(holder, 1, 1)).toBe("out");
    for (const request of crowd) gate.enter(request, 1, 1);
    gate.ended(0, 1, true);
    expect(again.length).toBe(1000);
    expect(order).toEqual([...crowd, ...again]);
    expect([gate.waiting, gate.underWay, gate.peakWaiting, gate.waited]).toEqual([0, 0, 100_000, 101_000]);
  });
});
