import { describe, expect, it } from "vitest";
import { llmSettings } from "../../../src/serving/roofline/llm-settings.ts";
import { parametersOf, readParameters } from "../../../src/serving/roofline/parameters.ts";
import { deepseek, gptOss, llama70b, llama8b, mixtral } from "./models.ts";

const total = (llm: typeof llama8b) => Object.values(parametersOf(llm)).reduce((sum, part) => sum + part, 0) / 1e9;
const active = (llm: typeof llama8b) => readParameters(parametersOf(llm), llm) / 1e9;

describe("parametersOf", () => {
  it("counts what is published: 8.03 G, 70.6 G, 46.7 G, 116.8 G, 671 G", () => {
    expect(total(llama8b)).toBeCloseTo(8.03, 2);
    expect(total(llama70b)).toBeCloseTo(70.55, 2);
    expect(total(mixtral)).toBeCloseTo(46.7, 1);
    expect(total(gptOss)).toBeCloseTo(116.8, 1);
    expect(total(deepseek)).toBeCloseTo(671, 0);
  });

  it("counts those that one token is multiplied with: 37 G of DeepSeek's, 5.1 G of gpt-oss', a little less where the embedding is counted", () => {
    expect(active(deepseek)).toBeGreaterThan(36);
    expect(active(deepseek)).toBeLessThan(37);
    expect(active(gptOss)).toBeCloseTo(5.13, 2);
    expect(active(mixtral)).toBeCloseTo(12.75, 1);
  });

  it("counts a tied head once, though every token is multiplied with it", () => {
    const tied = { ...llama8b, tiedEmbeddings: true };
    expect(total(llama8b) - total(tied)).toBeCloseTo(0.525, 3);
    expect(active(tied)).toBe(active(llama8b));
  });

  it("splits layers over GPUs, but no head of keys and values, no latent and no router", () => {
    const [whole, eighth, sixteenth] = [1, 8, 16].map((tp) => parametersOf(llama70b, tp));
    expect(eighth.attention).toBe(whole.attention / 8);
    expect(sixteenth.attention).toBe(whole.attention / 16 + (80 * 8192 * 128 * 2) / 2);
    const [latent, split] = [parametersOf(deepseek), parametersOf(deepseek, 8)];
    expect(split.attention - latent.attention / 8).toBeCloseTo((61 * 7168 * (1536 + 512 + 64) * 7) / 8, 0);
    expect(split.router).toBe(latent.router);
    expect(split.experts).toBe(latent.experts / 8);
  });
});

describe("llmSettings", () => {
  const sizes = { layers: 32, hidden: 4096, heads: 32, kvHeads: 8, headSize: 128, intermediate: 14336, vocabulary: 128256 };
  const given = { ...sizes, context: "131072", precision: "bf16", parameters: "8.03G" } as const;
  const messages = (change: object) => llmSettings.safeParse({ ...given, ...change }).error?.issues.map(({ message }) => message);

  it("accepts sizes that make the published number of parameters", () => {
    expect(messages({})).toBeUndefined();
  });

  it("refuses sizes that do not, with both numbers", () => {
    expect(messages({ intermediate: 11008 })).toEqual(["the sizes make 6.721 G parameters, more than 2 % off the 8.03 G published"]);
    const experts = { count: 8, active: 3, intermediate: 14336 };
    expect(messages({ experts, parameters: "47.49G", activeParameters: "12.9G" })).toEqual([
      "the sizes make 18.78 G active parameters, more than 5 % off the 12.9 G published",
    ]);
  });

  it("refuses an attention that is given twice, not at all, or does not divide", () => {
    const latentAttention = { kvRank: 512, ropeSize: 64, nopeSize: 128, valueSize: 128 };
    expect(messages({ latentAttention })).toEqual(["has latentAttention beside kvHeads or headSize"]);
    expect(messages({ kvHeads: undefined })).toEqual(["needs kvHeads and headSize, or latentAttention"]);
    expect(messages({ kvHeads: 5 })).toEqual(["kvHeads 5 does not divide the 32 heads"]);
  });

  it("refuses more experts, dense layers or windows than there are", () => {
    expect(messages({ experts: { count: 8, active: 9, intermediate: 14336 } })).toContain("active 9 is above the 8 experts that there are");
    expect(messages({ experts: { count: 8, active: 2, intermediate: 14336, denseLayers: 32 } })).toEqual([
      "denseLayers 32 leaves none of 32 layers to the experts",
    ]);
    expect(messages({ slidingWindow: { tokens: 128, layers: 33 } })).toEqual([
      "a window for 33 of 32 layers, of which one at least must see the whole prompt",
    ]);
  });
});
