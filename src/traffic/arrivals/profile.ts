import * as z from "zod";
import { duration, issue, rate } from "../../base/settings.ts";
import type { Steps } from "./rate-curve.ts";

/** Rates by the time from which each holds; a night may have none. */
export const profileSettings = z.array(z.tuple([duration(), rate({ min: 0 })])).min(1);

export type Profile = z.infer<typeof profileSettings>;

/** What is wrong with a table in itself, and with `repeat` beside it. */
export function checkProfile(profile: Profile, repeat: number | undefined, context: z.RefinementCtx): void {
  // A table without an entry is a mistake that has been found already.
  if (profile.length === 0) return;
  profile.forEach(([time], i) => {
    if (i === 0 && time !== 0) {
      issue(context, "contradiction", "the first rate must hold from 0h on", { path: ["profile", 0, 0], hint: "[[0h, 2/s], [9h, 30/s]]" });
    } else if (i > 0 && time <= profile[i - 1][0]) {
      issue(context, "contradiction", "is not after the time before it", {
        path: ["profile", i, 0],
        hint: "put the times in ascending order",
      });
    }
  });
  if (profile.every(([, height]) => height === 0)) {
    issue(context, "contradiction", "no rate is above 0, so nothing would ever arrive", {
      path: ["profile"],
      hint: "[[0h, 2/s], [9h, 30/s]]",
    });
  }
  const last = profile.at(-1)?.[0] ?? 0;
  if (repeat !== undefined && repeat <= last) {
    issue(context, "contradiction", "the table begins anew before its last rate holds", {
      path: ["repeat"],
      hint: "make it longer than the last time of profile",
    });
  }
}

/** The rates of a table as time goes on; each holds until the next one does, and with `repeat` the table begins anew after so long. */
export class ProfileSteps implements Steps {
  level: number;
  next: number;
  private readonly table: Profile;
  private readonly repeat: number;
  private entry = 0;
  private round = 0;

  constructor(table: Profile, repeat: number = Infinity) {
    this.table = table;
    this.repeat = repeat;
    this.level = table[0][1];
    this.next = this.endOfEntry();
  }

  step(): void {
    this.entry++;
    if (this.entry === this.table.length) {
      this.entry = 0;
      this.round++;
    }
    this.level = this.table[this.entry][1];
    this.next = this.endOfEntry();
  }

  private endOfEntry(): number {
    const { table, repeat, entry, round } = this;
    if (entry + 1 === table.length) return (round + 1) * repeat;
    return (round === 0 ? 0 : round * repeat) + table[entry + 1][0];
  }
}
