import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { decode, exampleWith } from "./example.ts";

const withCache = (settings: string): string => exampleWith("hitRate: 20%", settings);

/** Code, path, message and hint of what is wrong with the cache. */
function mistake(settings: string): string {
  try {
    decode(withCache(settings));
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const text = error.message.replace(/^plan\.yaml:\d+:\d+: caches\./, "").replaceAll(/\n +(\d+ \||\^).*/g, "");
    return `${error.details.code}: ${text.replaceAll("\n  hint: ", "; ")}`;
  }
  throw new Error("the scenario was decoded");
}

const keys = "keys: { zipf: { exponent: 1.05, count: 200k } }";

describe("an exact cache", () => {
  it("by keys is read with all that bounds it", () => {
    const more = "capacity: 50k, ttl: 1h, invalidateAt: [6h, 18h], coalesce: true";
    expect(decode(withCache(`${keys}, ${more}`)).scenario.caches["answers"]).toMatchObject({
      keys: { zipf: { exponent: 1.05, count: 200_000 } },
      capacity: 50_000,
      ttl: 3600,
      invalidateAt: [21_600, 64_800],
      coalesce: true,
    });
  });

  it.each([
    [
      "latency: 1ms",
      "contradiction: answers: needs either hitRate or keys; hitRate: 20%, or keys: { zipf: { exponent: 1.05, count: 200k } }",
    ],
    [`hitRate: 20%, ${keys}`, "contradiction: answers.hitRate: the hit rate follows from keys; leave out one of the two"],
    [
      "hitRate: 20%, capacity: 5",
      "contradiction: answers.capacity: changes nothing where the hit rate is given; keys: { zipf: { exponent: 1.05, count: 200k } } instead of hitRate",
    ],
    [
      "hitRate: 20%, ttl: 5s",
      "contradiction: answers.ttl: changes nothing where the hit rate is given; keys: { zipf: { exponent: 1.05, count: 200k } } instead of hitRate",
    ],
    [
      "hitRate: 20%, invalidateAt: [1h]",
      "contradiction: answers.invalidateAt: changes nothing where the hit rate is given; keys: { zipf: { exponent: 1.05, count: 200k } } instead of hitRate",
    ],
    [
      "hitRate: 20%, coalesce: true",
      "contradiction: answers.coalesce: changes nothing where the hit rate is given; keys: { zipf: { exponent: 1.05, count: 200k } } instead of hitRate",
    ],
    [`${keys}, ttl: 0s`, "out-of-range: answers.ttl: must be above 0s (found 0s); allowed: above 0s"],
    [`${keys}, capacity: 0`, "out-of-range: answers.capacity: must be at least 1 (found 0); allowed: whole numbers, from 1"],
    [`${keys}, invalidateAt: []`, "out-of-range: answers.invalidateAt: must have at least 1 entry (found [])"],
    ["keys: {}", "missing-key: answers.keys: needs zipf; zipf: popularity by Zipf's law"],
    [
      "keys: { zipf: { exponent: -1, count: 5 } }",
      "out-of-range: answers.keys.zipf.exponent: must be at least 0 (found -1); allowed: from 0, up to 10",
    ],
    [
      "keys: { zipf: { exponent: 1, count: 20M } }",
      "out-of-range: answers.keys.zipf.count: must be at most 10000000 (found 20M); allowed: whole numbers, from 1, up to 10000000",
    ],
    [
      "keys: { zipf: { exponent: 1 } }",
      "missing-key: answers.keys.zipf: needs count; count: different questions, the same for all classes that use the cache; write it like 400, 50k, 2M",
    ],
    ["hitRate: 101%", "out-of-range: answers.hitRate: must be at most 100% (found 101%); allowed: from 0%, up to 100%"],
  ])("with %s is refused", (settings, expected) => {
    expect(mistake(settings)).toBe(expected);
  });
});
