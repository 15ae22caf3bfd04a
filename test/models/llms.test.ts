import { describe, expect, it } from "vitest";
import * as z from "zod";
import { openCatalogue } from "../../src/cli/catalogue.ts";
import { profileMetadata } from "../../src/scenario/document/profiles.ts";
import { type LlmSettings, llmSettings } from "../../src/serving/roofline/llm-settings.ts";
import { parametersOf, readParameters } from "../../src/serving/roofline/parameters.ts";

const catalogue = openCatalogue();
const names = catalogue.names("llms");

function llm(name: string): LlmSettings {
  const given = Object.entries(catalogue.find("llms", name) as Record<string, unknown>);
  const own = Object.fromEntries(given.filter(([field]) => !(profileMetadata as readonly string[]).includes(field)));
  return z.decode(llmSettings, own as never);
}

function total(model: LlmSettings): number {
  return Object.values(parametersOf(model)).reduce((sum, part) => sum + part, 0);
}

/** Parameters in the published weights, to the last one. */
const published: Record<string, number> = {
  "llama-3.1-8b": 8_030_261_248,
  "llama-3.1-70b": 70_553_706_496,
  "llama-3.1-405b": 405_853_388_800,
  "llama-2-7b": 6_738_415_616,
  "llama-2-70b": 68_976_648_192,
  "mistral-nemo-12b": 12_247_782_400,
  "mixtral-8x7b": 46_702_792_704,
  "qwen3-14b": 14_768_307_200,
  "qwen3-32b": 32_762_123_264,
  "qwen3-235b-a22b": 235_093_634_560,
  "gpt-oss-20b": 20_914_757_184,
  "gpt-oss-120b": 116_829_156_672,
};

describe("the models of the catalogue", () => {
  it.each(Object.entries(published))("have in %s as many parameters as its weights, but for norms and biases", (name, count) => {
    const counted = total(llm(name));
    expect(counted).toBeLessThan(count);
    expect(counted / count).toBeGreaterThan(0.999);
  });

  it.each(names)("have in %s the parameters that are published, within 2 %", (name) => {
    const model = llm(name);
    expect(Math.abs(total(model) / model.parameters - 1)).toBeLessThan(0.02);
  });

  it.each(names.filter((name) => llm(name).experts !== undefined))("use in %s as many parameters a token as is published", (name) => {
    const model = llm(name);
    const counts = parametersOf(model);
    const read = readParameters(counts, model);
    expect(read).toBeLessThan(model.activeParameters! * 1.05);
    expect(read + counts.embedding).toBeGreaterThan(model.activeParameters! * 0.95);
  });

  it("are all that an engine runs", () => {
    for (const engine of catalogue.names("engines")) expect(names).toContain(engine.split("/")[0].replace(/-(bf16|fp8|fp4)$/, ""));
  });
});
