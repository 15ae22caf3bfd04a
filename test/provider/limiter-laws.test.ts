import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limiterLaws } from "../../src/provider/limits/registry.ts";
import { drive, mostBeyond, traffic } from "./limiters.ts";

const rpm = fc.integer({ min: 6, max: 120 });
const tpm = fc.integer({ min: 300, max: 9000 });
const weight = fc.constantFrom(0, 0.1, 1, 5);
const longest = 300;
const burst = fc.constantFrom("10s", "60s", "2m");
const seconds: Record<string, number> = { "1s": 1, "10s": 10, "60s": 60, "2m": 120 };
const weights = { inputWeight: weight, cachedWeight: weight, outputWeight: weight };
const longestAnswer = { defaultMaxOutput: fc.constant(longest) };
const estimate = { ...weights, ...longestAnswer, estimate: fc.constantFrom("sum", "larger") };
const settled = { ...weights, ...longestAnswer, reservedOutputWeight: weight, cachedReserved: fc.boolean() };
const refusedCount = fc.boolean();

/** Settings of every law, as a scenario writes them; the window of a window law has room for a request. */
const arbitraries = {
  tokenBucket: fc.record({ rpm, tpm, burst }),
  fixedWindow: fc.record({ rpm, tpm, window: fc.constantFrom("10s", "60s", "2m"), ...estimate, refusedCount }),
  subWindow: fc.record({ rpm, tpm, window: fc.constantFrom("1s", "10s"), ...estimate, refusedCount }),
  reserveSettle: fc.record({ rpm, tpm, burst, ...settled, refusedCount }),
  streaming: fc.record({ rpm, tpm, burst, ...weights }),
  utilisation: fc.record({
    units: fc.integer({ min: 1, max: 9 }),
    tokensPerMinutePerUnit: fc.integer({ min: 100, max: 900 }),
    burst,
    ...settled,
  }),
  exogenous: fc.record({
    every: fc.constantFrom("10s", "1m"),
    lasts: fc.constantFrom("5s", "1m"),
    refused: fc.constantFrom("30%", "100%"),
  }),
  acceleration: fc.record({
    rpm,
    tpm,
    window: fc.constantFrom("10s", "60s"),
    growth: fc.constantFrom(1, 1.5, 3),
    ...estimate,
  }),
};

type Law = keyof typeof arbitraries;
type Given<L extends Law> = (typeof arbitraries)[L] extends fc.Arbitrary<infer T> ? T : never;
const names = Object.keys(arbitraries) as Law[];

const arbitrary = <L extends Law>(law: L) =>
  (arbitraries[law] as fc.Arbitrary<object>).map((given) => Object.assign({ law }, given) as Given<L> & { law: L });

const slack = 1 + 1e-6;

interface Weights {
  readonly inputWeight: number;
  readonly cachedWeight: number;
  readonly outputWeight: number;
  readonly estimate?: string;
  readonly reservedOutputWeight?: number;
  readonly cachedReserved?: boolean;
}

interface Lengths {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly maxOutput: number;
}

const promptWeight = ({ input, cached }: Lengths, { inputWeight, cachedWeight }: Weights): number =>
  (input - cached) * inputWeight + cached * cachedWeight;

function reservedFor(call: Lengths, given: Weights): number {
  const prompt = given.cachedReserved === true ? call.input * given.inputWeight : promptWeight(call, given);
  const answer = Math.min(call.maxOutput, longest) * (given.reservedOutputWeight ?? given.outputWeight);
  return given.estimate === "larger" ? Math.max(prompt, answer) : prompt + answer;
}

const usedBy = (call: Lengths, given: Weights): number => promptWeight(call, given) + call.output * given.outputWeight;

type Seen = ReturnType<typeof drive>["seen"];

/** One for each call that was taken. */
const requests = (seen: Seen) => seen.filter(({ kind }) => kind === "admitted").map(({ at }) => ({ at, amount: 1 }));

/** What each call reserved when it was taken, and gave back at its end. */
const net = (seen: Seen, given: Weights) =>
  seen
    .filter(({ kind }) => kind !== "refused")
    .map(({ at, kind, call }) => ({
      at,
      kind,
      amount: kind === "admitted" ? reservedFor(call, given) : usedBy(call, given) - reservedFor(call, given),
    }));

describe("every limiter law", () => {
  it("has its laws here", () => {
    expect(names).toEqual(Object.keys(limiterLaws));
  });

  // The token bucket takes a call for what it will come to.
  it.each(names.filter((name) => name !== "tokenBucket"))("admits without a look at what a call will produce: %s", (law) => {
    fc.assert(
      fc.property(arbitrary(law), traffic, (given, calls) => {
        const told = drive(given, calls).seen;
        const lied = drive(given, calls, { claimed: (output) => 1e6 - output }).seen;
        expect(lied).toEqual(told);
      }),
    );
  });

  // With exogenous each try has its own chance; a stream still flowing makes the wait of streaming a least one.
  it.each(names.filter((name) => name !== "exogenous"))("says when a refused call fits: then, and not before: %s", (law) => {
    let judged = 0;
    fc.assert(
      fc.property(arbitrary(law), traffic, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (given, calls, part) => {
        const exact = drive(given, calls, { untilRefused: true });
        const last = exact.seen.at(-1);
        if (last === undefined || last.kind !== "refused" || last.wait === Infinity) return;
        judged++;
        const { at, wait } = last;
        const call = calls[exact.seen.filter(({ kind }) => kind !== "ended").length - 1].call;
        if (wait > 1e-3) expect(drive(given, calls, { untilRefused: true }).limiter.admit(at + wait * part, call)).toBeGreaterThan(0);
        if (law !== "streaming" || exact.open === 0) expect(exact.limiter.admit(at + wait, call)).toBe(0);
      }),
      { numRuns: 300 },
    );
    expect(judged).toBeGreaterThan(30);
  });
});

describe("what is taken never exceeds what the law allows:", () => {
  it("a token bucket's burst and refill, in any span", () => {
    fc.assert(
      fc.property(arbitrary("tokenBucket"), traffic, (given, calls) => {
        const { seen } = drive(given, calls);
        const taken = seen.filter(({ kind }) => kind === "admitted");
        const tokens = taken.map(({ at, call }) => ({ at, amount: call.input + calls[call.number].call.output }));
        expect(mostBeyond(requests(seen), given.rpm / 60)).toBeLessThanOrEqual((given.rpm / 60) * seconds[given.burst] * slack);
        expect(mostBeyond(tokens, given.tpm / 60)).toBeLessThanOrEqual((given.tpm / 60) * seconds[given.burst] * slack);
      }),
    );
  });

  it.each(["fixedWindow", "subWindow"] as const)("the rates' worth of each window: %s", (law) => {
    fc.assert(
      fc.property(arbitrary(law), traffic, (given, calls) => {
        const { seen } = drive(given, calls);
        const window = seconds[given.window];
        const windows = new Map<number, Seen>();
        for (const one of seen) {
          const number = Math.floor(one.at / window + 1e-9);
          if (one.kind === "admitted") windows.set(number, [...(windows.get(number) ?? []), one]);
        }
        for (const taken of windows.values()) {
          const least = law === "subWindow" ? 1 : 0;
          expect(taken.length).toBeLessThanOrEqual(Math.max(least, (given.rpm / 60) * window * slack));
          const tokens = taken.reduce((sum, { call }) => sum + reservedFor(call, given), 0);
          expect(tokens).toBeLessThanOrEqual((given.tpm / 60) * window * slack);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("of growth: a multiple of what the window before took, or the rates' worth", () => {
    fc.assert(
      fc.property(arbitrary("acceleration"), traffic, (given, calls) => {
        const window = seconds[given.window];
        const taken = new Map<number, { requests: number; tokens: number }>();
        for (const { at, kind, call } of drive(given, calls).seen) {
          if (kind !== "admitted") continue;
          const number = Math.floor(at / window + 1e-9);
          const { requests: before, tokens } = taken.get(number) ?? { requests: 0, tokens: 0 };
          taken.set(number, { requests: before + 1, tokens: tokens + reservedFor(call, given) });
        }
        for (const [number, now] of taken) {
          const before = taken.get(number - 1) ?? { requests: 0, tokens: 0 };
          const most = (rate: number, last: number): number => Math.max((rate / 60) * window, given.growth * last) * slack;
          expect(now.requests).toBeLessThanOrEqual(most(given.rpm, before.requests));
          expect(now.tokens).toBeLessThanOrEqual(most(given.tpm, before.tokens));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("of a reservation account: its burst and refill, in any span, less what was given back", () => {
    fc.assert(
      fc.property(arbitrary("reserveSettle"), traffic, (given, calls) => {
        const { seen } = drive(given, calls);
        expect(mostBeyond(requests(seen), given.rpm / 60)).toBeLessThanOrEqual((given.rpm / 60) * seconds[given.burst] * slack);
        for (let from = 0; from < seen.length; from++) {
          const rest = net(seen.slice(from), given);
          let sum = 0;
          for (const { at, kind, amount } of rest) {
            sum += amount;
            // An end that counts for more than was reserved may go beyond; whoever is taken after it finds room again.
            if (kind === "admitted")
              expect(sum).toBeLessThanOrEqual((given.tpm / 60) * (seconds[given.burst] + at - rest[0].at) * slack + 1e-6);
          }
        }
      }),
    );
  });

  it("of a streaming account: its burst and refill, in any span to a call that is taken, to the token of each answer under way", () => {
    fc.assert(
      fc.property(arbitrary("streaming"), traffic, (given, calls) => {
        const { seen } = drive(given, calls);
        expect(mostBeyond(requests(seen), given.rpm / 60)).toBeLessThanOrEqual((given.rpm / 60) * seconds[given.burst] * slack);
        const taken = seen.filter(({ kind }) => kind === "admitted").map(({ call }) => calls[call.number]);
        const producedBy = (at: number, sent: (typeof calls)[number]): number => {
          const since = at - sent.at - sent.ttft;
          if (sent.fails || since < 0) return 0;
          return sent.call.tpot === 0 ? sent.call.output : Math.min(sent.call.output, 1 + Math.floor(since / sent.call.tpot + 1e-9));
        };
        for (const [i, from] of taken.entries()) {
          for (const [j, to] of taken.entries()) {
            // Of calls at one moment the last counts; whoever gave its tokens at that moment may have come after it.
            if (j < i || taken[j + 1]?.at === to.at || taken.some((one) => one.at + one.ttft === to.at)) continue;
            const prompts = taken.slice(i, j + 1).reduce((sum, { call }) => sum + promptWeight(call, given), 0);
            const answers = taken.slice(0, j + 1).reduce((sum, one) => sum + producedBy(to.at, one) - producedBy(from.at, one), 0);
            const flowing = i;
            const room = (given.tpm / 60) * (seconds[given.burst] + to.at - from.at) * slack;
            expect(prompts + answers * given.outputWeight).toBeLessThanOrEqual(room + flowing * given.outputWeight + 1e-6);
          }
        }
      }),
    );
  });

  it("of provisioned units: a full bucket, what they work off, and one call, in any span, less what was corrected", () => {
    fc.assert(
      fc.property(arbitrary("utilisation"), traffic, (given, calls) => {
        const { seen } = drive(given, calls);
        const perSecond = (given.units * given.tokensPerMinutePerUnit) / 60;
        const largest = Math.max(0, ...calls.map(({ call }) => reservedFor(call, given)));
        for (let from = 0; from < seen.length; from++) {
          const rest = net(seen.slice(from), given);
          let sum = 0;
          for (const { at, kind, amount } of rest) {
            sum += amount;
            if (kind === "admitted")
              expect(sum).toBeLessThanOrEqual(perSecond * (seconds[given.burst] + at - rest[0].at) * slack + largest + 1e-6);
          }
        }
      }),
    );
  });

  it("of shared capacity: everything while there is enough, and nothing of a share of all while there is none", () => {
    fc.assert(
      fc.property(
        traffic,
        fc.double({ min: 1, max: 50, noNaN: true }),
        fc.double({ min: 1, max: 50, noNaN: true }),
        (calls, begin, lasts) => {
          const { seen } = drive({ law: "exogenous", at: [`${begin}s`], lasts: `${lasts}s`, refused: "100%" }, calls);
          for (const { at, kind } of seen) {
            if (kind === "ended" || Math.abs(at - begin) < 1e-6 || Math.abs(at - begin - lasts) < 1e-6) continue;
            expect(kind).toBe(at > begin && at < begin + lasts ? "refused" : "admitted");
          }
        },
      ),
    );
  });
});
