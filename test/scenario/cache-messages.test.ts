import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { decode, exampleWith } from "./example.ts";

const stores = "vectorStores:\n  questions: { concurrency: 8, read: { constant: 5ms } }\n";

const withCache = (settings: string): string => exampleWith("kind: exact, hitRate: 20%", settings) + stores;

/** Code, path, message and hint of what is wrong with the cache. */
const mistake = (settings: string): string => mistakeIn(withCache(settings));

function mistakeIn(plan: string): string {
  try {
    decode(plan);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const text = error.message.replace(/^plan\.yaml:\d+:\d+: (caches\.)?/, "").replaceAll(/\n +(\d+ \||\^).*/g, "");
    return `${error.details.code}: ${text.replaceAll("\n  hint: ", "; ")}`;
  }
  throw new Error("the scenario was decoded");
}

const keys = "keys: { zipf: { exponent: 1.05, count: 200k } }";

describe("an exact cache", () => {
  it("by keys is read with all that bounds it", () => {
    const more = "capacity: 50k, ttl: 1h, invalidateAt: [6h, 18h], coalesce: true";
    expect(decode(withCache(`kind: exact, ${keys}, ${more}`)).scenario.caches["answers"]).toMatchObject({
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
    ["keys: {}", "contradiction: answers.keys: needs exactly one of its kinds, found nothing; one of zipf, trace"],
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
    expect(mistake(`kind: exact, ${settings}`)).toBe(expected);
  });
});

describe("a cache", () => {
  it.each([
    ["kind: exakt, hitRate: 20%", "unknown-name: answers.kind: must be one of exact, semantic (found exakt); did you mean `exact`?"],
    [
      "hitRate: 20%",
      "missing-key: answers: needs kind; kind: exact: finds the same question; semantic: finds one that is similar enough, and may be wrong",
    ],
    [
      "kind: semantic, embedding: gpu, store: questions, threshold: 0.9, hitRate: 20%",
      "unknown-name: answers.embedding: there is no profile `gpu` among the embeddings, and none of the pools and providers has that name; did you mean `gpus`?",
    ],
  ])("with %s is refused", (settings, expected) => {
    expect(mistake(settings)).toBe(expected);
  });
});

describe("keys of a trace", () => {
  const traced = (arrivals: string, cache: string, path = "[answers, "): string =>
    exampleWith("kind: exact, hitRate: 20%", cache)
      .replace("arrivals: { rate: 1/s }", `arrivals: ${arrivals}`)
      .replace("[answers, ", path) + stores;
  const exact = "kind: exact, keys: { trace: hashes }";
  const semantic =
    "kind: semantic, embedding: { latency: { constant: 20ms } }, store: questions, threshold: 0.9, hitRate: 50%, keys: { trace: hashes }";

  it("are read where the class has a trace with hashes, by either kind of cache", () => {
    for (const cache of [exact, semantic]) {
      const { scenario } = decode(traced("{ trace: day.csv, hashBlock: 512 }", cache));
      expect(scenario.caches["answers"].keys).toEqual({ trace: "hashes" });
    }
  });

  it.each([
    [
      "{ rate: 1/s }",
      exact,
      "contradiction: traffic.chat.arrivals: has no hashes of its prompts, which are the keys of the cache answers; { trace: day.jsonl, hashBlock: 512 }, or keys: { zipf: { exponent: 1.05, count: 200k } } there",
    ],
    [
      "{ trace: day.csv }",
      semantic,
      "contradiction: traffic.chat.arrivals: has no hashes of its prompts, which are the keys of the cache answers; hashBlock: 512, the tokens that each of the trace's hash_ids stands for",
    ],
    ["{ rate: 1/s }", "kind: exact, keys: { trace: prompts }", "unknown-name: answers.keys.trace: must be hashes (found prompts)"],
    [
      "{ trace: day.csv, hashBlock: 512 }",
      "kind: exact, keys: { trace: hashes, zipf: { exponent: 1, count: 5 } }",
      "contradiction: answers.keys: needs exactly one of its kinds, found zipf and trace; one of zipf, trace",
    ],
  ])("in a class with arrivals %s are refused", (arrivals, cache, expected) => {
    expect(mistakeIn(traced(arrivals, cache))).toBe(expected);
  });
});

describe("a semantic cache", () => {
  const common = "kind: semantic, embedding: { latency: { constant: 20ms } }, store: questions";
  const points = "similarity: { points: [{ threshold: 0.9, hits: 20%, wrong: 1% }, { threshold: 0.8, hits: 60%, wrong: 5% }] }";

  it.each([
    ["threshold: 0.9, hitRate: 101%", "out-of-range: answers.hitRate: must be at most 100% (found 101%); allowed: from 0%, up to 100%"],
    [
      "threshold: 0.9, hitRate: 10%, wrongHitRate: 11%",
      "contradiction: answers.wrongHitRate: there are more wrong hits than hits; at most 10%",
    ],
    [
      "threshold: 0.9, wrongHitRate: 1%",
      "contradiction: answers: needs either similarity or hitRate; similarity: lmarena-paraphrases, or hitRate: 12%\n  also: line 13: caches.answers.wrongHitRate: needs hitRate",
    ],
    ["threshold: 0.9", "contradiction: answers: needs either similarity or hitRate; similarity: lmarena-paraphrases, or hitRate: 12%"],
    [`threshold: 0.7, ${points}`, "contradiction: answers.threshold: similarity says nothing so low; from 0.8"],
    [
      `threshold: 0.9, hitRate: 10%, ${points}`,
      "contradiction: answers.hitRate: needs measuredAt, since similarity says what hits there are at other thresholds; measuredAt: 0.9",
    ],
    [
      `threshold: 0.9, hitRate: 10%, measuredAt: 0.7, ${points}`,
      "contradiction: answers.measuredAt: similarity says nothing so low; from 0.8",
    ],
    [`threshold: 0.9, hitRate: 10%, measuredAt: 1, ${points}`, "contradiction: answers.measuredAt: nothing is a hit at 1; below 1"],
    [
      "threshold: 0.9, hitRate: 10%, measuredAt: 0.8",
      "contradiction: answers.measuredAt: needs hitRate, and similarity to say what hits there are at other thresholds; similarity: lmarena-paraphrases",
    ],
    ["threshold: 0, hitRate: 10%", "out-of-range: answers.threshold: must be above 0% (found 0); allowed: above 0%, up to 100%"],
    [
      "threshold: 1, hitRate: 10%",
      "contradiction: answers.threshold: nothing is a hit at 1, so that the hit rate is 0; below 1, or hitRate: 0%",
    ],
    [
      "threshold: 0.9, hitRate: 10%, ttl: 5s",
      "contradiction: answers.ttl: changes nothing without keys; keys: { zipf: { exponent: 1.05, count: 200k } } beside it",
    ],
    [`threshold: 0.9, hitRate: 10%, ${keys}, ttl: 0s`, "out-of-range: answers.ttl: must be above 0s (found 0s); allowed: above 0s"],
    [
      `threshold: 0.9, hitRate: 10%, ${keys}, capacity: 0`,
      "out-of-range: answers.capacity: must be at least 1 (found 0); allowed: whole numbers, from 1",
    ],
    [
      "threshold: 0.9, similarity: { points: [{ threshold: 0.9, hits: 20%, wrong: 21% }] }",
      "contradiction: answers.similarity.points.0.wrong: there are more wrong hits than hits; at most 0.2",
    ],
    [
      "threshold: 0.9, similarity: { points: [{ threshold: 1, hits: 20%, wrong: 0% }, { threshold: 0.9, hits: 30%, wrong: 0% }] }",
      "contradiction: answers.similarity.points.0.hits: nothing is a hit at 1; 0%, or a threshold below 1",
    ],
    [
      "threshold: 0.9, similarity: { points: [{ threshold: 0.8, hits: 20%, wrong: 0% }, { threshold: 0.9, hits: 30%, wrong: 0% }] }",
      "contradiction: answers.similarity.points.1.threshold: is not below the one before; from the highest threshold down",
    ],
    [
      "threshold: 0.8, similarity: { points: [{ threshold: 0.9, hits: 20%, wrong: 0% }, { threshold: 0.8, hits: 10%, wrong: 0% }] }",
      "contradiction: answers.similarity.points.1.hits: a lower threshold cannot have fewer hits; at least 0.2",
    ],
  ])("with %s is refused", (settings, expected) => {
    expect(mistake(`${common}, ${settings}`)).toBe(expected);
  });
});
