import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correlation, countsPerWindow } from "../../../data/traffic-statistics.ts";
import { type RandomSource, Streams } from "../../../src/kernel/random.ts";
import type { Spike } from "../../../src/traffic/arrivals/spikes.ts";
import { traceArrivals } from "../../../src/traffic/arrivals/trace-arrivals.ts";
import { type Trace, traceDuration } from "../../../src/traffic/trace.ts";

interface Arrival {
  readonly time: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

function traceOf(times: readonly number[]): Trace {
  const time = Float64Array.from(times);
  return {
    name: "made up",
    count: time.length,
    time,
    // Tokens that tell the rows apart.
    inputTokens: Int32Array.from(time, (_, i) => i + 1),
    outputTokens: Int32Array.from(time, (_, i) => 2 * i + 1),
    duration: traceDuration(time),
    hash: "",
  };
}

function all(trace: Trace, rateScale: number, random: RandomSource, spikes?: readonly Spike[]): Arrival[] {
  const given = spikes && { list: spikes, horizon: Infinity, random: new Streams(5, 0).keyed("spikes") };
  const arrivals = traceArrivals(trace, rateScale, random, undefined, given);
  const seen: Arrival[] = [];
  while (arrivals.advance()) seen.push({ time: arrivals.time, inputTokens: arrivals.inputTokens, outputTokens: arrivals.outputTokens });
  expect(arrivals.advance()).toBe(false);
  return seen;
}

const stream = (seed: number): RandomSource => new Streams(seed, 0).sequence("arrivals");

const rowsOf = (trace: Trace): Arrival[] =>
  Array.from(trace.time, (time, i) => ({ time, inputTokens: trace.inputTokens[i], outputTokens: trace.outputTokens[i] }));

/** Traces whose times lie on a grid, so that equal times and sums that round are common. */
const traces = fc
  .record({ gaps: fc.array(fc.nat(20), { maxLength: 60 }), step: fc.constantFrom(0.1, 0.3, 1, 1 / 3, 1e-7) })
  .map(({ gaps, step }) => {
    let ticks = 0;
    return traceOf([0, ...gaps.map((gap) => (ticks += gap) * step)]);
  });

const scales = fc.oneof(fc.double({ min: 1e-12, max: 6, noNaN: true }), fc.integer({ min: 1, max: 5 }));

describe("arrivals from a trace", () => {
  it("are the trace itself at scale 1, whatever the stream", () => {
    fc.assert(
      fc.property(traces, fc.nat(), (trace, seed) => {
        expect(all(trace, 1, stream(seed))).toEqual(rowsOf(trace));
      }),
    );
  });

  it("come in order of time, within the trace's duration, each with the tokens of a row of the trace", () => {
    fc.assert(
      fc.property(traces, scales, fc.nat(), (trace, scale, seed) => {
        let last = 0;
        for (const { time, inputTokens, outputTokens } of all(trace, scale, stream(seed))) {
          expect(time).toBeGreaterThanOrEqual(last);
          expect(time).toBeLessThanOrEqual(trace.duration * (1 + 1e-12));
          expect(outputTokens).toBe(2 * inputTokens - 1);
          expect(inputTokens >= 1 && inputTokens <= trace.count).toBe(true);
          last = time;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("keep their order also where turning a row sums to the very end of the trace or, by rounding, just beside it", () => {
    fc.assert(
      fc.property(traces, fc.nat(), fc.constantFrom(-1, 0, 1), (trace, row, nudge) => {
        const wanted = trace.duration - trace.time[row % trace.count];
        // Draws the turn that puts this row at the end, beyond the usual turns for all but the last rows of long traces.
        const share = (wanted / trace.duration - 0.002) / 0.008 + nudge * Number.EPSILON;
        let last = 0;
        for (const { time } of all(trace, 2, { uniform: () => share })) {
          expect(time).toBeGreaterThanOrEqual(last);
          last = time;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("hold every row as often as a whole scale says", () => {
    fc.assert(
      fc.property(traces, fc.integer({ min: 1, max: 5 }), fc.nat(), (trace, scale, seed) => {
        const times = new Map<number, number>();
        for (const { inputTokens } of all(trace, scale, stream(seed))) times.set(inputTokens, (times.get(inputTokens) ?? 0) + 1);
        expect([...times.values()]).toEqual(Array.from({ length: trace.count }, () => scale));
      }),
    );
  });

  it("above scale 1 hold the trace as it was, and more", () => {
    fc.assert(
      fc.property(traces, fc.double({ min: 1, max: 4, noNaN: true }), fc.nat(), (trace, scale, seed) => {
        const key = ({ time, inputTokens }: Arrival): string => `${time}/${inputTokens}`;
        const found = new Set(all(trace, scale, stream(seed)).map(key));
        for (const row of rowsOf(trace)) expect(found.has(key(row))).toBe(true);
      }),
    );
  });

  it("are the same for the same stream, and others for another", () => {
    const trace = traceOf(Array.from({ length: 500 }, (_, i) => i * 1.7));
    expect(all(trace, 2.3, stream(1))).toEqual(all(trace, 2.3, stream(1)));
    expect(all(trace, 2.3, stream(1))).not.toEqual(all(trace, 2.3, stream(2)));
  });

  it("only grow with the scale between whole numbers, so that a search over scales compares like with like", () => {
    const trace = traceOf(Array.from({ length: 500 }, (_, i) => i * 1.7));
    const keys = (scale: number): Set<string> =>
      new Set(all(trace, scale, stream(4)).map(({ time, inputTokens }) => `${time}/${inputTokens}`));
    for (const [low, high] of [
      [0.2, 0.6],
      [1.2, 1.9],
      [2.01, 2.5],
    ] as const) {
      const larger = keys(high);
      expect([...keys(low)].every((key) => larger.has(key))).toBe(true);
    }
  });

  it.each([0.05, 0.5, 0.99, 1.5, 2.3, 7.75])("are %f times as many as the rows, within the error of thinning", (scale) => {
    const count = 20_000;
    const trace = traceOf(Array.from({ length: count }, (_, i) => i));
    const kept = scale % 1;
    const deviation = Math.sqrt(count * kept * (1 - kept));
    expect(Math.abs(all(trace, scale, stream(9)).length - count * scale)).toBeLessThan(5 * deviation);
  });

  it("keep the shape of the day: a doubled day rises and falls when the day does, and no instant's burst is doubled", () => {
    // A day that is twice as busy in its second half, and 200 requests at one instant.
    const times = Array.from({ length: 30_000 }, (_, i) => (i < 10_000 ? i * 4.32 : 43_200 + (i - 10_000) * 2.16));
    const trace = traceOf([...times, ...Array.from({ length: 200 }, () => 20_000)].sort((a, b) => a - b));
    const doubled = all(trace, 2, stream(3));
    const perHour = (of: Float64Array): number[] => countsPerWindow(Float64Array.from([...of, 86_400]), 3600);
    expect(correlation(perHour(trace.time), perHour(Float64Array.from(doubled, ({ time }) => time)))).toBeGreaterThan(0.99);
    const atOnce = new Map<number, number>();
    for (const { time } of doubled) atOnce.set(time, (atOnce.get(time) ?? 0) + 1);
    expect(Math.max(...atOnce.values())).toBeLessThan(210);
  });
});

describe("a trace with spikes", () => {
  const long = traceOf(Array.from({ length: 4000 }, (_, i) => i * 0.5));
  const key = ({ time, inputTokens }: Arrival): string => `${time}/${inputTokens}`;
  const inside = (found: readonly Arrival[], from: number, to: number): Arrival[] => found.filter(({ time }) => time >= from && time < to);

  it("of a factor of 1 is what it is without", () => {
    fc.assert(
      fc.property(traces, fc.constantFrom(0.4, 1, 2, 2.3), fc.nat(), (trace, scale, seed) => {
        const spikes = [{ at: 1, lasts: 4, factor: 1, every: 5 }];
        expect(all(trace, scale, stream(seed), spikes)).toEqual(all(trace, scale, stream(seed)));
      }),
    );
  });

  it.each([
    [1, 6],
    [1, 2.5],
    [0.4, 6],
    [1.7, 3],
    [2, 0.3],
    [0.5, 0.5],
  ])("at scale %f has in a spike of factor %f as many times more, and around it what it is without", (scale, factor) => {
    const plain = all(long, scale, stream(2));
    const spiked = all(long, scale, stream(2), [{ at: 500, lasts: 1000, factor }]);
    for (const [from, to] of [
      [0, 500],
      [1500, 3000],
    ] as const) {
      expect(inside(spiked, from, to)).toEqual(inside(plain, from, to));
    }
    const rows = 2000;
    const kept = (scale * factor) % 1;
    // Turned copies may have one row more or less in the window, each.
    const slack = 5 * Math.sqrt(rows * kept * (1 - kept)) + Math.ceil(scale * factor) + 1;
    expect(Math.abs(inside(spiked, 500, 1500).length - rows * scale * factor)).toBeLessThan(slack);
  });

  it("has every row again in a larger spike that it has in a smaller one", () => {
    for (const [scale, smaller, larger] of [
      [1, 1.5, 4.2],
      [0.6, 0.2, 1.3],
      [2, 0.3, 0.8],
    ] as const) {
      const of = (factor: number): Arrival[] => all(long, scale, stream(2), [{ at: 500, lasts: 1000, factor }]);
      const found = new Set(of(larger).map(key));
      expect(of(smaller).filter((arrival) => !found.has(key(arrival)))).toEqual([]);
    }
  });

  it("is not changed elsewhere by a further spike", () => {
    const first = { at: 100, lasts: 200, factor: 3.4 };
    const one = all(long, 1.3, stream(7), [first]);
    const two = all(long, 1.3, stream(7), [first, { at: 600, lasts: 300, factor: 7 }]);
    expect(inside(two, 0, 600)).toEqual(inside(one, 0, 600));
    expect(inside(two, 900, 2000)).toEqual(inside(one, 900, 2000));
    expect(inside(two, 600, 900).length).toBeGreaterThan(4 * inside(one, 600, 900).length);
  });
});
