import { describe, expect, it } from "vitest";
import type { PlainSystem } from "./plain-given.ts";
import { playForReal } from "./plain-real.ts";
import { api, classOf, ends, loop } from "./plain-story.ts";
import { playPlainly } from "./plain-system.ts";

describe("an agent worked out by hand", () => {
  it.each<[string, Partial<PlainSystem>, string[]]>([
    [
      "an agent reads what it has written and what its tools gave, and its user waits for the last turn",
      {
        classes: [
          classOf(
            [0],
            { ttft: 8.5 },
            {
              agent: { calls: 3, output: 3, toolTime: 0.5, toolTokens: 10 },
              chain: { first: [{ target: "api", spillOver: { inputTokens: 30 } }, "other"], on: ["failed"] },
            },
          ),
        ],
        // Prompts of 5, 18 and 31 tokens; two turns of 1 s and two more tokens of 1 s each, and two tools of half a second.
        targets: [api(1, { tpot: 1 }), { ...api(1.25), name: "other" }],
      },
      ["served 8.25 other"],
    ],
    [
      "calls and a back-off of an agent are counted anew in each turn",
      {
        // One request a second; the second turn of each is too early, and is tried again when it is told to.
        classes: [classOf([0], { retry: { ...loop, attempts: 2 } }, { agent: { calls: 3, output: 1, toolTime: 0, toolTokens: 0 } })],
        targets: [api(1, { limits: { rpm: 15, burst: 4, retryAfter: true } })],
      },
      ["served 9 api"],
    ],
    [
      "an answer in an earlier turn ends being throttled",
      {
        classes: [
          classOf([0, 0.5], { retry: { ...loop, attempts: 2 }, total: 8 }, { agent: { calls: 2, output: 1, toolTime: 9, toolTokens: 0 } }),
        ],
        targets: [api(1, { limits: { rpm: 15, burst: 4, retryAfter: true } })],
      },
      ["timedOut 8 nobody", "timedOut 8.5 nobody"],
    ],
    [
      "tokens before the last turn are no first token",
      {
        classes: [classOf([0], { ttft: 5 }, { agent: { calls: 2, output: 7, toolTime: 0, toolTokens: 0 } })],
        targets: [api(1, { tpot: 1 })],
      },
      ["timedOut 5 nobody"],
    ],
  ])("%s", (_, system, expected) => {
    expect(ends(system, playPlainly)).toEqual(expected);
    expect(ends(system, playForReal)).toEqual(expected);
  });
});
