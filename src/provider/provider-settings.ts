import type * as z from "zod";
import { money, settings } from "../base/settings.ts";
import { providerFaultSettings } from "./faults.ts";
import { latencySettings } from "./latency.ts";
import { limitSettings } from "./limits/registry.ts";
import { promptCacheSettings } from "./prompt-cache.ts";
import { tokenPriceSettings } from "./token-price.ts";

export const providerSettings = settings({
  model: tokenPriceSettings.describe("what is called: a model of models/prices/tokens.yaml, or its prices"),
  price: settings({
    perHour: money().describe("of a provisioned deployment, whatever it serves; where it includes the tokens, these cost $0 in model"),
  })
    .optional()
    .describe("what it costs beside tokens; nothing unless given"),
  latency: latencySettings,
  limits: limitSettings.optional(),
  promptCache: promptCacheSettings
    .optional()
    .describe("what prompts begin with is kept for a while, and is then cheaper and quicker to read; nothing is kept unless given"),
  faults: providerFaultSettings.prefault({}),
});

export type ProviderSettings = z.infer<typeof providerSettings>;
