import { expect, it } from "vitest";
import { build } from "../../src/scenario/build.ts";
import { outcomes } from "../../src/traffic/outcome.ts";
import { Requests } from "../../src/traffic/requests.ts";
import { readText } from "../traffic/csv/read-text.ts";
import { decode } from "./example.ts";

const burst = readText(["time,input,output", ...Array.from({ length: 2000 }, () => "1,500,20")].join("\n"));

/** How many of 2,000 calls at once a provider takes whose account reserves what an answer may become. */
function taken(maxOutput: string, limits: string): number {
  const { scenario } = decode(`name: reservation
horizon: 1h
replications: 1
traffic:
  chat: { arrivals: { trace: burst.csv }, ${maxOutput} path: [hosted] }
providers:
  hosted:
    model: { inputPerMillion: $1, outputPerMillion: $1 }
    limits: { ${limits} }
    latency: { ttft: { constant: 1s }, tpot: { constant: 1ms } }
`);
  const ended: string[] = [];
  const system = build(scenario, 0, new Map([["file/burst.csv", burst]]), 600, new Requests(), (_, outcome) =>
    ended.push(outcomes[outcome]),
  );
  system.simulation.run(3600);
  expect(ended.length).toBe(2000);
  return ended.filter((outcome) => outcome === "served").length;
}

const account = "law: reserveSettle, tpm: 2M, defaultMaxOutput: 64k";

it("an account of 2M tokens a minute holds 31 calls that leave maxOutput open, and 1,333 that ask for 1,000 tokens", () => {
  expect(taken("", account)).toBe(31);
  expect(taken("maxOutput: 1000,", account)).toBe(1333);
});

it("maxOutput means nothing to an account that counts tokens as they are produced", () => {
  const streaming = "law: streaming, tpm: 600k";
  expect([taken("", streaming), taken("maxOutput: 1000,", streaming)]).toEqual([1200, 1200]);
});
