import { readFileSync } from "node:fs";
import { deploymentOf, isIssue } from "../../src/serving/roofline/deployment.ts";
import type { RooflineSettings } from "../../src/serving/roofline/efficiencies.ts";
import { rooflineStepTime } from "../../src/serving/roofline/roofline.ts";
import { workOf } from "../../src/serving/roofline/work.ts";
import { StepTime, type StepTimeSettings } from "../../src/serving/replica/step-time.ts";
import { measuredFolder } from "./closed-loop-rows.ts";
import { grouped, medianOf, percent } from "./pair-errors.ts";
import { shippedGpu, shippedLlm } from "./shipped-models.ts";

/** One measured time of kernels, on GPUs that had no part in the fit or in another engine's time. */
export interface StepError {
  readonly file: string;
  readonly group: string;
  readonly phase: string;
  readonly error: number;
}

const models: Record<string, string> = {
  "meta-llama/Llama-3.1-8B": "llama-3.1-8b",
  "Qwen/Qwen3-32B": "qwen3-32b",
  "Llama-2-7b-hf": "llama-2-7b",
  "Llama-2-70b-hf": "llama-2-70b",
  "Meta-Llama-3-8B": "llama-3.1-8b",
  "Meta-Llama-3-70B": "llama-3.1-70b",
  "CodeLlama-34b-Instruct-hf": "codellama-34b",
  "llama2-70b": "llama-2-70b",
};

const gpus: Record<string, string> = {
  RTX4090: "rtx-4090",
  RTXPRO6000: "rtx-pro-6000",
  a100: "a100-80",
  "a100-80gb": "a100-80",
  h100: "h100",
  "h100-80gb": "h100",
  a40: "a40",
};

/** Weights and KV in bf16; undefined where a model or GPU is not shipped or does not fit. */
function stepTimeOf(model: string, gpu: string, tp: number, efficiencies: RooflineSettings): StepTimeSettings | undefined {
  if (models[model] === undefined || gpus[gpu] === undefined) return undefined;
  const deployment = deploymentOf({ llm: shippedLlm(models[model]), gpu: shippedGpu(gpus[gpu]), tp, precision: "bf16" });
  return isIssue(deployment) ? undefined : rooflineStepTime(workOf(deployment), deployment.gpu, efficiencies);
}

/** What the kernels of one GPU take, without the host and the other GPUs. */
function kernelsOnly(efficiencies: RooflineSettings): RooflineSettings {
  const { host, exchange } = efficiencies;
  const none = Object.fromEntries(Object.keys(host).map((key) => [key, 0])) as RooflineSettings["host"];
  return { ...efficiencies, host: none, exchange: { ...exchange, latency: 0, bandwidth: Infinity } };
}

/** The errors of efficiencies against the step files, positive where they are slower. */
export function stepErrors(efficiencies: RooflineSettings): StepError[] {
  const kernels = kernelsOnly(efficiencies);
  const servingSim = rowsOf("llmservingsim_steps.csv").flatMap((cell) => {
    const [tp, batch, context, chunk] = ["tp", "batch", "ctx", "chunk"].map((column) => Number(cell(column)));
    const law = stepTimeOf(cell("model"), cell("gpu"), tp, kernels);
    if (law === undefined) return [];
    const decodes = cell("phase") === "decode";
    const time = new StepTime(law);
    const seconds = decodes ? time.iteration(batch, batch, batch * context, 0) : time.iteration(chunk, 1, 0, (chunk * chunk) / 2);
    const group = `${models[cell("model")]} ${gpus[cell("gpu")]} ${tp}`;
    return [{ file: "llmservingsim", group, phase: cell("phase"), error: (seconds * 1000) / Number(cell("step_ms")) - 1 }];
  });
  return [...servingSim, ...splitwise(efficiencies), ...vidur(kernels)];
}

/** Whole steps of a stack of 2023. */
function splitwise(efficiencies: RooflineSettings): StepError[] {
  return rowsOf("splitwise_perf.csv").flatMap((cell) => {
    if (cell("valid") !== "True") return [];
    const [tp, prompt, batch] = ["tensor_parallel", "prompt_size", "batch_size"].map((column) => Number(cell(column)));
    const law = stepTimeOf(cell("model"), cell("hardware"), tp, efficiencies);
    if (law === undefined) return [];
    const group = `${models[cell("model")]} ${gpus[cell("hardware")]} ${tp}`;
    const time = new StepTime(law);
    const prefill = time.iteration(prompt * batch, batch, 0, (batch * prompt * prompt) / 2);
    const decode = time.iteration(batch, batch, Number(cell("mean_kv_tokens")), 0);
    return [
      { file: "splitwise", group, phase: "prefill", error: (prefill * 1000) / Number(cell("prompt_time_ms")) - 1 },
      { file: "splitwise", group, phase: "decode", error: (decode * 1000) / Number(cell("token_time_ms")) - 1 },
    ];
  });
}

/** Kernels without attention and output head; iterations of up to 128 tokens are called decoding. */
function vidur(kernels: RooflineSettings): StepError[] {
  return rowsOf("vidur_nonattention_step_ms.csv").flatMap((cell) => {
    const [tp, tokens] = [Number(cell("tp")), Number(cell("batch_tokens"))];
    const law = stepTimeOf(cell("model"), cell("gpu"), tp, kernels);
    if (law === undefined) return [];
    const seconds = new StepTime(law).iteration(tokens, 0, 0, 0);
    const phase = tokens > 128 ? "prefill" : "decode";
    return [{ file: "vidur", group: `all ${gpus[cell("gpu")]} ${tp}`, phase, error: (seconds * 1000) / Number(cell("nonattn_ms")) - 1 }];
  });
}

function rowsOf(file: string): ((column: string) => string)[] {
  const [header, ...lines] = readFileSync(`${measuredFolder}/${file}`, "utf8").trim().split(/\r?\n/);
  const columns = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return (column: string) => cells[columns.indexOf(column)];
  });
}

/** Medians of the sizes by file, model, GPU and tensor parallelism, as a Markdown table. */
export function stepTable(errors: readonly StepError[]): string {
  const groups = grouped(errors, ({ file, group }) => `${file} ${group}`);
  const lines = [...groups].map(([name, members]) => {
    const of = (phase: string) => members.filter((member) => member.phase === phase).map(({ error }) => error);
    return `| ${[...name.split(" "), members.length, percent(medianOf(of("decode"))), percent(medianOf(of("prefill")))].join(" | ")} |`;
  });
  return ["| source | model | GPU | GPUs | steps | decode | prefill |", "| :-- | :-- | :-- | --: | --: | --: | --: |", ...lines].join("\n");
}
