import { describe, expect, it } from "vitest";
import { requireReadablePrompts } from "../../src/scenario/prompts.ts";
import { scenarioOf } from "../experiment/systems.ts";

interface Parts {
  readonly conversation?: string;
  readonly arrivals?: string;
  readonly lengths?: string;
  readonly more?: string;
  readonly engine?: string;
  readonly scaling?: string;
  readonly horizon?: string;
}

const text = ({
  conversation = "{ turns: 4, thinkTime: 10s }",
  arrivals = "{ rate: 1/s }",
  lengths = "inputTokens: { constant: 100 }, outputTokens: { constant: 50 }",
  more = "",
  engine = "{ stepTime: { overhead: 10ms }, kvBlocks: 1000, context: 600 }",
  scaling = "{ fixed: { replicas: 1 } }",
  horizon = "1h",
}: Parts): string => `
name: talk
horizon: ${horizon}
traffic:
  chat: { arrivals: ${arrivals}, ${lengths}, conversation: ${conversation}, ${more}path: [gpus] }
pools:
  gpus: { engine: ${engine}, replicas: { min: 1, max: 2 }, scaling: ${scaling} }
`;

describe("mistakes in a conversation", () => {
  it.each<[RegExp, Parts]>([
    [/conversation: needs thinkTime/, { conversation: "{ turns: 4 }" }],
    [/conversation\.turns: must be at least 1|conversation\.turns: must be a count/, { conversation: "{ turns: 0, thinkTime: 1s }" }],
    [/retained: changes nothing without mostTokens/, { conversation: "{ turns: 4, thinkTime: 1s, retained: 50% }" }],
    [
      /mostTokens: leaves room for nothing but the sharedPrefix[^]*above 900/,
      { conversation: "{ turns: 4, thinkTime: 1s, mostTokens: 900 }", more: "sharedPrefix: { tokens: 900 }, " },
    ],
    [/conversation: the trace's hashes say already which prompts/, { arrivals: "{ trace: day.csv, hashBlock: 16 }" }],
    [
      /needs outputTokens, since a trace tells nothing of the turns after the first/,
      { arrivals: "{ trace: day.csv }", lengths: "inputTokens: { constant: 9 }" },
    ],
    [/asks for about 7\.2e\+8 requests in one run[^]*turns × horizon/, { arrivals: "{ rate: 50000/s }" }],
    [/nobody can know when chat will ask[^]*each alone/, { scaling: "{ oracle: { target: 5/s } }" }],
  ])("are shown: %s", (message, parts) => {
    expect(() => scenarioOf(text(parts))).toThrow(message);
  });
});

describe("the longest prompt of a conversation", () => {
  const check = (parts: Parts) => () => requireReadablePrompts(scenarioOf(text(parts)), new Map());

  it("holds all messages, and all answers but the last", () => {
    expect(check({ engine: "{ stepTime: { overhead: 10ms }, kvBlocks: 1000, context: 551 }" })).not.toThrow();
    expect(check({ engine: "{ stepTime: { overhead: 10ms }, kvBlocks: 1000, context: 550 }" })).toThrow(
      /traffic\.chat\.conversation: has prompts of up to 550 tokens, and gpus has a context of 550 tokens[^]*mostTokens/,
    );
  });

  it("is bounded by mostTokens, by the largest number of turns and by the first prompt", () => {
    const small = "{ stepTime: { overhead: 10ms }, kvBlocks: 1000, context: 401 }";
    expect(check({ engine: small, conversation: "{ turns: { exponential: { mean: 9 } }, thinkTime: 1s, mostTokens: 400 }" })).not.toThrow();
    expect(check({ engine: small, conversation: "{ turns: { empirical: [1, 3] }, thinkTime: 1s }" })).not.toThrow();
    expect(check({ engine: small, conversation: "{ turns: 1, thinkTime: 1s, firstPrompt: { constant: 401 } }" })).toThrow(
      /up to 401 tokens/,
    );
    const endless = "inputTokens: { exponential: { mean: 5 } }, outputTokens: { constant: 5 }";
    const alone = { engine: small, lengths: endless, conversation: "{ turns: 1, thinkTime: 1s, firstPrompt: { constant: 300 } }" };
    expect(check(alone)).not.toThrow();
  });
});
