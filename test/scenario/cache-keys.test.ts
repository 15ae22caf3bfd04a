import { describe, expect, it } from "vitest";
import * as z from "zod";
import { runReplication } from "../../src/experiment/run.ts";
import { checkCacheKeys } from "../../src/scenario/cache-keys.ts";
import type { Scenario } from "../../src/scenario/schema.ts";
import { traceKey } from "../../src/traffic/arrivals/arrivals.ts";
import { scenarioOf } from "../experiment/systems.ts";
import { readText } from "../traffic/csv/read-text.ts";

const day = [
  "time,input,output,hash_ids",
  "0,1100,5,7 8 9",
  "1,1100,6,7 8 9", // asks what the first does
  "2,1101,5,7 8 9",
  "3,1100,5,7 8 10",
  "4,30,8,",
  "5,30,8,", // without hashes nobody knows whether it is the same
  "6,1100,5,7 8 9", // asks what the first does
  "7,600,5,7 8",
].join("\n");

const classOf = (name: string, more = ""): string =>
  `  ${name}: { arrivals: { trace: day.csv, hashBlock: 512${more} }, path: [answers, server] }`;

const text = (classes: string, cache = ""): string => `
name: questions
horizon: 60s
traffic:
${classes}
caches:
  answers: { kind: exact, keys: { trace: hashes }${cache} }
pools:
  server: { engine: { station: { service: { constant: 1us } } }, replicas: 1 }
`;

function answersTo(classes: string, cache = "") {
  const scenario = scenarioOf(text(classes, cache));
  const { arrivals } = Object.values(scenario.traffic)[0];
  const trace = readText(day, undefined, undefined, { hashBlock: 512 });
  const run = runReplication(scenario, 0, new Map([[traceKey(arrivals)!, trace]]));
  const { lookups, hits } = run.summary.meters.caches["answers"];
  return { lookups, hits };
}

describe("an exact cache whose keys are the prompts of a trace", () => {
  it("answers the prompts that came before with the same hashes and as many tokens", () => {
    expect(answersTo(classOf("chat"))).toEqual({ lookups: 8, hits: 2 });
    expect(answersTo(classOf("chat"), ", ttl: 3s")).toEqual({ lookups: 8, hits: 1 });
    expect(answersTo(classOf("chat"), ", capacity: 1")).toEqual({ lookups: 8, hits: 1 });
    expect(answersTo(classOf("chat"), ", deterministicShare: 0%")).toEqual({ lookups: 8, hits: 0 });
  });

  it("answers in the copies that a larger scale makes what several rows ask, and never what one row asks", () => {
    expect(answersTo(classOf("chat", ", rateScale: 3"))).toEqual({ lookups: 24, hits: 8 });
  });

  it("answers in one class what another class of the same trace has asked", () => {
    expect(answersTo([classOf("chat"), classOf("batch")].join("\n"), ", coalesce: true")).toEqual({ lookups: 16, hits: 5 });
  });
});

it("such a cache is found wherever it stands on a path", () => {
  const base = scenarioOf(text(classOf("chat")));
  const { chat } = base.traffic;
  const refused = (path: Scenario["traffic"][string]["path"]): boolean => {
    const { hashBlock: _, ...arrivals } = chat.arrivals;
    const traffic = { chat: { ...chat, arrivals, path } };
    return !z
      .custom<Scenario>()
      .superRefine(checkCacheKeys)
      .safeParse({ ...base, traffic }).success;
  };
  expect(refused(["answers", "server"])).toBe(true);
  expect(refused(["store", "answers", "server"])).toBe(true);
  expect(refused(["store", "server"])).toBe(false);
});
