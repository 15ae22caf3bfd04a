import * as z from "zod";
import { count, duration, issue, settings } from "../../../base/settings.ts";
import { duration as durationUnits, formatQuantity } from "../../../base/units.ts";
import type { ScalingPolicy } from "./scaler.ts";

/** A moment that sums of periods miss by rounding has come: seconds by which they may. */
const rounding = 1e-6;

const scheduledSettings = settings({
  table: z
    .array(z.tuple([duration(), count()]))
    .min(1)
    .describe("[time, replicas] in ascending order from 0h on: so many from then to the next time"),
  repeat: duration({ above: 0 }).prefault("24h").describe("the table starts again after this time"),
  every: duration({ above: 0 }).prefault("60s").describe("time between decisions: a change between two of them waits for the later"),
  lead: duration().prefault("0s").describe("replicas are added so far ahead of the table, such as one cold start, and taken away on time"),
}).superRefine(({ table, repeat }, context) => {
  if (table.length > 0 && table[0][0] !== 0) {
    issue(context, "contradiction", "the first time must be 0h", { path: ["table", 0], hint: "say how many there are from the start on" });
  }
  const disorder = table.findIndex(([time], i) => i > 0 && time <= table[i - 1][0]);
  if (disorder >= 0) {
    issue(context, "contradiction", "the times must ascend", { path: ["table", disorder], hint: "sort the rows, one for each time" });
  }
  const beyond = table.findIndex(([time], i) => i > 0 && time >= repeat);
  if (beyond >= 0) {
    const length = formatQuantity(durationUnits, repeat);
    issue(context, "contradiction", `the time must be below ${length}, when the table starts again`, {
      path: ["table", beyond],
      hint: "give a longer repeat, such as 7d for a week",
    });
  }
});

/** Follows a timetable that starts with the run and repeats, whatever the load is. */
export const scheduled: ScalingPolicy<z.infer<typeof scheduledSettings>> = {
  settings: scheduledSettings,
  traits: ({ table }) => ({ named: table.map(([, replicas], row) => ({ path: ["table", row, 1], count: replicas })) }),
  create({ table, repeat, every, lead }) {
    const replicasAt = (now: number): number => {
      const time = (now + rounding) % repeat;
      const current = table.findLast(([from]) => from <= time)![1];
      const coming = table.filter(([from]) => (from - time + repeat) % repeat <= lead);
      return Math.max(current, ...coming.map(([, replicas]) => replicas));
    };
    return { every, lag: 0, initial: replicasAt(0), observe() {}, desired: (_, now) => replicasAt(now) };
  },
};
