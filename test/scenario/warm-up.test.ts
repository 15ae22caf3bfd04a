import { describe, expect, it } from "vitest";
import { scenarioJsonSchema } from "../../src/scenario/json-schema.ts";
import { resolvedYaml } from "../../src/scenario/resolved.ts";
import { overflowing } from "../experiment/overflowing.ts";
import { planOf } from "../experiment/systems.ts";

describe("a warm-up", () => {
  it("that is auto is 0 until it is found, and said to be open", () => {
    const { scenario, warmup } = planOf(overflowing, { warmup: "auto" }).decoded;
    expect(scenario.warmup).toBe(0);
    expect(warmup).toBe("auto");
    expect(resolvedYaml(scenario)).toContain("warmup: 0s");
    expect(planOf(overflowing).decoded).not.toHaveProperty("warmup");
  });

  it("may be either to an editor", () => {
    const { warmup } = scenarioJsonSchema()["properties"] as Record<string, Record<string, unknown>>;
    expect(JSON.stringify(warmup["anyOf"])).toContain('"auto"');
    expect(warmup["description"]).toContain("auto finds it");
  });

  it("is still a duration, shorter than the horizon", () => {
    expect(() => planOf(overflowing, { warmup: "automatic" })).toThrow("must be a duration");
    expect(() => planOf(overflowing, { warmup: "30" })).toThrow("must be a duration");
    expect(() => planOf(overflowing, { warmup: "1h" })).toThrow("the warm-up is not shorter than the horizon");
  });
});
