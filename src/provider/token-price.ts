import { count, money, settings } from "../base/settings.ts";

const prices = {
  inputPerMillion: money().describe("a million tokens of prompts"),
  outputPerMillion: money().describe("a million tokens of answers"),
};

/** What a model's tokens cost: see `tokenMoney` for the sum. */
export const tokenPriceSettings = settings({
  ...prices,
  cachedInputPerMillion: money()
    .optional()
    .describe("a million tokens of prompts read from the prompt cache; as inputPerMillion unless given"),
  cacheWritePerMillion: money()
    .optional()
    .describe("a million tokens of prompts written to the prompt cache, instead of inputPerMillion; as that unless given"),
  above: settings({
    tokens: count({ min: 1, max: 1e8, whole: true }).describe("prompts that are longer"),
    ...prices,
  })
    .optional()
    .describe("prices of all tokens of calls with long prompts; those of the prompt cache rise as inputPerMillion does"),
});
