import { acceleration } from "./acceleration.ts";
import { exogenous } from "./exogenous.ts";
import { fixedWindow } from "./fixed-window.ts";
import { type LimitSettings, limitSettingsOf } from "./limit-settings.ts";
import type { Limiter, LimiterLaw, Surroundings } from "./limiter.ts";
import { reserveSettle } from "./reserve-settle.ts";
import { streaming } from "./streaming.ts";
import { subWindow } from "./sub-window.ts";
import { tokenBucket } from "./token-bucket.ts";
import { utilisation } from "./utilisation.ts";

/** Limiter laws by the name a scenario uses. */
export const limiterLaws = { tokenBucket, fixedWindow, subWindow, reserveSettle, streaming, utilisation, exogenous, acceleration };

/** A limit of an account: `{ law: tokenBucket, rpm: 5000, tpm: 2M, retryAfter: true }`. */
export const limitSettings = limitSettingsOf(limiterLaws);

export function createLimiter({ law, rpm, tpm, ...ofLaw }: LimitSettings, surroundings: Surroundings): Limiter {
  return (limiterLaws[law as keyof typeof limiterLaws] as LimiterLaw).create({ rpm, tpm }, ofLaw, surroundings);
}

/** Whether answers count before they are there, for as much as calls say that they may become, and nothing is said of calls that do not. */
export function needsLongestAnswer({ law: name, tpm, outputWeight, defaultMaxOutput, estimate }: LimitSettings): boolean {
  const law: LimiterLaw = limiterLaws[name as keyof typeof limiterLaws];
  if (!Object.hasOwn(law.settings.shape, "defaultMaxOutput") || defaultMaxOutput !== undefined) return false;
  const countsTokens = tpm !== undefined || !law.reads.includes("tpm");
  return countsTokens && outputWeight !== 0 && estimate !== "larger";
}
