import * as fc from "fast-check";
import { rests, sometimes, tidy } from "../laws/random-numbers.ts";

const text = (seconds: number): string => `${tidy(seconds)}s`;
const time = (rest: number, min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min: min * 10, max: max * 10 }).map((tenths) => text(tenths / 10 + rests[rest] / 100));
const constant = (rest: number, min: number, max: number) => time(rest, min, max).map((seconds) => ({ constant: seconds }));
const law = (rest: number, min: number, max: number) =>
  fc.oneof(constant(rest, min, max), fc.constant({ exponential: { mean: text((min + max) / 2) } }));

const lasts = time(1, 1, 8);
const when = fc.oneof(
  time(2, 9, 20).map((every) => ({ every })),
  fc.tuple(time(3, 1, 10), time(4, 20, 40)).map((at) => ({ at })),
  fc.integer({ min: 1, max: 30 }).map((afterWrites) => ({ afterWrites })),
);
const effect = fc.oneof(
  fc.constantFrom({ effect: "blockReads" }, { effect: "slowReads" }, { effect: "scan" }),
  fc.constantFrom("20%", "80%").map((unindexed) => ({ effect: "scan", unindexed })),
);
const rebuild = fc
  .tuple(when, effect, lasts, fc.constantFrom(0, 0.37, 0.9), fc.constantFrom("inTurn", "together"))
  .map(([first, second, ...more]) => Object.assign({ lasts: more[0], drag: more[1], replicas: more[2] }, first, second));
const memory = fc.record({
  limit: fc.integer({ min: 45, max: 120 }).map((vectors) => `${vectors}kB`),
  bytesPerVector: fc.constant("1kB"),
  pressureFrom: fc.constantFrom("10%", "70%"),
  slowdown: fc.constantFrom(1, 3.3),
});
const outages = fc.record({
  at: fc.tuple(time(5, 2, 20), time(6, 30, 50)),
  lasts: time(7, 1, 6),
  effect: fc.constantFrom("fail", "hang"),
});
const reembed = fc.record({
  at: time(8, 1, 30),
  rate: fc.constantFrom("0.7001/s", "5.0003/s"),
  cutover: fc.constantFrom("atStart", "atEnd"),
});

/** Settings of a store of which each kind of trouble is off in half of the cases. Moments coincide as rarely as can be. */
export const arbitraryStore = fc.record({
  replicas: fc.integer({ min: 1, max: 3 }),
  concurrency: fc.integer({ min: 1, max: 3 }),
  read: law(9, 0.1, 2),
  scan: law(10, 1, 4),
  write: law(11, 0.1, 1),
  slowdown: fc.constantFrom(1, 2.7),
  vectors: fc.integer({ min: 5, max: 45 }),
  writes: fc.constantFrom("0/s", "0.3/s", "2/s"),
  memory: sometimes(memory),
  rebuild: sometimes(rebuild),
  outages: sometimes(outages),
  reembed: sometimes(reembed),
  queue: fc.oneof(
    fc.constant({}),
    fc.integer({ min: 0, max: 4 }).map((capacity) => ({ capacity })),
  ),
});

const moment = fc.nat(55e6).map((microseconds) => microseconds / 1e6);
const read = fc.record({ at: moment, patience: sometimes(fc.nat(8e6).map((microseconds) => microseconds / 1e6)) });

/** Reads, some of which are left, and writes by others. */
export const arbitraryLoad = fc.record({
  reads: fc
    .array(read, { minLength: 1, maxLength: 120, size: "max" })
    .map((all) => all.map(({ at, patience }) => ({ at, leavesAt: patience === undefined ? undefined : at + patience }))),
  writesAt: fc.array(moment, { maxLength: 30, size: "max" }),
});
