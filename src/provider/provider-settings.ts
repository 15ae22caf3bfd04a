import * as z from "zod";
import { money, settings } from "../base/settings.ts";
import { providerFaultSettings } from "./faults.ts";
import { latencySettings } from "./latency.ts";
import { limitsSettings } from "./limits/limits-settings.ts";
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
  limits: limitsSettings
    .optional()
    .describe(
      "of the account that is called: one limit, several in a list, or several by names; a profile of models/providers; none unless given",
    ),
  quota: z.string().optional().describe("instead of limits: one of the quotas, which it shares with others that name it"),
  promptCache: promptCacheSettings
    .optional()
    .describe("what prompts begin with is kept for a while, and is then cheaper and quicker to read; nothing is kept unless given"),
  faults: providerFaultSettings.prefault({}),
});

export type ProviderSettings = z.infer<typeof providerSettings>;
