import { gpuSettings } from "../../../src/serving/roofline/gpu-settings.ts";
import { llmSettings } from "../../../src/serving/roofline/llm-settings.ts";

/** Architectures as their config.json give them, and GPUs as their data sheets do; written out here so that the formulas are tested alone. */
const llama = { heads: 32, kvHeads: 8, headSize: 128, vocabulary: 128256, context: 131072, precision: "bf16" } as const;

export const llama8b = llmSettings.parse({ ...llama, layers: 32, hidden: 4096, intermediate: 14336, parameters: 8.03e9 });
export const llama70b = llmSettings.parse({ ...llama, heads: 64, layers: 80, hidden: 8192, intermediate: 28672, parameters: 70.6e9 });
export const mixtral = llmSettings.parse({
  ...llama,
  layers: 32,
  hidden: 4096,
  intermediate: 14336,
  experts: { count: 8, active: 2, intermediate: 14336 },
  vocabulary: 32000,
  parameters: 46.7e9,
  activeParameters: 12.9e9,
});
export const gptOss = llmSettings.parse({
  layers: 36,
  hidden: 2880,
  heads: 64,
  kvHeads: 8,
  headSize: 64,
  intermediate: 2880,
  experts: { count: 128, active: 4, intermediate: 2880 },
  slidingWindow: { tokens: 128, layers: 18 },
  vocabulary: 201088,
  context: 131072,
  precision: "fp4",
  densePrecision: "bf16",
  fp4Group: 32,
  parameters: 116.8e9,
  activeParameters: 5.1e9,
});
export const deepseek = llmSettings.parse({
  layers: 61,
  hidden: 7168,
  heads: 128,
  intermediate: 18432,
  latentAttention: { kvRank: 512, ropeSize: 64, queryRank: 1536, nopeSize: 128, valueSize: 128 },
  experts: { count: 256, active: 8, shared: 1, intermediate: 2048, denseLayers: 3 },
  vocabulary: 129280,
  context: 163840,
  precision: "fp8",
  parameters: 671e9,
  activeParameters: 37e9,
});

export const h100 = gpuSettings.parse({
  memory: "81559MiB",
  bandwidth: "3.35TB/s",
  flops: { bf16: "989TFLOPS", fp8: "1979TFLOPS" },
  link: { kind: "nvlink", bandwidth: "450GB/s", peers: 1024 },
});
export const a100 = gpuSettings.parse({
  memory: "80GB",
  bandwidth: "2.039TB/s",
  flops: { bf16: "312TFLOPS" },
  link: { kind: "nvlink", bandwidth: "300GB/s", peers: 1024 },
});
