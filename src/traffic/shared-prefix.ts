import type { z } from "zod";
import { count, issue, settings, share } from "../base/settings.ts";
import type { KeyedRandom } from "../kernel/random.ts";
import type { Prefixes } from "./prefixes.ts";
import type { Requests } from "./requests.ts";

export const sharedPrefixSettings = settings({
  tokens: count({ min: 1, max: 1e8, whole: true }).optional().describe("tokens in front; a shorter prompt is all prefix"),
  share: share({ above: 0, max: 1 }).optional().describe("instead of tokens: share of each prompt, rounded to whole tokens"),
  groups: count({ min: 1, max: 1_000_000, whole: true }).prefault(1).describe("different prefixes, each as likely as the others"),
}).superRefine(({ tokens, share: part }, context) => {
  if ((tokens === undefined) === (part === undefined)) {
    issue(context, "contradiction", "needs either tokens or share", { hint: "{ tokens: 1200 } or { share: 60%, groups: 40 }" });
  }
});

type SharedPrefixSettings = z.infer<typeof sharedPrefixSettings>;

/** What the prompts of one class have in front: system prompts and few-shot examples, or the documents that all ask about. */
export class SharedPrefix {
  private readonly given: SharedPrefixSettings;
  private readonly requests: Requests;
  private readonly random: KeyedRandom;
  /** Number of the first group's chain; those of the others follow. */
  private readonly first: number;

  /** @param random draws a request's group by its number within its class */
  constructor(given: SharedPrefixSettings, requests: Requests, prefixes: Prefixes, random: KeyedRandom) {
    this.given = given;
    this.requests = requests;
    this.random = random;
    const key = prefixes.reserveKeys(given.groups);
    const chains = Array.from({ length: given.groups }, (_, group) => {
      const chain = prefixes.add();
      prefixes.extend(key + group, given.tokens ?? Infinity);
      return chain;
    });
    this.first = chains[0];
  }

  /** Gives a request that has just been opened its prefix. */
  assign(request: number): void {
    const { requests, random, first } = this;
    const { tokens, share: part, groups } = this.given;
    const input = requests.inputTokens[request];
    const covered = Math.min(input, tokens ?? Math.round(part! * input));
    if (covered === 0) return;
    requests.prefix[request] = first + (groups === 1 ? 0 : Math.floor(random.of(requests.number[request]).uniform() * groups));
    requests.prefixTokens[request] = covered;
  }
}
