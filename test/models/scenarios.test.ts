import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { openModels } from "../../src/cli/catalogue.ts";
import { decodeScenario } from "../../src/scenario/document/decode.ts";
import { scenarioJsonSchema } from "../../src/scenario/json-schema.ts";
import { example } from "../scenario/example.ts";

const folder = "models/scenarios";
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const text = (file: string) => readFileSync(`${folder}/${file}`, "utf8");
const schema = z.fromJSONSchema(scenarioJsonSchema());

describe("models/scenario.schema.json", () => {
  it("is what the code makes: `npm run schema` writes it again", () => {
    expect(readFileSync("models/scenario.schema.json", "utf8")).toBe(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  });

  it("describes every setting at the top, of traffic and of pools", () => {
    type Described = { properties: Record<string, Described>; additionalProperties: Described; description?: string };
    const { properties } = scenarioJsonSchema() as unknown as Described;
    expect(Object.keys(properties)).toEqual([
      "name",
      "seed",
      "horizon",
      "warmup",
      "replications",
      "batches",
      "demand",
      "traffic",
      "gateways",
      "caches",
      "vectorStores",
      "pipelines",
      "pools",
      "providers",
      "quotas",
      "drift",
    ]);
    const described = [
      properties,
      properties["traffic"].additionalProperties.properties,
      properties["pools"].additionalProperties.properties,
    ];
    for (const group of described) for (const [key, { description }] of Object.entries(group)) expect(description, key).toMatch(/\w{3}/);
  });

  it.each(files)("accepts %s", (file) => {
    expect(schema.safeParse(parse(text(file))).error).toBeUndefined();
  });

  it("accepts limits alone, in a list, with names, by a profile's name and changed one by one, and refuses typos in them", () => {
    const { providers } = parse(example) as { providers: { hosted: object } };
    const accepts = (limits: unknown): boolean => {
      const hosted = { ...providers.hosted, limits };
      return schema.safeParse({ ...(parse(example) as object), providers: { hosted }, quotas: { account: limits } }).success;
    };
    const bucket = { law: "tokenBucket", rpm: 5000 };
    const written = [bucket, [bucket, bucket], { calls: bucket }, "any/name", { extends: "any/name", rpm: 9, calls: { rpm: 9 } }];
    for (const limits of written) expect(accepts(limits)).toBe(true);
    const typo = { law: "tokenBucket", rpmm: 5000 };
    for (const limits of [
      typo,
      [bucket, typo],
      { calls: typo },
      { extends: "any/name", rpmm: 9 },
      { extends: "any/name", calls: { rpmm: 9 } },
    ]) {
      expect(accepts(limits)).toBe(false);
    }
  });

  it("accepts profiles by name and extended, and refuses typos beside them", () => {
    const pool = (engine: unknown) => ({ ...(parse(example) as object), pools: { gpus: { engine, replicas: 1 } } });
    expect(schema.safeParse(pool("llama-3.1-8b/h100/tp1")).success).toBe(true);
    expect(schema.safeParse(pool({ extends: "llama-3.1-8b/h100/tp1", maxSequences: 64 })).success).toBe(true);
    expect(schema.safeParse(pool({ extends: "llama-3.1-8b/h100/tp1", maxSequencs: 64 })).success).toBe(false);
    expect(schema.safeParse(pool({ maxSequencs: 64 })).success).toBe(false);
    expect(schema.safeParse({ ...(parse(example) as object), sede: 3 }).success).toBe(false);
  });

  it("accepts clients by name, by preset with overrides, and refuses typos beside them", () => {
    const chat = { arrivals: { rate: "1/s" }, path: ["gpus"] };
    const called = (client: unknown) => ({ ...(parse(example) as object), traffic: { chat: { ...chat, client } } });
    for (const key of ["preset", "extends"]) {
      expect(schema.safeParse(called({ [key]: "openai-sdk", timeout: { ttft: "10s" } })).success).toBe(true);
      expect(schema.safeParse(called({ [key]: "openai-sdk", retry: { backoff: { base: "1s" } } })).success).toBe(true);
      expect(schema.safeParse(called({ [key]: "openai-sdk", timout: { ttft: "10s" } })).success).toBe(false);
    }
    expect(schema.safeParse(called("openai-sdk")).success).toBe(true);
    expect(schema.safeParse(called({ present: "openai-sdk" })).success).toBe(false);
  });
});

describe("the scenarios of models/", () => {
  const decode = (file: string) => decodeScenario({ file, text: text(file), catalogue: openModels(), resolveFile: (path) => path });

  it.each(files)("decode: %s", (file) => {
    expect(decode(file).scenario.name.length).toBeGreaterThan(3);
  });

  it("start with the line by which editors find the schema, and a comment to the planner", () => {
    for (const file of files) expect(text(file)).toMatch(/^# yaml-language-server: \$schema=\.\.\/scenario\.schema\.json\n# [A-Z]/);
  });

  it("rest on profiles that say how they are known", () => {
    const { profiles } = decode("launch.yaml");
    expect(profiles.map(({ path, name }) => `${path}: ${name}`)).toEqual([
      "pools.gpus.engine: llama-3.1-8b/h100/tp1",
      "pools.gpus.coldStart: 8b-kubernetes",
      "pools.gpus.price: aws-on-demand",
      "providers.openai.model: gpt-5.6-luna",
    ]);
  });
});
