import { expect, it } from "vitest";
import * as z from "zod";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { tokenPriceSettings } from "../../src/provider/token-price.ts";
import type { Mapping } from "../../src/scenario/document/path.ts";
import { splitProfile } from "../../src/scenario/document/profiles.ts";

const catalogue = openCatalogue();
const prices = catalogue.names("token-prices").map((name) => {
  const { settings } = splitProfile(catalogue.find("token-prices", name) as Mapping);
  return { name, price: z.decode(tokenPriceSettings, settings as never) };
});

it("the models of one vendor have long prompts from the same length on", () => {
  const tiers = prices.flatMap(({ name, price: { above } }) => (name.startsWith("gpt-") && above !== undefined ? [above.tokens] : []));
  expect(tiers.length).toBeGreaterThan(1);
  expect(new Set(tiers)).toEqual(new Set([271_999]));
});

it("a cache reads for less than a prompt costs, and writes for no less", () => {
  for (const { price } of prices) {
    const { inputPerMillion: input, cachedInputPerMillion: read = input, cacheWritePerMillion: write = input, above } = price;
    expect(read).toBeLessThanOrEqual(input);
    expect(write).toBeGreaterThanOrEqual(input);
    if (above !== undefined) expect(above.inputPerMillion).toBeGreaterThan(input);
  }
});
