import { describe, expect, it } from "vitest";
import * as z from "zod";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { unitsOnOffer } from "../../src/provider/limits/sold-units.ts";
import { utilisationSettings } from "../../src/provider/limits/utilisation.ts";
import { unitSum } from "../../src/provider/provisioned-units.ts";
import type { Mapping } from "../../src/scenario/document/path.ts";
import { splitProfile } from "../../src/scenario/document/profiles.ts";
import { callOf, limiterOf } from "./limiters.ts";

const profile = splitProfile(openCatalogue().find("provider-limits", "azure-openai/ptu/gpt-5.2") as Mapping).settings;
const { law: _, retryAfter: __, ...ofLaw } = profile;
const gpt52 = z.decode(utilisationSettings, ofLaw as never);
const regional = gpt52.sold!.regional!;

describe("provisioned units of gpt-5.2, as the vendor's page counts them", () => {
  it.each([
    ["1,000 calls of 200 tokens in and 20 out", { input: 200, output: 20, cached: 0 }, 360_000, 105.88, 150],
    ["with half of the prompts cached", { input: 200, output: 20, cached: 0.5 }, 260_000, 76.47, 100],
    ["1,000 calls of 100 tokens in and 50 out", { input: 100, output: 50, cached: 0 }, 500_000, 147.06, 150],
  ])("%s", (_title, lengths, normalised, exact, units) => {
    const sum = unitSum({ rpm: 1000, ...lengths }, gpt52);
    expect(sum.normalised).toBe(normalised);
    expect(sum.exact).toBeCloseTo(exact, 2);
    expect(unitsOnOffer(sum.exact, regional)).toBe(units);
  });
});

describe("units on offer", () => {
  it.each([
    [1, 50],
    [50, 50],
    [50.000_000_000_01, 50],
    [50.01, 100],
    [100, 100],
    [149.9, 150],
  ])("for %d are the next number that is sold: %i", (exact, units) => {
    expect(unitsOnOffer(exact, { min: 50, step: 50 })).toBe(units);
  });
});

/** Share of an hour's steady calls that so many units refuse. */
function refused(units: number, rpm: number, lengths: { input: number; output: number; cached: number }): number {
  const limiter = limiterOf({ ...profile, sold: undefined, units });
  const call = callOf({ ...lengths, cached: lengths.input * lengths.cached, maxOutput: lengths.output });
  const count = rpm * 60;
  let refusals = 0;
  for (let i = 0; i < count; i++) {
    const at = (i * 60) / rpm;
    if (limiter.wait(at, call) > 0) refusals++;
    else {
      limiter.take(at, call);
      limiter.settle(at, call);
    }
  }
  return refusals / count;
}

describe("the sum and the law of utilisation", () => {
  it.each([
    { input: 200, output: 20, cached: 0 },
    { input: 200, output: 20, cached: 0.5 },
    { input: 3000, output: 700, cached: 0 },
  ])("agree: as many units as the sum says refuse nobody, and a fifth more traffic loses its sixth: %o", (lengths) => {
    const per = unitSum({ rpm: 1, ...lengths }, gpt52).exact;
    // So many calls per minute that the units are a whole number.
    const rpm = Math.floor(300 / per);
    const units = Math.ceil(rpm * per);
    expect(refused(units, rpm, lengths)).toBe(0);
    const overload = (1.2 * rpm * per) / units;
    const beyond = refused(units, Math.round(1.2 * rpm), lengths);
    // An hour is long against the full bucket with which it begins, a minute's work.
    expect(beyond).toBeGreaterThan(1 - 1 / overload - 0.03);
    expect(beyond).toBeLessThan(1 - 1 / overload + 0.01);
  });
});
