import { describe, expect, it } from "vitest";
import { deploymentOf, type DeploymentRequest, isIssue } from "../../../src/serving/roofline/deployment.ts";
import { a100, deepseek, gptOss, h100, llama70b, llama8b } from "./models.ts";

function message(request: DeploymentRequest): string {
  const result = deploymentOf(request);
  return isIssue(result) ? `${result.key}: ${result.message}${result.hint === undefined ? "" : ` (${result.hint})`}` : "possible";
}

describe("deploymentOf", () => {
  it("takes the precision in which a model is published, and KV in bf16, unless told otherwise", () => {
    expect(deploymentOf({ llm: llama8b, gpu: h100, tp: 2 })).toMatchObject({
      gpus: 2,
      dp: 1,
      ep: false,
      precision: "bf16",
      kvPrecision: "bf16",
    });
    expect(deploymentOf({ llm: gptOss, gpu: h100, tp: 1 })).toMatchObject({ precision: "fp4", densePrecision: "bf16" });
    expect(deploymentOf({ llm: gptOss, gpu: h100, tp: 4, precision: "fp8" })).toMatchObject({ precision: "fp8", densePrecision: "fp8" });
  });

  it("names the number and the bound of what is impossible", () => {
    const wide = { ...llama8b, heads: 24, kvHeads: 8 };
    expect([
      message({ llm: llama8b, gpu: h100, tp: 3 }),
      message({ llm: wide, gpu: h100, tp: 6 }),
      message({ llm: llama8b, gpu: a100, tp: 1, precision: "fp8" }),
      message({ llm: llama8b, gpu: h100, tp: 1, precision: "fp4" }),
      message({ llm: llama70b, gpu: h100, tp: 1 }),
      message({ llm: deepseek, gpu: h100, tp: 4 }),
      message({ llm: llama8b, gpu: h100, tp: 1, dp: 2 }),
      message({ llm: llama8b, gpu: h100, tp: 1, ep: true }),
      message({ llm: deepseek, gpu: h100, tp: 1, dp: 24, ep: true }),
    ]).toMatchInlineSnapshot(`
      [
        "tp: tp 3 does not divide the 32 heads (allowed: 1, 2, 4, 8, 16, 32)",
        "tp: tp 6 neither divides the 8 KV heads nor is a multiple of them",
        "precision: the GPU cannot compute in fp8 (it has bf16)",
        "precision: the GPU cannot compute in fp4 (it has bf16, fp8)",
        "tp: weights of 141 GB do not fit in 1 × 85.5 GB (more GPUs, or a lower precision)",
        "tp: weights of 676 GB do not fit in 4 × 85.5 GB (more GPUs, or a lower precision)",
        "dp: the model is dense, so that dp 2 would only be 2 replicas (leave it out, and give more replicas)",
        "ep: the model is dense, without experts to spread (leave it out, and give more replicas)",
        "ep: the 256 experts do not spread evenly over tp 1 × dp 24 = 24 GPUs",
      ]
    `);
  });

  it("lets a GPU hold a model in the precision in which it is published, even where it cannot compute in it", () => {
    expect(message({ llm: gptOss, gpu: a100, tp: 1 })).toBe("possible");
    expect(message({ llm: deepseek, gpu: a100, tp: 16 })).toBe("possible");
  });
});
