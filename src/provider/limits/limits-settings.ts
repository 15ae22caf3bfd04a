import * as z from "zod";
import { nameSettings } from "../../base/name.ts";
import { issue } from "../../base/settings.ts";
import type { LimitSettings } from "./limit-settings.ts";
import { limitSettings } from "./registry.ts";

/** An account needs no more of them, and every call asks each. */
const mostLimits = 16;

const list = z.array(limitSettings).min(1).max(mostLimits);

const named = z.record(nameSettings, limitSettings).superRefine((limits, context) => {
  const count = Object.keys(limits).length;
  if (count === 0) issue(context, "missing-key", "needs a limit");
  if (count > mostLimits) issue(context, "out-of-range", `must have at most ${mostLimits} limits`);
});

/**
 * Limits of an account: one, such as `{ law: tokenBucket, rpm: 5000, tpm: 2M, retryAfter: true }`, or several which all must
 * have room for a call, in a list or by names of the user's own. Of those with names each can be changed for itself:
 * `{ extends: anthropic/start/sonnet-5, output: { tpm: 800k } }`.
 */
export const limitsSettings = z.union([limitSettings, list, named], {
  error: "must be one limit, a list of limits, or a mapping of names to limits",
});

export type LimitsSettings = LimitSettings | readonly LimitSettings[] | Readonly<Record<string, LimitSettings>>;

/** Each limit with its name; one in a list has its position for a name, one alone has none. */
export function namedLimits(limits: LimitsSettings): [name: string | undefined, limit: LimitSettings][] {
  return isSingle(limits) ? [[undefined, limits]] : Object.entries(limits);
}

/** Whether it is one limit alone. */
export function isSingle(limits: LimitsSettings): limits is LimitSettings {
  return typeof (limits as LimitSettings).law === "string";
}
