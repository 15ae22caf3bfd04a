import { describe, expect, it } from "vitest";
import * as z from "zod";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { clientSettings } from "../../src/client/client-settings.ts";
import { type ClientSheet, clientSheet, type Wait } from "../../src/report/models/client-sheet.ts";
import { splitProfile } from "../../src/scenario/document/profiles.ts";

const catalogue = openCatalogue();
const names = catalogue.names("clients");

function settingsOf(name: string) {
  return z.decode(clientSettings, splitProfile(catalogue.find("clients", name) as Record<string, unknown>).settings);
}

const sheetOf = (name: string): ClientSheet => clientSheet(settingsOf(name));
const ends = (waits: readonly Wait[]) => waits.map(({ least_s, most_s }) => [least_s, most_s]);

describe("presets of clients", () => {
  it("are those that are known well enough", () => {
    expect([...names].sort()).toEqual([
      "anthropic-sdk",
      "aws-standard",
      "cockatiel",
      "google-genai",
      "langchain-over-openai",
      "langchain-sdk-retries-off",
      "litellm-one-deployment",
      "litellm-router",
      "openai-sdk",
      "opossum",
      "portkey",
      "vercel-ai",
    ]);
  });

  it.each(names)("%s says what differs from the real thing", (name) => {
    expect((catalogue.find("clients", name) as Record<string, unknown>)["notes"]).toMatch(/\w{3}/);
  });

  it.each(["openai-sdk", "anthropic-sdk"])("%s waits 375 to 500 ms, then 750 ms to 1 s: 1.1 to 1.5 s in all", (name) => {
    const { attempts, calls, waiting } = sheetOf(name);
    expect(attempts).toBe(3);
    expect(ends(calls.waits)).toEqual([
      [0.375, 0.5],
      [0.75, 1],
    ]);
    expect(waiting).toEqual({ least_s: 1.125, most_s: 1.5 });
  });

  it("of OpenAI and Anthropic hold a request ten minutes for each of three attempts where the provider hangs", () => {
    for (const name of ["openai-sdk", "anthropic-sdk"]) expect(sheetOf(name).hung_s).toBe(3 * 600 + 1.5);
  });

  it("honour a retry-after as long as the facts say", () => {
    const limits = Object.fromEntries(names.map((name) => [name, settingsOf(name).retry.retryAfterMax]));
    expect(limits).toMatchObject({ "openai-sdk": 60, "anthropic-sdk": 2 ** 31 / 1000, "google-genai": 0, portkey: 60 });
    expect(settingsOf("portkey").retry.retryAfterBeyond).toBe("giveUp");
    expect(settingsOf("openai-sdk").retry.retryAfterBeyond).toBe("backoff");
  });

  it("of Vercel and Google wait without chance: 2 and 4 s, and 15 s in all", () => {
    expect(ends(sheetOf("vercel-ai").calls.waits)).toEqual([
      [2, 2],
      [4, 4],
    ]);
    expect(sheetOf("google-genai")).toMatchObject({ attempts: 5, waiting: { least_s: 15, most_s: 15 } });
  });

  it("of LangChain multiply with those of the library below, unless those are off", () => {
    const { attempts, calls, nested } = sheetOf("langchain-over-openai");
    expect([attempts, calls.attempts, nested!.attempts]).toEqual([21, 7, 3]);
    expect(ends(calls.waits)).toEqual([1, 2, 4, 8, 16, 32].map((least) => [least, 2 * least]));
    const { openai, below } = { openai: settingsOf("openai-sdk").retry, below: settingsOf("langchain-over-openai").retry.nested };
    expect(below).toEqual(openai);
    expect(sheetOf("langchain-sdk-retries-off")).toMatchObject({ attempts: 7, calls });
  });

  it("of AWS draw from nothing to the whole wait, and pay from a bucket", () => {
    const { calls } = sheetOf("aws-standard");
    expect(ends(calls.waits)).toEqual([
      [0, 0.1],
      [0, 0.2],
    ]);
    expect(calls.budget).toEqual({ tokenBucket: { capacity: 500, cost: 5, timeoutCost: 10, refund: 1 } });
  });

  it("break off where more than half has failed", () => {
    expect(sheetOf("litellm-router")).toMatchObject({ attempts: 3, breaker: { window: 60, minimumCalls: 5, openFor: 5 } });
    expect(sheetOf("litellm-one-deployment").breaker).toBeUndefined();
    expect(sheetOf("opossum")).toMatchObject({ attempts: 1, hung_s: 10, breaker: { window: 10, minimumCalls: 1, openFor: 30 } });
    for (const name of ["litellm-router", "opossum"]) {
      const { failureShare } = sheetOf(name).breaker!;
      // Of two halves it stays closed, of the least majority of a thousand calls it opens.
      expect(failureShare).toBeGreaterThan(0.5);
      expect(failureShare).toBeLessThanOrEqual(501 / 1000);
    }
  });
});
