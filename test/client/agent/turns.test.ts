import { describe, expect, it } from "vitest";
import { runReplication } from "../../../src/experiment/run.ts";
import { outcomeCode } from "../../../src/traffic/outcome.ts";
import { scenarioOf } from "../../experiment/systems.ts";

/** Three calls for each request, of which the last gives the answer. */
const text = (path: string, rest = ""): string => `
name: agent
seed: 3
horizon: 200s
replications: 1
traffic:
  chat:
    arrivals: { rate: 1/s }
    inputTokens: { constant: 300 }
    outputTokens: { constant: 200 }
    agent: { calls: 3, outputTokens: { constant: 20 }, toolTime: 1s, toolTokens: 100 }
    path: ${path}
${rest}
pools:
  gpus: { engine: { station: { servers: 100, service: { constant: 2s } } }, replicas: 1 }
`;

function run(path: string, rest?: string) {
  const { recorder } = runReplication(scenarioOf(text(path, rest)), 0, new Map());
  const served = Array.from({ length: recorder.count }, (_, i) => i).filter((i) => recorder.outcome[i] === outcomeCode.served);
  expect(served.length).toBeGreaterThan(100);
  return served.map((i) => ({
    servedBy: recorder.servedBy[i],
    attempts: recorder.attempts[i],
    input: recorder.inputTokens[i],
    output: recorder.outputTokens[i],
    seconds: Math.round((recorder.endedAt[i] - recorder.arrivedAt[i]) * 1e6) / 1e6,
  }));
}

describe("the turns of an agent", () => {
  it("calls its model in turns, each with the prompt before, what was written and what the tool gave", () => {
    for (const request of run("[gpus]")) {
      expect(request).toEqual({ servedBy: 0, attempts: 3, input: 300 + 2 * (20 + 100), output: 200, seconds: 3 * 2 + 2 * 1 });
    }
  });

  it("whose answer is in a cache gives the whole of it, not what its first call would have written", () => {
    const hits = run("[answers, gpus]", "caches:\n  answers: { kind: exact, hitRate: 50% }").filter(({ servedBy }) => servedBy === 0);
    expect(hits.length).toBeGreaterThan(50);
    for (const hit of hits) expect(hit).toEqual({ servedBy: 0, attempts: 0, input: 300, output: 200, seconds: 0 });
  });
});
