import { readFileSync } from "node:fs";
import { inferenceMax, type LoadProtocol } from "../../src/experiment/calibration/closed-loop.ts";
import { type Deployment, deploymentOf, isIssue, type KvPrecision, type Precision } from "../../src/serving/roofline/deployment.ts";
import { kvBlocksOf, memorySettings } from "../../src/serving/roofline/memory.ts";
import { workOf } from "../../src/serving/roofline/work.ts";
import { type ClosedLoopRow, measuredFolder } from "./closed-loop-rows.ts";
import { shippedGpu, shippedLlm } from "./shipped-models.ts";

/** A measured closed loop with what runs it. */
export interface RooflineRow extends ClosedLoopRow {
  readonly llm: string;
  readonly gpu: string;
  /** vllm, sglang or trtllm. */
  readonly engine: string;
  readonly version: string;
  readonly deployment: Deployment;
  readonly kvBlocks: number;
  readonly protocol: LoadProtocol;
}

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
  "zhipuai/GLM-5": "glm-5",
  "deepseek-ai/DeepSeek-V3": "deepseek-v3",
  "deepseek-ai/DeepSeek-R1": "deepseek-v3",
  "nvidia/DeepSeek-V3.1-NVFP4": "deepseek-v3",
};

/** Exact lengths would keep all clients in step for ever, which the TTFT of these rows contradict: real ones drift apart. */
const drifting: LoadProtocol = { requestsPerClient: 10, shortest: 0.97 };
/** Rows of SGLang 0.5.1: as many requests as clients, all at once. */
const oneBurst: LoadProtocol = { requestsPerClient: 1, shortest: 1 };

type Cells = (column: string) => string;

/** Why a row is left out, before anything about its numbers is known. */
function unfit(cell: Cells): string | undefined {
  const llm = models[cell("model")];
  if (llm === undefined) return "the model's attention cannot be described (Qwen3.5: linear attention)";
  if (cell("quant") === "int4") return "int4 weights";
  if (cell("model") === "deepseek-ai/DeepSeek-R1" && cell("engine") === "trtllm" && cell("engine_version").startsWith("1.1.0rc2")) {
    return "several tokens predicted at once, untold (half the TPOT of the same engine, GPUs and model in other rows)";
  }
  const { gpus, tp, dp } = parallelismOf(cell);
  if (gpus !== tp * dp || gpus > 8) return "more than one replica of at most 8 GPUs (prefill and decoding apart, or wide)";
  if (Number(cell("ttft_mean_ms")) > 10_000) return "TTFT above 10 s: more clients than the engine's batch or KV holds";
  return undefined;
}

/**
 * GPUs, tensor and data parallelism. Dated rows with expert parallelism give products: `tp 64, ep 8, 64 GPUs` are 8 GPUs, since the
 * same times stand elsewhere as `tp 8, ep 8, 8 GPUs`, and `attn_dp 64` are 8 groups of one. vLLM's `tp 4, attn_dp 4, ep 16` are four GPUs
 * with a group each, since they are as fast as `tp 4, ep 1`.
 */
export function parallelismOf(cell: Cells): { gpus: number; tp: number; dp: number; ep: boolean } {
  const [gpus, tp, ep, dp] = ["gpus_total", "tp", "ep", "attn_dp"].map((column) => Number(cell(column)) || 1) as [number, number, number, number];
  if (ep === 1 || cell("measured_date") === "") return { gpus, tp, dp, ep: ep > 1 };
  if (tp === dp) return { gpus: tp, tp: 1, dp, ep: true };
  if (gpus === tp * dp && gpus % (ep * ep) === 0) return { gpus: gpus / ep, tp: tp === 1 ? 1 : tp / ep, dp: dp === 1 ? 1 : dp / ep, ep: true };
  return { gpus, tp, dp, ep: true };
}

/**
 * Rows do not tell the KV's precision. With bf16 it would have been full, and requests would have waited for seconds, where they did not:
 * in rows of TensorRT-LLM and of MiniMax-M2.5. Nor does any row speak against bf16 elsewhere.
 */
function kvPrecisionOf(cell: Cells): KvPrecision {
  return cell("engine") === "trtllm" || cell("model") === "MiniMaxAI/MiniMax-M2.5" ? "fp8" : "bf16";
}

function protocolOf(cell: Cells): LoadProtocol {
  if (cell("measured_date") !== "") return inferenceMax;
  return cell("engine") === "sglang" && cell("engine_version").startsWith("0.5.1.") ? oneBurst : drifting;
}

/** All rows that one replica explains, and how many were left out why. */
export function rooflineRows(): { readonly rows: readonly RooflineRow[]; readonly leftOut: ReadonlyMap<string, number> } {
  const [header, ...lines] = readFileSync(`${measuredFolder}/closed-loop.csv`, "utf8").trim().split("\n");
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
  if (isIssue(deployment)) return `impossible: ${deployment.code}`;
  const concurrency = Number(cell("concurrency"));
  const kvBlocks = kvBlocksOf(deployment, memorySettings.parse({}), blockSize, concurrency);
  const [inputTokens, outputTokens] = [Number(cell("isl")), Number(cell("osl"))];
  if (kvBlocks * blockSize < inputTokens + outputTokens) return "no KV left beside the weights";
  return {
    llm,
    gpu,
    engine: cell("engine"),
    version: cell("engine_version"),
    deployment,
    kvBlocks,
    protocol: protocolOf(cell),
    concurrency,
    inputTokens,
    outputTokens,
    measured: { ttft: Number(cell("ttft_mean_ms")) / 1000, tpot: Number(cell("tpot_mean_ms")) / 1000 },
  };
}

export { workOf };
