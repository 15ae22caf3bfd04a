import { describe, expect, it } from "vitest";
import { runReplication } from "../../../src/experiment/run.ts";
import { outcomeCode } from "../../../src/traffic/outcome.ts";
import { scenarioOf } from "../../experiment/systems.ts";

const hosted =
  "{ model: { inputPerMillion: $1, outputPerMillion: $1 }, latency: { ttft: { constant: 1s }, tpot: { constant: 10ms } }MORE }";

/** Conversations with a provider of fixed latency: 1 s to the first token and 10 ms for each further one. */
const scenario = (conversation: string, more = "", provider = "", arrivals = "{ rate: 0.01/s, cv: 0 }"): string => `
name: talk
horizon: 1000s
replications: 1
traffic:
  chat:
    arrivals: ${arrivals}
    inputTokens: { constant: 100 }
    outputTokens: { constant: 51 }
${conversation === "" ? "" : `    conversation: ${conversation}\n`}${more}
    path: [api]
providers:
  api: ${hosted.replace("MORE", provider)}
`;

function run(text: string, assignments: Readonly<Record<string, string>> = {}) {
  const { recorder, summary } = runReplication(scenarioOf(text, assignments), 0, new Map());
  const { count } = recorder;
  return {
    summary,
    arrivedAt: Array.from(recorder.arrivedAt.slice(0, count)),
    endedAt: Array.from(recorder.endedAt.slice(0, count)),
    input: Array.from(recorder.inputTokens.slice(0, count)),
    output: Array.from(recorder.outputTokens.slice(0, count)),
    outcome: Array.from(recorder.outcome.slice(0, count)),
  };
}

/** The first conversation begins at 100 s; the second would at 200 s. */
const alone = { horizon: "200s" };

describe("a conversation", () => {
  it("has prompts of all that was said before and a new message, one think time after each answer", () => {
    const { arrivedAt, input } = run(scenario("{ turns: 4, thinkTime: 10s }"), alone);
    expect(input).toEqual([100, 251, 402, 553]);
    expect(arrivedAt.map((at) => Math.round(at * 1e6) / 1e6)).toEqual([100, 111.5, 123, 134.5]);
  });

  it("begins with a prompt of its own length where that is given", () => {
    expect(run(scenario("{ turns: 3, thinkTime: 10s, firstPrompt: { constant: 900 } }"), alone).input).toEqual([900, 1051, 1202]);
  });

  it("goes on from the answer as it was given, cut by maxOutput or by a rung of the ladder", () => {
    expect(run(scenario("{ turns: 3, thinkTime: 10s }", "    maxOutput: 20"), alone).input).toEqual([100, 220, 340]);
    const ladder = "    client: { degrade: { short: { when: { inFlight: 1 }, maxOutput: 5 } } }";
    const canned = "    client: { degrade: { sorry: { when: { inFlight: 1 }, canned: {} } } }";
    expect(run(scenario("{ turns: 3, thinkTime: 10s }", ladder), alone).input).toEqual([100, 205, 310]);
    expect(run(scenario("{ turns: 3, thinkTime: 10s }", canned), alone).input).toEqual([100, 200, 300]);
  });

  it("ends with the first turn that is not served", () => {
    // The third prompt is too slow to read for the user's patience.
    const patient = "    client: { timeout: { total: 2s } }";
    const { outcome } = run(scenario("{ turns: 6, thinkTime: 1s }", patient), {
      ...alone,
      "providers.api.latency.perInputToken": "2ms",
    });
    expect(outcome).toEqual([outcomeCode.served, outcomeCode.timedOut]);
  });

  it("leaves out the oldest tokens where a prompt would be longer than mostTokens, and no more than the new message leaves room for", () => {
    expect(run(scenario("{ turns: 5, thinkTime: 1s, mostTokens: 400 }"), alone).input).toEqual([100, 251, 400, 400, 400]);
    // Half of 400 is left, to which 151 tokens come in each turn.
    const half = "{ turns: 6, thinkTime: 1s, mostTokens: 400, retained: 50% }";
    expect(run(scenario(half), alone).input).toEqual([100, 251, 200, 351, 200, 351]);
    const behind = "{ turns: 3, thinkTime: 1s, mostTokens: 240, retained: 10% }";
    expect(run(scenario(behind, "    sharedPrefix: { tokens: 80 }"), alone).input).toEqual([100, 180, 180]);
    expect(run(scenario("{ turns: 2, thinkTime: 1s, mostTokens: 60 }"), alone).input).toEqual([60, 60]);
  });

  it("is as many requests as it has turns, and on average its k-th prompt is as long as k messages and k - 1 answers", () => {
    const turns = "{ empirical: [1, 2, 3, 6] }";
    const lengths = { inputTokens: "{ exponential: { mean: 200 } }", outputTokens: "{ exponential: { mean: 100 } }" };
    const { input, arrivedAt } = run(scenario(`{ turns: ${turns}, thinkTime: 1s }`, "", "", "{ rate: 40/s }"), {
      "traffic.chat.inputTokens": lengths.inputTokens,
      "traffic.chat.outputTokens": lengths.outputTokens,
    });
    // 40/s times 3 turns for 1000 s, of which the last conversations lack some.
    expect(Math.abs(arrivedAt.length / 120_000 - 1)).toBeLessThan(0.02);
    // A quarter each has 1, 2, 3 and 6 turns: the mean of 200 k + 100 (k - 1) over all turns of all of them.
    const prompts = [1, 2, 3, 6].flatMap((many) => Array.from({ length: many }, (_, k) => 200 * (k + 1) + 100 * k));
    const mean = prompts.reduce((sum, one) => sum + one, 0) / prompts.length;
    expect(Math.abs(input.reduce((sum, one) => sum + one, 0) / input.length / mean - 1)).toBeLessThan(0.02);
  });

  it("of one turn is a request as without, shared prefix and closed loop included", () => {
    const drawn = {
      horizon: "300s",
      "traffic.chat.inputTokens": "{ lognormal: { mean: 300, cv: 2 } }",
      "traffic.chat.outputTokens": "{ exponential: { mean: 90 } }",
      "providers.api.latency.ttft": "{ exponential: { mean: 2s } }",
      "traffic.chat.sharedPrefix": "{ tokens: 120, groups: 5 }",
    };
    for (const arrivals of ["{ rate: 5/s, cv: 2 }", "{ closedLoop: { clients: 9, thinkTime: { exponential: { mean: 1s } } } }"]) {
      const { summary: _, ...once } = run(scenario("{ turns: 1, thinkTime: 5s }", "", "", arrivals), drawn);
      const { summary: __, ...without } = run(scenario("", "", "", arrivals), drawn);
      expect(once).toEqual(without);
      expect(once.input.length).toBeGreaterThan(500);
    }
  });

  it("in a closed loop is followed by the next one of its client", () => {
    const loop = "{ closedLoop: { clients: 1, thinkTime: 100s } }";
    const { arrivedAt, input } = run(scenario("{ turns: 2, thinkTime: 10s }", "", "", loop), { horizon: "300s" });
    expect(arrivedAt.map((at) => Math.round(at * 1e6) / 1e6)).toEqual([100, 111.5, 213, 224.5]);
    expect(input).toEqual([100, 251, 100, 251]);
  });

  it("says and thinks the same under another policy, and meets the same fates of its attempts", () => {
    const drawn = (ttft: string) =>
      run(scenario("{ turns: { exponential: { mean: 4 } }, thinkTime: { exponential: { mean: 9s } } }", "", "", "{ rate: 1/s }"), {
        horizon: "300s",
        "traffic.chat.inputTokens": "{ exponential: { mean: 200 } }",
        "traffic.chat.outputTokens": "{ exponential: { mean: 100 } }",
        "providers.api.latency.ttft": ttft,
        "providers.api.faults": "{ errorRate: 10% }",
      });
    const signed = ({ input, output, outcome }: ReturnType<typeof run>): string[] =>
      input.map((prompt, i) => `${prompt} ${output[i]} ${outcome[i]}`).filter((text) => !text.endsWith(`${outcomeCode.unfinished}`));
    const [fast, slow] = [signed(drawn("{ constant: 100ms }")), new Set(signed(drawn("{ constant: 5s }")))];
    expect(fast.filter((one) => slow.has(one)).length).toBeGreaterThan(500);
    // What the slow one answers, the fast one has answered alike and sooner.
    const known = new Set(fast);
    expect([...slow].filter((one) => !known.has(one))).toEqual([]);
  });
});

describe("a provider's prompt cache", () => {
  const cache = (ttl: string): string => `, promptCache: { minPrefix: 100, ttl: ${ttl} }`;

  it("has the whole prompt before, and neither its answer nor the new message", () => {
    const { summary } = run(scenario("{ turns: 3, thinkTime: 10s }", "", cache("5m")), alone);
    // Prompts of 100, 251 and 402 tokens: 100 and 251 of the last two are there, and 100, 151 and 151 are written.
    expect(summary.meters.providers["api"].billed.base).toMatchObject({ input: 753, cached: 351, written: 402, output: 153 });
  });

  it("has what was retrieved for the prompts before, too, and what an agent's turns made of them", () => {
    const store = "vectorStores:\n  handbook: { concurrency: 8, read: { constant: 5ms }, promptTokens: 200 }\n";
    const given = { ...alone, "traffic.chat.path": "[handbook, api]" };
    const retrieving = run(scenario("{ turns: 3, thinkTime: 10s }", "", cache("5m")) + store, given);
    // Prompts of 300, 651 and 1,002 tokens.
    expect(retrieving.summary.meters.providers["api"].billed.base).toMatchObject({ input: 1953, cached: 300 + 651, written: 1002 });
    const agent = "    agent: { calls: 2, outputTokens: { constant: 10 }, toolTokens: 40 }";
    const calling = run(scenario("{ turns: 2, thinkTime: 10s }", agent, cache("5m")), alone);
    // Prompts of 100 and 150 tokens, then of 301 and 351.
    expect(calling.summary.meters.providers["api"].billed.base).toMatchObject({ input: 902, cached: 100 + 150 + 301, written: 351 });
  });

  it("has nothing of it after a thought as long as its time to live", () => {
    const { summary } = run(scenario("{ turns: 3, thinkTime: 60s }", "", cache("60s")), { horizon: "199s" });
    expect(summary.meters.providers["api"].billed.base).toMatchObject({ cached: 0 });
  });

  it("has only the shared prefix of a prompt whose oldest tokens were left out", () => {
    const given = "{ turns: 3, thinkTime: 10s, mostTokens: 300 }";
    const { summary } = run(scenario(given, "    sharedPrefix: { tokens: 100 }", cache("5m")), {
      ...alone,
      "traffic.chat.inputTokens": "{ constant: 120 }",
    });
    // Prompts of 120, 291 and 300 tokens.
    expect(summary.meters.providers["api"].billed.base).toMatchObject({ input: 711, cached: 120 + 100 });
  });
});

describe("a replica's prefix cache", () => {
  const replica = (prefixCache: string, more = "") =>
    run(scenario("{ turns: 3, thinkTime: 10s }", more).replace(/providers:[^]*/, `pools:\n  api: ${gpus(prefixCache)}\n`), alone).summary
      .meters.pools["api"];
  const gpus = (prefixCache: string): string =>
    `{ engine: { stepTime: { overhead: 10ms }, kvBlocks: 100, blockSize: 16, prefixCache: ${prefixCache} }, replicas: 1 }`;

  it("has what was read of the prompt before, in whole blocks", () => {
    const { prefixHits, prefixTokens } = replica("{}");
    expect([prefixHits, prefixTokens]).toEqual([96 + 240, 100 + 251 + 402]);
  });

  it("has no more of it than it keeps after use", () => {
    expect(replica("{ blocks: 4 }").prefixHits).toBe(64 + 64);
  });
});
