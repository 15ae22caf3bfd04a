import { mapValues } from "../../base/records.ts";
import type { GateSettings } from "../../client/gate/gate-settings.ts";
import type { LimitSettings } from "../../provider/limits/limit-settings.ts";
import { isSingle } from "../../provider/limits/limits-settings.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { changed } from "./chosen.ts";

/** Keys of limits that say how much is let through in a minute. */
const rates = ["rpm", "tpm", "tokensPerMinutePerUnit"] as const;

/**
 * So many times what the limits of the providers and quotas named let through, of all unless given. A limit that would then never let
 * a whole request through keeps as much as it takes for one. @param factor above 0
 */
export function scaledLimits(scenario: Scenario, factor: number, of?: readonly string[]): Scenario {
  return {
    ...scenario,
    providers: changed(scenario.providers, of, (one) =>
      one.limits === undefined ? one : { ...one, limits: scaledAll(one.limits, factor) },
    ),
    quotas: changed(scenario.quotas, of, (limits) => scaledAll(limits, factor)),
  };
}

/** So many times what our own limiters let out: those of the classes and gateways named, of all unless given. @param factor above 0 */
export function scaledLimiters(scenario: Scenario, factor: number, of?: readonly string[]): Scenario {
  return {
    ...scenario,
    traffic: changed(scenario.traffic, of, (one) => ({ ...one, client: { ...one.client, limiter: scaledLimiter(one.client, factor) } })),
    gateways: changed(scenario.gateways, of, (gateway) => ({ ...gateway, limiter: scaledLimiter(gateway, factor) })),
  };
}

type Limits = Scenario["quotas"][string];

function scaledAll(limits: Limits, factor: number): Limits {
  if (Array.isArray(limits)) return limits.map((one) => scaledLimit(one, factor));
  if (isSingle(limits)) return scaledLimit(limits, factor);
  return mapValues(limits, (one) => scaledLimit(one, factor));
}

function scaledLimit(limit: LimitSettings, factor: number): LimitSettings {
  const given = rates.filter((key) => limit[key] !== undefined);
  const span = (limit["burst"] ?? limit["window"]) as number | undefined;
  return {
    ...limit,
    ...Object.fromEntries(given.map((key) => [key, scaledRate(limit[key] as number, factor, key === "rpm" ? span : undefined)])),
  };
}

function scaledLimiter({ limiter }: Pick<GateSettings, "limiter">, factor: number): GateSettings["limiter"] {
  if (limiter === undefined) return undefined;
  const { rpm, tpm, burst } = limiter;
  const scaled = { rpm: rpm && scaledRate(rpm, factor, burst), tpm: tpm && scaledRate(tpm, factor, undefined) };
  return { ...limiter, ...scaled };
}

/** @param span seconds that must hold one at least */
function scaledRate(perMinute: number, factor: number, span: number | undefined): number {
  const least = Math.max(1, span === undefined ? 1 : 60 / span);
  return Math.max(Math.min(perMinute, least), perMinute * factor);
}
