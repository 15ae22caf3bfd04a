import { readFileSync } from "node:fs";
import { inferenceMax, type LoadProtocol } from "../../src/experiment/calibration/closed-loop.ts";
import { type Deployment, deploymentOf, isIssue, type KvPrecision, type Precision } from "../../src/serving/roofline/deployment.ts";
import { kvBlocksOf, memorySettings } from "../../src/serving/roofline/memory.ts";
import { type ClosedLoopRow, measuredFolder } from "./closed-loop-rows.ts";
import { shippedGpu, shippedLlm } from "./shipped-models.ts";

/** A measured closed loop with what runs it. */
export interface RooflineRow extends ClosedLoopRow {
  readonly llm: string;
  readonly gpu: string;
  readonly engine: EngineName;
  readonly deployment: Deployment;
  readonly kvBlocks: number;
  readonly protocol: LoadProtocol;
  /** False where the first tokens waited for kernels to be compiled. */
  readonly ttftCounts: boolean;
}

export const engineNames = ["vllm", "sglang", "trtllm"] as const;
export type EngineName = (typeof engineNames)[number];

export const blockSize = 16;

/** Models of the rows as models/llms calls them. DeepSeek-R1 and V3.1 are of the shape of V3. */
const models: Record<string, string> = {
  "meta-llama/Llama-3.1-8B-Instruct": "llama-3.1-8b",
  "nvidia/Llama-3.1-8B-Instruct-FP8": "llama-3.1-8b",
  "meta-llama/Llama-3.1-70B": "llama-3.1-70b",
  "Qwen/Qwen3-32B": "qwen3-32b",
  "nvidia/Qwen3-32B-NVFP4": "qwen3-32b",
  "Qwen/Qwen3-235B-A22B-FP8": "qwen3-235b-a22b",
  "MiniMaxAI/MiniMax-M2.5": "minimax-m2.5",
  "moonshotai/Kimi-K2.5": "kimi-k2.5",
  "Qwen/Qwen3.5-397B-A17B": "qwen3.5-397b-a17b",
  "zhipuai/GLM-5": "glm-5",
  "deepseek-ai/DeepSeek-V3": "deepseek-v3",
  "deepseek-ai/DeepSeek-R1": "deepseek-v3",
  "nvidia/DeepSeek-V3.1-NVFP4": "deepseek-v3",
};

/**
 * Undated rows have exact lengths. Those would keep all clients of a simulation in step for ever, which the TTFT of vLLM's and
 * TensorRT-LLM's rows contradict: real clients drift apart.
 */
const drifting: LoadProtocol = { requestsPerClient: 10, shortest: 0.97 };
/** SGLang's undated rows of Qwen3-32B: as many requests as clients, all at once; TPOT then fits to 2 %, otherwise to 12 %. */
const oneBurst: LoadProtocol = { requestsPerClient: 1, shortest: 1 };

type Cells = (column: string) => string;

/** Why a row is left out, before anything is asked of its times. */
function unfit(cell: Cells): string | undefined {
  const { gpus, tp, dp } = parallelismOf(cell);
  const [model, engine, gpu, dated] = [cell("model"), cell("engine"), cell("gpu"), cell("measured_date") !== ""];
  if (models[model] === undefined) return `${model} is not in models/llms`;
  if (cell("quant") === "int4") return "weights in int4";
  if (gpus !== tp * dp || gpus > 8) return "prefill and decoding apart, or spread over more than 8 GPUs";
  if (Number(cell("ttft_mean_ms")) > 10_000) return "TTFT above 10 s: more clients than the batch or the KV holds";
  if (model === "deepseek-ai/DeepSeek-R1" && engine === "trtllm" && cell("engine_version").startsWith("1.1.0rc2")) {
    return "several tokens predicted at once, untold: TensorRT-LLM 1.1 with DeepSeek-R1 has down to half the TPOT that it has with V3 on the same GPUs";
  }
  if (dated && cell("source").includes("_epnone")) {
    return "single rows of 4,000 or 15,000 tokens in, some beyond the peak of their GPUs by a factor: their clients had more replicas";
  }
  if (model.startsWith("nvidia/Llama-3.1-8B") && engine === "vllm" && gpu === "h200_sxm") {
    return "prompts were cached: vLLM 0.12 with Llama-3.1-8B on H200, whose FLOP and bytes one after the other at peak take up to 1.3 times as long";
  }
  return undefined;
}

/**
 * GPUs, tensor and data parallelism. Dated rows with expert parallelism give products: `tp 64, ep 8, 64 GPUs` are 8 GPUs, since the
 * same times stand elsewhere as `tp 8, ep 8, 8 GPUs`, and `attn_dp 64` are 8 groups of one. vLLM's `tp 4, attn_dp 4, ep 16` are four GPUs
 * with a group each, since they are as fast as `tp 4, ep 1`.
 */
function parallelismOf(cell: Cells): { gpus: number; tp: number; dp: number; ep: boolean } {
  const [gpus, tp, ep, dp] = ["gpus_total", "tp", "ep", "attn_dp"].map((column) => Number(cell(column)) || 1) as [
    number,
    number,
    number,
    number,
  ];
  if (ep === 1 || cell("measured_date") === "") return { gpus, tp, dp, ep: ep > 1 };
  if (tp === dp) return { gpus: tp, tp: 1, dp, ep: true };
  if (gpus === tp * dp && gpus % (ep * ep) === 0)
    return { gpus: gpus / ep, tp: tp === 1 ? 1 : tp / ep, dp: dp === 1 ? 1 : dp / ep, ep: true };
  return { gpus, tp, dp, ep: true };
}

/**
 * Rows do not tell the KV's precision. With bf16 it would have been full, and requests would have waited for seconds, where they did not:
 * in rows of TensorRT-LLM and of MiniMax-M2.5. Nor does any row speak against bf16 elsewhere.
 */
function kvPrecisionOf(cell: Cells): KvPrecision {
  return cell("engine") === "trtllm" || cell("model") === "MiniMaxAI/MiniMax-M2.5" ? "fp8" : "bf16";
}

/** SGLang on B200 in 2025: 7 s with 32 clients and 1,024 tokens, where it took 0.5 s some months later. */
function compiledMeanwhile(cell: Cells): boolean {
  return cell("engine") === "sglang" && cell("gpu") === "b200_sxm" && cell("measured_date") < "2026" && cell("measured_date") !== "";
}

function protocolOf(cell: Cells): LoadProtocol {
  if (cell("measured_date") !== "") return inferenceMax;
  return cell("engine") === "sglang" && cell("engine_version").startsWith("0.5.1.") ? oneBurst : drifting;
}

/** All rows that one replica explains, and how many were left out why. */
export function rooflineRows(): { readonly rows: readonly RooflineRow[]; readonly leftOut: ReadonlyMap<string, number> } {
  const [header, ...lines] = readFileSync(`${measuredFolder}/closed-loop.csv`, "utf8").trim().split(/\r?\n/);
  const columns = header.split(",");
  const leftOut = new Map<string, number>();
  const seen = new Set<string>();
  const rows = lines.flatMap((line) => {
    const cells = line.split(",");
    const cell: Cells = (column) => cells[columns.indexOf(column)];
    const found = rowOf(cell, seen);
    if (typeof found !== "string") return [found];
    leftOut.set(found, (leftOut.get(found) ?? 0) + 1);
    return [];
  });
  return { rows, leftOut };
}

function rowOf(cell: Cells, seen: Set<string>): RooflineRow | string {
  const reason = unfit(cell);
  if (reason !== undefined) return reason;
  const llm = models[cell("model")];
  const gpu = cell("gpu").replace("_sxm", "");
  const same = [llm, gpu, ...["engine", "isl", "osl", "concurrency", "ttft_mean_ms", "tpot_mean_ms"].map(cell)].join();
  if (seen.has(same)) return "the same measurement once more";
  seen.add(same);
  const { tp, dp, ep } = parallelismOf(cell);
  const precision = (cell("quant") || "bf16") as Precision;
  const deployment = deploymentOf({ llm: shippedLlm(llm), gpu: shippedGpu(gpu), tp, dp, ep, precision, kvPrecision: kvPrecisionOf(cell) });
  if (isIssue(deployment)) return "weights that do not fit in the memory of so few GPUs";
  const concurrency = Number(cell("concurrency"));
  const kvBlocks = kvBlocksOf(deployment, memorySettings.parse({}), blockSize, concurrency);
  const [inputTokens, outputTokens] = [Number(cell("isl")), Number(cell("osl"))];
  if (kvBlocks * blockSize < inputTokens + outputTokens) return "no KV left beside the weights";
  return {
    llm,
    gpu,
    engine: cell("engine") as EngineName,
    deployment,
    kvBlocks,
    protocol: protocolOf(cell),
    ttftCounts: !compiledMeanwhile(cell),
    concurrency,
    inputTokens,
    outputTokens,
    measured: { ttft: Number(cell("ttft_mean_ms")) / 1000, tpot: Number(cell("tpot_mean_ms")) / 1000 },
  };
}
