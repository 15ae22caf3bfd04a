import { expect, it } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { overflowing } from "../experiment/overflowing.ts";
import { scenarioOf } from "../experiment/systems.ts";

function requestsUnder(assignments: Readonly<Record<string, string>>, replication = 0) {
  const { recorder } = runReplication(scenarioOf(overflowing, { horizon: "5m", ...assignments }), replication, new Map());
  const { count } = recorder;
  return {
    arrivedAt: recorder.arrivedAt.slice(0, count),
    inputTokens: recorder.inputTokens.slice(0, count),
    outputTokens: recorder.outputTokens.slice(0, count),
    endedAt: recorder.endedAt.slice(0, count),
    cached: recorder.servedBy.slice(0, count).map((by) => (by === 0 ? 1 : 0)),
  };
}

const base = requestsUnder({});

it.each<[string, Record<string, string>]>([
  ["another size of the fleet", { "pools.gpus.replicas": "{ min: 3, max: 4 }" }],
  ["another router", { "pools.gpus.routing": "random" }],
  ["shorter time-outs and more retries", { "traffic.chat.client": "{ timeout: { total: 5s }, retry: { attempts: 6 } }" }],
  [
    "another provider beside",
    {
      "providers.spare":
        "{ model: { inputPerMillion: $1, outputPerMillion: $1 }, latency: { ttft: { constant: 1s }, tpot: { constant: 1ms } } }",
    },
  ],
])("under %s the same requests arrive with the same lengths and the same cache hits", (_, assignments) => {
  const other = requestsUnder(assignments);
  expect(other.arrivedAt).toEqual(base.arrivedAt);
  expect(other.inputTokens).toEqual(base.inputTokens);
  expect(other.outputTokens).toEqual(base.outputTokens);
  expect(other.cached).toEqual(base.cached);
});

it("the same seed gives the same moments, another seed or replication does not", () => {
  expect(requestsUnder({})).toEqual(base);
  expect(requestsUnder({ seed: "2" }).arrivedAt).not.toEqual(base.arrivedAt);
  expect(requestsUnder({}, 1).arrivedAt).not.toEqual(base.arrivedAt);
});

it("more traffic of one class changes nothing for another that shares no queue with it", () => {
  const alone = "  alone: { engine: { station: { service: { exponential: { mean: 50ms } } } }, replicas: 1 }";
  const other = (rate: string) => `  other:
    arrivals: { rate: ${rate} }
    inputTokens: { constant: 10 }
    outputTokens: { constant: 10 }
    path: [answers, alone]`;
  const two = (rate: string) =>
    overflowing.replace("\ntraffic:\n", `\ntraffic:\n${other(rate)}\n`).replace("\npools:\n", `\npools:\n${alone}\n`);
  const chatOf = (rate: string) => {
    const scenario = scenarioOf(two(rate), { horizon: "5m" });
    const { recorder } = runReplication(scenario, 0, new Map());
    const rows = Array.from({ length: recorder.count }, (_, i) => i).filter((i) => recorder.trafficClass[i] === 1);
    return rows.map((i) => [
      recorder.arrivedAt[i],
      recorder.outcome[i],
      recorder.servedBy[i],
      recorder.firstTokenAt[i],
      recorder.endedAt[i],
    ]);
  };
  expect(chatOf("5/s")).toEqual(chatOf("1/s"));
});
