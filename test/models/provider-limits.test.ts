import { describe, expect, it } from "vitest";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { limitsSettings, namedLimits } from "../../src/provider/limits/limits-settings.ts";
import type { Mapping } from "../../src/scenario/document/path.ts";
import { splitProfile } from "../../src/scenario/document/profiles.ts";
import { callOf, limiterOf } from "../provider/limiters.ts";

const catalogue = openCatalogue();
const kind = "provider-limits";
const settingsOf = (name: string): Mapping => splitProfile(catalogue.find(kind, name) as Mapping).settings;
const limitsOf = (name: string) => namedLimits(limitsSettings.parse(settingsOf(name)));

/** How many calls of one kind an account takes at a moment. */
function most(name: string, call: Parameters<typeof callOf>[0]): number {
  const limiter = limiterOf(settingsOf(name));
  let taken = 0;
  while (limiter.admit(0, callOf(call)) === 0) taken++;
  return taken;
}

describe("shipped limits", () => {
  it("of Anthropic leave out what the prompt cache has, and take no notice of maxOutput", () => {
    const name = "anthropic/2026-05/tier-1/sonnet-4";
    expect(most(name, { input: 3000, maxOutput: Infinity })).toBe(10);
    expect(most(name, { input: 3000, cached: 2000 })).toBe(30);
    expect(most(name, { input: 3000, cached: 3000 })).toBe(50);
    const limiter = limiterOf(settingsOf(name));
    const long = callOf({ input: 1, output: 9000 });
    expect(limiter.admit(0, long)).toBe(0);
    limiter.firstToken(0, long);
    limiter.settle(0, long);
    // 8,000 tokens of answers in a minute: a thousand too many are worked off after 7.5 s.
    expect(limiter.retryAfter(0, callOf({}))).toBeCloseTo(7.5, 6);
  });

  it("of OpenAI count the larger of prompt and longest answer", () => {
    expect(most("openai/tier-1/gpt-4o", { input: 1000 })).toBe(30);
    expect(most("openai/tier-1/gpt-4o", { input: 1000, maxOutput: 3000 })).toBe(10);
    expect(most("openai/tier-1/text-embedding-3-small", { input: 100, maxOutput: 5000 })).toBe(3000);
  });

  it("of Azure have 6 requests per minute for 1,000 tokens, a sixth of them in 10 s, and keep the longest answer", () => {
    const names = catalogue.names(kind).filter((name) => name.startsWith("azure-openai/standard/"));
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) {
      const [[, tokens], [, requests]] = limitsOf(name);
      expect(requests.rpm! / tokens.tpm!).toBe(6 / 1000);
      expect(most(name, { input: 1, maxOutput: 1 })).toBe(requests.rpm! / 6);
    }
    expect(most("azure-openai/standard/1000k-tpm", { input: 3616 })).toBe(50);
  });

  it("of Azure's provisioned units begin with the smallest regional deployment", () => {
    const names = catalogue.names(kind).filter((name) => name.startsWith("azure-openai/ptu/"));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const [[, { units, sold }]] = limitsOf(name);
      expect(units).toBe((sold as { regional: { min: number } }).regional.min);
    }
  });

  it("of Bedrock reserve the longest answer and what is cached, and weigh answers at the end", () => {
    const name = "bedrock/claude-3.7-to-4.7/1000k-tpm";
    expect(most(name, { input: 1000, cached: 1000 })).toBe(15);
    const limiter = limiterOf(settingsOf(name));
    const call = callOf({ input: 1000, cached: 990, output: 750, maxOutput: 1000 });
    expect(limiter.admit(0, call)).toBe(0);
    limiter.settle(0, call);
    const rest = 1_000_000 - 3760;
    expect([rest, rest + 1].map((input) => limiter.wait(0, callOf({ input, maxOutput: 0 })) === 0)).toEqual([true, false]);
  });

  it("of Gemini count prompts alone, and never say when to come back", () => {
    expect(most("gemini/1000k-tpm", { input: 10_000 })).toBe(100);
    const limiter = limiterOf(settingsOf("gemini/1000k-tpm"));
    limiter.take(0, callOf({ input: 1_000_000 }));
    expect([limiter.wait(0, callOf({})), limiter.retryAfter(0, callOf({}))]).toEqual([60, 0]);
  });
});
