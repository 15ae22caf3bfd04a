import * as z from "zod";
import { duration, issue, rate } from "../../base/settings.ts";
import { checkSteps } from "../../kernel/step-table.ts";

/** Rates by the time from which each holds; a night may have none. */
export const profileSettings = z.array(z.tuple([duration(), rate({ min: 0 })])).min(1);

export type Profile = z.infer<typeof profileSettings>;

/** How a table is written. */
const example = "[[0h, 2/s], [9h, 30/s]]";

/** What is wrong with a table in itself, and with `repeat` beside it. */
export function checkProfile(profile: Profile, repeat: number | undefined, context: z.RefinementCtx): void {
  // A table without an entry is a mistake that has been found already.
  if (profile.length === 0) return;
  checkSteps(profile, "profile", { noun: "rate", example }, context);
  if (profile.every(([, height]) => height === 0)) {
    issue(context, "contradiction", "no rate is above 0, so nothing would ever arrive", {
      path: ["profile"],
      hint: example,
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
