import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drive, refusals, scalerOf, viewOf, type Written } from "./scaling-driver.ts";

const day = [
  [0, 2],
  ["8h", 6],
  ["18h", 3],
];
const hour = 3600;

/** Moments at which the number wanted changes, and what it becomes. */
function changes(given: Written, until: number): number[][] {
  const decisions = drive(scalerOf({ scheduled: { table: day, ...given } }), { until, replicas: { start: 2 } });
  return decisions.filter(({ active, desired }) => active !== desired).map(({ at, desired }) => [at / hour, desired]);
}

describe("a timetable", () => {
  it("changes at its times to the minute, and every day again", () => {
    expect(changes({}, 48 * hour)).toEqual([
      [8, 6],
      [18, 3],
      [24, 2],
      [32, 6],
      [42, 3],
      [48, 2],
    ]);
  });

  it("adds replicas as far ahead as it is told, also over the end of the table, and takes them away on time", () => {
    expect(changes({ lead: "30m" }, 36 * hour)).toEqual([
      [7.5, 6],
      [18, 3],
      [24, 2],
      [31.5, 6],
    ]);
    const night = [
      [0, 6],
      ["8h", 2],
    ];
    expect(changes({ table: night, lead: "30m" }, 36 * hour).slice(1)).toEqual([
      [8, 2],
      [23.5, 6],
      [32, 2],
    ]);
  });

  it("waits for the next decision with a change between two", () => {
    expect(changes({ every: "5h" }, 24 * hour)).toEqual([
      [10, 6],
      [20, 3],
    ]);
  });

  it("repeats after another time than a day", () => {
    expect(changes({ repeat: "20h" }, 40 * hour).map(([at]) => at)).toEqual([8, 18, 20, 28, 38, 40]);
  });

  it("changes at the very decision at which the time comes, though periods are summed with rounding", () => {
    const table = [
      [0, 1],
      ["2000s", 2],
    ];
    const scaler = scalerOf({ scheduled: { table, repeat: "4000s", every: "100ms" } });
    let now = 0;
    const desired = Array.from({ length: 20_000 }, () => scaler.desired(viewOf({}), (now += 0.1)));
    expect(now).toBeLessThan(2000);
    expect(desired.slice(-2)).toEqual([1, 2]);
  });

  it("wants at every moment the most of what the last row not later says, from then to the end of its lead", () => {
    const rows = fc.uniqueArray(fc.integer({ min: 1, max: 19 }), { maxLength: 6 });
    const counts = fc.array(fc.nat(9), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(rows, counts, fc.nat(25), fc.integer({ min: 0, max: 100 }), (times, replicas, lead, now) => {
        const table = [0, ...times.sort((a, b) => a - b)].map((time, i) => [time, replicas[i]] as const);
        const at = (moment: number): number => table.findLast(([time]) => time <= moment % 20)?.[1] ?? NaN;
        const expected = Math.max(...Array.from({ length: lead + 1 }, (_, ahead) => at(now + ahead)));
        const written = { table: table.map(([time, wanted]) => [`${time}s`, wanted]), repeat: "20s", lead: `${lead}s` };
        expect(scalerOf({ scheduled: written }).desired(viewOf({}), now)).toBe(expected);
      }),
    );
  });
});

describe("a timetable that makes no sense", () => {
  it.each([
    [[["1h", 2]], "scheduled.table.0: the first time must be 0h (say how many there are from the start on)"],
    [
      [
        [0, 2],
        ["8h", 3],
        ["8h", 4],
      ],
      "scheduled.table.2: the times must ascend (sort the rows, one for each time)",
    ],
    [
      [
        [0, 2],
        ["9h", 3],
        ["8h", 4],
      ],
      "scheduled.table.2: the times must ascend (sort the rows, one for each time)",
    ],
    [
      [
        [0, 2],
        ["24h", 3],
      ],
      "scheduled.table.1: the time must be below 24h, when the table starts again (give a longer repeat, such as 7d for a week)",
    ],
    [[[0, 1.5]], "scheduled.table.0.1: must be a whole number (allowed: whole numbers, from 0)"],
  ])("is refused: %j", (table, message) => {
    expect(refusals({ scheduled: { table } })).toEqual([message]);
  });

  it("is refused when it is empty", () => {
    expect(refusals({ scheduled: { table: [] } })).toEqual([expect.stringContaining("scheduled.table: ")]);
  });
});
