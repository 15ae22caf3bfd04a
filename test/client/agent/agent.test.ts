import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runReplication } from "../../../src/experiment/run.ts";
import { outcomeCode } from "../../../src/traffic/outcome.ts";
import { scenarioOf } from "../../experiment/systems.ts";

/** One request after the other at a provider that takes a second to the first token and 10 ms a token. */
const agentic = (agent: string, client = "{}", more = "") => `
name: Agent
horizon: 1h
traffic:
  chat:
    arrivals: { closedLoop: { clients: 1, thinkTime: 1s } }
    inputTokens: { constant: 100 }
    outputTokens: { constant: 51 }
    agent: ${agent}
    client: ${client}
    path: [api]
providers:
  api:
    model: { inputPerMillion: $1, outputPerMillion: $1 }
    latency: { ttft: { constant: 1s }, tpot: { constant: 10ms } }
    ${more}
`;

function run(text: string) {
  const { recorder, summary } = runReplication(scenarioOf(text), 0, new Map());
  const ended = Array.from({ length: recorder.count }, (_, i) => i).filter((i) => recorder.outcome[i] !== outcomeCode.unfinished);
  return { recorder, summary, ended };
}

describe("an agent", () => {
  it("takes the time of all its turns and of the tools in between, and its first token is that of the last turn", () => {
    const { recorder, ended } = run(agentic("{ calls: 3, outputTokens: { constant: 21 }, toolTime: 2s, toolTokens: 300 }"));
    expect(ended.length).toBeGreaterThan(100);
    for (const i of ended) {
      // Two turns of 21 tokens (1.2 s each), two tools, and a last turn of 51.
      expect(recorder.firstTokenAt[i] - recorder.arrivedAt[i]).toBeCloseTo(2 * 1.2 + 2 * 2 + 1, 9);
      expect(recorder.endedAt[i] - recorder.arrivedAt[i]).toBeCloseTo(2 * 1.2 + 2 * 2 + 1.5, 9);
      expect([recorder.attempts[i], recorder.outputTokens[i]]).toEqual([3, 51]);
    }
  });

  it("reads in each turn all that was said before", () => {
    const { ended, recorder, summary } = run(agentic("{ calls: 3, outputTokens: { constant: 21 }, toolTokens: 300 }"));
    const prompts = [100, 100 + 21 + 300, 100 + 2 * (21 + 300)];
    for (const i of ended) expect(recorder.inputTokens[i]).toBe(prompts[2]);
    const { input, output } = summary.meters.providers["api"].billed.base;
    const per = prompts.reduce((sum, one) => sum + one, 0);
    const whole = ended.length * per;
    // The request under way at the end may have been billed for some of its turns.
    expect(input - whole).toBeGreaterThanOrEqual(0);
    expect(input - whole).toBeLessThanOrEqual(per);
    expect(output - ended.length * (2 * 21 + 51)).toBeLessThanOrEqual(2 * 21 + 51);
  });

  it("that is called once is no agent", () => {
    const fates = (text: string) => {
      const { recorder, ended } = run(text);
      return ended.map((i) => [recorder.arrivedAt[i], recorder.firstTokenAt[i], recorder.endedAt[i], recorder.inputTokens[i]]);
    };
    const one = agentic("{ calls: 1, outputTokens: { constant: 5 }, toolTime: 1m }");
    expect(fates(one)).toEqual(fates(one.replace(/ +agent:.*\n/, "")));
  });

  it("answers later than its user's patience unless the last turn has begun to answer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 10, max: 80 }), (calls, tenths) => {
        const patience = tenths / 10 + 0.05;
        const { recorder, ended } = run(
          agentic(`{ calls: ${calls}, outputTokens: { constant: 21 } }`, `{ timeout: { ttft: ${patience}s } }`),
        );
        const firstToken = (calls - 1) * 1.2 + 1;
        const expected = firstToken < patience ? outcomeCode.served : outcomeCode.timedOut;
        expect(new Set(ended.map((i) => recorder.outcome[i]))).toEqual(new Set([expected]));
      }),
      { numRuns: 40 },
    );
  });

  it("retries each turn as often as its client may", () => {
    const { recorder, ended } = run(
      agentic(
        "{ calls: 2, outputTokens: { constant: 21 } }",
        "{ retry: { attempts: 3, backoff: { base: 1ms, jitter: none } } }",
        "faults: { errorRate: 50% }",
      ),
    );
    for (const i of ended) {
      const served = recorder.outcome[i] === outcomeCode.served;
      const most = served ? 6 : recorder.attempts[i] <= 3 ? 3 : 6;
      expect(recorder.attempts[i]).toBeLessThanOrEqual(most);
    }
    // Each turn is answered in one of three attempts, in 7 of 8 cases.
    const share = ended.filter((i) => recorder.outcome[i] === outcomeCode.served).length / ended.length;
    expect(Math.abs(share - 0.875 ** 2)).toBeLessThan(5 * Math.sqrt((0.875 ** 2 * (1 - 0.875 ** 2)) / ended.length));
  });

  it("has what it read in earlier turns found in the prompt cache", () => {
    const text = agentic("{ calls: 3, outputTokens: { constant: 21 }, toolTokens: 300 }", "{}", "promptCache: { minPrefix: 50 }");
    const { ended, summary } = run(text);
    const { input, cached } = summary.meters.providers["api"].billed.base;
    // Prompts of 100, 421 and 742 tokens, of which the last two begin with those before.
    const per = 100 + 421;
    expect(cached - ended.length * per).toBeGreaterThanOrEqual(0);
    expect(cached - ended.length * per).toBeLessThanOrEqual(per);
    expect(input - ended.length * 1263).toBeLessThanOrEqual(1263);
  });
});
