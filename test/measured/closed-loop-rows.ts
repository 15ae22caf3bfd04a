import { existsSync, readFileSync } from "node:fs";
import type { ClosedLoop, ClosedLoopTimes } from "../../src/experiment/calibration/closed-loop.ts";

/** Measured data of others, outside this project: what needs them is skipped where they are absent. */
export const measuredFolder = "../shared/measured";
export const measuredIsAbsent = !existsSync(measuredFolder);
if (measuredIsAbsent) console.log(`${measuredFolder} is absent: its comparisons are skipped`);

export interface ClosedLoopRow extends ClosedLoop {
  readonly measured: ClosedLoopTimes;
}

/** The measured closed loops of Llama-3.1-70B in fp8 on so many H100s with vLLM. */
export function llama70bRows(tensorParallel: number): ClosedLoopRow[] {
  const [header, ...lines] = readFileSync(`${measuredFolder}/closed-loop.csv`, "utf8").trim().split("\n");
  const columns = header.split(",");
  return lines
    .map((line) => new Map(line.split(",").map((cell, i) => [columns[i], cell])))
    .filter((row) => row.get("model") === "meta-llama/Llama-3.1-70B" && row.get("gpu") === "h100_sxm" && row.get("quant") === "fp8")
    .filter((row) => row.get("engine") === "vllm" && Number(row.get("tp")) === tensorParallel)
    .map((row) => ({
      concurrency: Number(row.get("concurrency")),
      inputTokens: Number(row.get("isl")),
      outputTokens: Number(row.get("osl")),
      measured: { ttft: Number(row.get("ttft_mean_ms")) / 1000, tpot: Number(row.get("tpot_mean_ms")) / 1000 },
    }))
    .sort((a, b) => a.inputTokens - b.inputTokens || a.outputTokens - b.outputTokens || a.concurrency - b.concurrency);
}
