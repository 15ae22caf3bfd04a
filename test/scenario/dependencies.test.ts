import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { scenarioOf } from "../experiment/systems.ts";

const text = (path: string, store: string, more: string): string => `
name: dependencies
horizon: 1m
traffic:
  chat: { arrivals: { rate: 1/s }, inputTokens: { constant: 9 }, outputTokens: { constant: 9 }, path: ${path} }
caches:
  similar: { kind: semantic, embedding: { latency: { constant: 1ms } }, store: questions, threshold: 0.9, hitRate: 10% }
vectorStores:
  questions: { concurrency: 8, read: { constant: 1ms }, ${store} }
pools:
  gpus: { engine: { station: { servers: 9, service: { constant: 1s } } }, replicas: 1 }
${more}
`;

/** What is wrong, with its hint. */
function mistake(path: string, store = "", more = ""): string | undefined {
  try {
    scenarioOf(text(path, store, more));
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return `${error.details.path}: ${error.details.message}; ${error.details.hint}`;
  }
  return undefined;
}

describe("retries of a stage", () => {
  it.each([
    [
      "[questions, gpus]",
      "retry: { attempts: 2, on: [timedOut, throttled] }",
      "vectorStores.questions.retry.on: never happens: the time budget is over all attempts, and a store throttles nobody; on: [failed, shed]",
    ],
    [
      "[questions, { call: gpus, name: rewrite, retry: { attempts: 2, on: [timedOut] } }, gpus]",
      "",
      "traffic.chat.path: a retry of rewrite on timedOut alone never happens: the time budget is over all attempts; on: [failed, shed, throttled]",
    ],
    ["[questions, { call: gpus, retry: { attempts: 2, on: [timedOut, throttled] } }, gpus]", "retry: { attempts: 2 }", undefined],
    ["[questions, gpus]", "retry: { attempts: 1, on: [timedOut] }", undefined],
  ])("come after endings that there are: %s, %s", (path, store, expected) => {
    expect(mistake(path, store)).toBe(expected);
  });
});

describe("pipelines within pipelines", () => {
  /** Each but the last goes through the next one twice. */
  const doubling = (last: string): string =>
    `pipelines: { ${Array.from({ length: 60 }, (_, i) => `p${i}: [p${i + 1}, p${i + 1}]`).join(", ")}, p60: ${last} }`;

  it.each(["[]", "[questions]"])("are refused where they multiply beyond measure, at once: %s", (last) => {
    expect(mistake("[p0, gpus]", "", doubling(last))).toBe(
      "traffic.chat.path: has more than 1,000 stages, pipelines and branches before its targets, all pipelines written out; allowed: up to 30 stages",
    );
  });

  it("are refused as soon where a pool scales by what is to come, for which whoever calls it on the way would be looked up", () => {
    const scaled = (given: string): string =>
      given.replace("replicas: 1 }", "replicas: { min: 1, max: 2 }, scaling: { oracle: { target: 5/s } } }");
    expect(() => scenarioOf(scaled(text("[p0, gpus]", "", doubling("[]"))))).toThrow(/has more than 1,000 stages/);
  });
});

it("keys of two kinds of a stage do not go together", () => {
  expect(mistake("[{ first: [gpus], call: gpus }, gpus]")).toBe("traffic.chat.path.0.first: does not go with call; leave out one of them");
});

it("a call is not called like a cache or a store, with which reports would mix it up", () => {
  for (const name of ["similar", "questions"]) {
    expect(mistake(`[{ call: gpus, name: ${name} }, gpus]`)).toBe(
      `traffic.chat.path: the call ${name} has the name of a cache or vector store; another one: { call: gpus, name: rewrite }`,
    );
  }
  expect(mistake("[{ call: gpus, name: rewrite }, gpus]")).toBeUndefined();
});
