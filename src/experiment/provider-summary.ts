import type { Provider } from "../provider/provider.ts";

/** What was noted of a provider that is no meter: its busiest minute, and how many provisioned units its traffic would need. */
export interface ProviderSummary {
  readonly busiestMinuteTokens: number;
  /** Null where it has none. */
  readonly units: { readonly given: number; readonly needed: number; readonly neededInBusiestMinute: number } | null;
}

export function providerSummary({ tokensByMinute, unitDemand }: Provider): ProviderSummary {
  const busiestMinuteTokens = tokensByMinute.largest();
  if (unitDemand === undefined) return { busiestMinuteTokens, units: null };
  const { given, needed, neededInBusiestMinute } = unitDemand;
  return { busiestMinuteTokens, units: { given, needed, neededInBusiestMinute } };
}
