import { expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { decode } from "./example.ts";

const reserving = "{ law: reserveSettle, tpm: 2M }";

interface Given {
  readonly chat?: string;
  readonly path?: string;
  readonly limits?: string;
  readonly more?: string;
}

/** What is wrong with a scenario in which chat asks `main`, `hosted` is limited, and `digests` say how long their answers may be. */
function wrong({ chat = "", path = "[main]", limits = `limits: ${reserving}`, more = "" }: Given): string | undefined {
  const law = "arrivals: { rate: 1/s }, inputTokens: { constant: 100 }, outputTokens: { constant: 100 }";
  const provider = "{ model: gpt-small, latency: { ttft: { constant: 1s }, tpot: { constant: 1ms } }";
  try {
    decode(`name: longest answers
horizon: 1h
traffic:
  chat: { ${law}, ${chat} path: ${path} }
  digests: { ${law}, maxOutput: 500, path: [hosted] }
${more}
providers:
  main: ${provider} }
  hosted: ${provider}, ${limits} }
`);
    return undefined;
  } catch (error) {
    if (error instanceof PlanError) return error.message.split("\n")[0].replace(/^\S+: /, "");
    throw error;
  }
}

const silent = "needs defaultMaxOutput, since chat does not say how long an answer it wants";

it("a limit that reserves answers is complete where every class that asks says how long they may become", () => {
  expect(wrong({})).toBeUndefined();
  expect(wrong({ chat: "maxOutput: 500,", path: "[hosted]" })).toBeUndefined();
  expect(wrong({ path: "[hosted]" })).toBe(`providers.hosted.limits: ${silent}`);
});

it("a class asks also by fallback, by degradation, and through a quota that providers share", () => {
  expect(wrong({ path: "[{ first: [main, hosted] }]" })).toBe(`providers.hosted.limits: ${silent}`);
  const degrading = "client: { retry: { attempts: 2 }, degrade: { small: { when: { call: 2 }, first: [hosted] } } },";
  expect(wrong({ chat: degrading })).toBe(`providers.hosted.limits: ${silent}`);
  const shared = { limits: "quota: account", more: `quotas: { account: [{ law: streaming, tpm: 2M }, ${reserving}] }` };
  expect(wrong(shared)).toBeUndefined();
  expect(wrong({ ...shared, path: "[hosted]" })).toBe(`quotas.account.1: ${silent}`);
});

it("a call on the way asks for as much as its answer can be", () => {
  const asking = (output: string) => ({ path: `[{ call: hosted, ${output} }, main]` });
  expect(wrong(asking("name: embed"))).toBeUndefined();
  expect(wrong(asking("outputTokens: { lognormal: { mean: 50, cv: 1 }, max: 200 }"))).toBeUndefined();
  expect(wrong(asking("outputTokens: { lognormal: { mean: 50, cv: 1 } }"))).toBe(
    "providers.hosted.limits: needs defaultMaxOutput, since nothing bounds the outputTokens of hosted on the way of chat",
  );
});

it.each([
  ["answers do not count", "{ law: reserveSettle, tpm: 2M, outputWeight: 0 }"],
  ["only the larger of prompt and answer counts", "{ law: fixedWindow, tpm: 2M, estimate: larger }"],
  ["no tokens count", "{ law: fixedWindow, rpm: 600 }"],
  ["answers count as they are produced", "{ law: streaming, tpm: 2M }"],
  ["the limit says it itself", "{ law: utilisation, units: 15, tokensPerMinutePerUnit: 3400, defaultMaxOutput: 64k }"],
])("it does not matter where %s", (_, limits) => {
  expect(wrong({ path: "[hosted]", limits: `limits: ${limits}` })).toBeUndefined();
});
