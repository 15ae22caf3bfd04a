import { describe, expect, it } from "vitest";
import { openModels } from "../../src/cli/catalogue.ts";
import { requestColumns } from "../../src/experiment/request-columns.ts";
import { runReplication } from "../../src/experiment/run.ts";
import { decodeScenario } from "../../src/scenario/document/decode.ts";
import { outcomeCode } from "../../src/traffic/outcome.ts";
import { decode, example, exampleWith } from "./example.ts";

const written = "client: { timeout: { total: 60s }, retry: { attempts: 3, budget: 10% } }";
const decoded = (client: string, ...flags: string[]) => decode(exampleWith(written, `client: ${client}`), ...flags);
const clientOf = (client: string, ...flags: string[]) => decoded(client, ...flags).scenario.traffic["chat"].client;

describe("a class's client by name", () => {
  it("is the preset, however it is named, and is reported with its source", () => {
    const named = decoded("sdk");
    for (const same of ["{ preset: sdk }", "{ extends: sdk }"]) expect(decoded(same)).toEqual(named);
    expect(named.scenario.traffic["chat"].client.retry).toMatchObject({ attempts: 3, budget: { tokenBucket: { capacity: 500, cost: 5 } } });
    expect(named.profiles).toContainEqual({
      path: "traffic.chat.client",
      name: "sdk",
      how: "assumed",
      source: "a test",
      asOf: "2026-01-01",
    });
  });

  it("takes what stands beside it, mapping by mapping, and says so", () => {
    const { scenario, profiles } = decoded("{ preset: sdk, timeout: { ttft: 10s }, retry: { backoff: { base: 2s } } }");
    const { timeout, retry } = scenario.traffic["chat"].client;
    expect(timeout).toEqual({ ttft: 10, attempt: { total: 600 } });
    expect(retry).toMatchObject({ attempts: 3, backoff: { base: 2, factor: 2 } });
    expect(profiles.find(({ path }) => path === "traffic.chat.client")!.changed).toEqual(["timeout", "retry"]);
  });

  it("lets one kind of budget replace the other", () => {
    expect(clientOf("{ preset: sdk, retry: { budget: 10% } }").retry.budget).toEqual({ share: 0.1, burst: 10 });
    expect(clientOf("{ preset: sdk, retry: { budget: { share: 20% } } }").retry.budget).toEqual({ share: 0.2, burst: 10 });
  });

  it("leaves out the time-out of an attempt that the class's own deadline comes before", () => {
    expect(clientOf("{ preset: sdk, timeout: { total: 60s } }").timeout).toEqual({ total: 60, attempt: {} });
    expect(clientOf("{ preset: sdk, timeout: { total: 20m } }").timeout).toEqual({ total: 1200, attempt: { total: 600 } });
    expect(clientOf("{ preset: sdk, timeout: { total: 60s, attempt: { ttft: 5s } } }").timeout).toEqual({
      total: 60,
      attempt: { ttft: 5 },
    });
  });

  it("is changed by flags, in whole and in part", () => {
    const deadline = "traffic.chat.client.timeout.total=5s";
    expect(clientOf("sdk", deadline)).toEqual(clientOf("{ preset: sdk, timeout: { total: 5s } }"));
    expect(decode(example, "traffic.chat.client=sdk", deadline).scenario).toEqual(decoded("sdk", deadline).scenario);
    for (const key of ["preset", "extends"]) {
      const { profiles } = decoded("{ preset: broken, timeout: { ttft: 1s } }", `traffic.chat.client.${key}=sdk`);
      expect(profiles.map(({ name }) => name)).toContain("sdk");
    }
  });
});

describe("a client that retries above a library that retries", () => {
  const scenario = (client: string) => `
name: a dead provider
horizon: 2h
traffic:
  chat:
    arrivals: { rate: 0.01/s }
    inputTokens: { constant: 100 }
    outputTokens: { constant: 100 }
    client: ${client}
    path: [hosted]
providers:
  hosted:
    model: gpt-5.6-luna
    latency: { ttft: { constant: 450ms }, tpot: { constant: 9ms } }
    faults: { errorRate: 100% }
`;

  /** Attempts and seconds of each request that ended without an answer. */
  function failed(client: string): { readonly attempts: number; readonly seconds: number }[] {
    const { scenario: plan } = decodeScenario({ file: "x", text: scenario(client), catalogue: openModels(), resolveFile: (path) => path });
    const { recorder } = runReplication(plan, 0, new Map());
    const { count, outcome, attempts, arrivedAt, endedAt } = requestColumns(recorder, plan);
    const all = Array.from({ length: count }, (_, i) => i).filter((i) => outcome[i] === outcomeCode.failed);
    return all.map((i) => ({ attempts: attempts[i], seconds: endedAt[i] - arrivedAt[i] }));
  }

  it.each([
    ["langchain-over-openai", 21, 63 + 7 * 1.125, 126 + 7 * 1.5],
    ["langchain-sdk-retries-off", 7, 63, 126],
    ["openai-sdk", 3, 1.125, 1.5],
    ["google-genai", 5, 15, 15],
    ["opossum", 1, 0, 0],
  ])("%s makes %i attempts at a dead provider, and waits between them as it says", (client, attempts, least, most) => {
    const requests = failed(client);
    expect(requests.length).toBeGreaterThan(30);
    const latency = 0.45 * attempts;
    for (const request of requests) {
      expect(request.attempts).toBe(attempts);
      expect(request.seconds).toBeGreaterThanOrEqual(least - 1e-6);
      expect(request.seconds).toBeLessThanOrEqual(most + latency + 1e-6);
    }
  });
});
