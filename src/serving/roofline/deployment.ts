import type { SettingIssue } from "../../base/settings.ts";
import type { precisions } from "../replica/engine-settings.ts";
import type { GpuSettings } from "./gpu-settings.ts";
import type { LlmSettings } from "./llm-settings.ts";
import { heldBytes } from "./memory.ts";

export type Precision = (typeof precisions)[number];

/** A model on the GPUs of one replica, as a planner asks for it. */
export interface DeploymentRequest {
  readonly llm: LlmSettings;
  readonly gpu: GpuSettings;
  /** GPUs over which every layer is split (tensor parallel). */
  readonly tp: number;
  /** Groups of `tp` GPUs over which the sequences are spread (data-parallel attention), default 1. Routed experts are spread over all. */
  readonly dp?: number;
  /** Whether whole experts are spread over the GPUs, rather than a slice of each; default false. */
  readonly ep?: boolean;
  /** Of the weights; that of the model unless given. */
  readonly precision?: Precision | undefined;
  /** Of keys and values, default bf16. */
  readonly kvPrecision?: KvPrecision | undefined;
}

export const kvPrecisions = ["bf16", "fp8"] as const;
export type KvPrecision = (typeof kvPrecisions)[number];

/** A request with every default written out, that makes sense. */
export interface Deployment {
  readonly llm: LlmSettings;
  readonly gpu: GpuSettings;
  readonly tp: number;
  readonly dp: number;
  readonly ep: boolean;
  /** GPUs of one replica: tp·dp. */
  readonly gpus: number;
  /** In which the routed experts are held, and all other linear layers. */
  readonly precision: Precision;
  readonly densePrecision: Precision;
  readonly kvPrecision: KvPrecision;
}

/** What is wrong with a request: the setting at fault, and a message with the number and its bound. */
export interface DeploymentIssue {
  readonly key: "tp" | "dp" | "ep" | "precision" | "kvPrecision";
  readonly code: SettingIssue["code"];
  readonly message: string;
  readonly hint?: string;
}

/** The deployment, or the first thing that makes it impossible. */
export function deploymentOf(request: DeploymentRequest): Deployment | DeploymentIssue {
  const { llm, gpu, tp, dp = 1, ep = false, precision = llm.precision, kvPrecision = "bf16" } = request;
  const densePrecision = precision === llm.precision ? (llm.densePrecision ?? precision) : precision;
  const deployment: Deployment = { llm, gpu, tp, dp, ep, gpus: tp * dp, precision, densePrecision, kvPrecision };
  return splitIssue(deployment) ?? precisionIssue(deployment) ?? memoryIssue(deployment) ?? linkIssue(deployment) ?? deployment;
}

export function isIssue(result: Deployment | DeploymentIssue): result is DeploymentIssue {
  return "message" in result;
}

function splitIssue({ llm, tp, dp, ep, gpus }: Deployment): DeploymentIssue | undefined {
  const { heads, kvHeads, experts } = llm;
  if (heads % tp !== 0) {
    const hint = `allowed: ${divisors(heads).join(", ")}`;
    return { key: "tp", code: "contradiction", message: `tp ${tp} does not divide the ${heads} heads`, hint };
  }
  if (kvHeads !== undefined && kvHeads % tp !== 0 && tp % kvHeads !== 0) {
    const message = `tp ${tp} neither divides the ${kvHeads} KV heads nor is a multiple of them`;
    return { key: "tp", code: "contradiction", message };
  }
  if (experts === undefined && (ep || dp > 1)) {
    const [key, message] = ep
      ? (["ep", "without experts to spread"] as const)
      : (["dp", `so that dp ${dp} would only be ${dp} replicas`] as const);
    return { key, code: "contradiction", message: `the model is dense, ${message}`, hint: "leave it out, and give more replicas" };
  }
  if (ep && experts !== undefined && experts.count % gpus !== 0) {
    const message = `the ${experts.count} experts do not spread evenly over tp ${tp} × dp ${dp} = ${gpus} GPUs`;
    return { key: "ep", code: "contradiction", message };
  }
  return undefined;
}

function divisors(value: number): number[] {
  return Array.from({ length: value }, (_, i) => i + 1).filter((one) => value % one === 0);
}

/** A GPU that cannot compute in a precision can still hold a model that is published in it, and widens the weights as it reads them. */
function precisionIssue({ llm, gpu, precision }: Deployment): DeploymentIssue | undefined {
  if (gpu.flops[precision] !== undefined || precision === llm.precision) return undefined;
  const has = Object.entries(gpu.flops).filter(([, peak]) => peak !== undefined);
  const list = has.map(([name]) => name).join(", ");
  return { key: "precision", code: "contradiction", message: `the GPU cannot compute in ${precision}`, hint: `it has ${list}` };
}

/** In which an operation on weights of this precision is computed: the same where the GPU can, bf16 otherwise. */
export function computedIn(precision: Precision, gpu: GpuSettings): Precision {
  return gpu.flops[precision] === undefined ? "bf16" : precision;
}

function memoryIssue(deployment: Deployment): DeploymentIssue | undefined {
  const { gpu, gpus, tp, dp } = deployment;
  const held = heldBytes(deployment);
  if (held <= gpu.memory) return undefined;
  const message = `weights of ${gigabytes(held * gpus)} do not fit in ${gpus} × ${gigabytes(gpu.memory)}`;
  return { key: dp > 1 && tp === 1 ? "dp" : "tp", code: "out-of-range", message, hint: "more GPUs, or a lower precision" };
}

/** What a link joins is a server or a rack; what lies beyond it is slower, and not known here. */
function linkIssue({ gpu, gpus, tp }: Deployment): DeploymentIssue | undefined {
  const { peers } = gpu.link;
  if (gpus <= peers) return undefined;
  const message = `${gpus} GPUs are more than the ${peers} that share a link`;
  const hint = "describe the GPU under roofline.gpu, with the bandwidth and the peers of the link beyond";
  return { key: tp > peers ? "tp" : "dp", code: "out-of-range", message, hint };
}

/** Bytes as messages show them: `141 GB`. */
export function gigabytes(bytes: number): string {
  return `${Number((bytes / 1e9).toPrecision(3))} GB`;
}
