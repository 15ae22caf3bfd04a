import type * as z from "zod";
import { bytes, settings, share } from "../../base/settings.ts";
import type { Deployment, Precision } from "./deployment.ts";
import { kvHeadsOf, parametersOf } from "./parameters.ts";

/** What an engine leaves of the memory for KV. */
export const memorySettings = settings({
  share: share({ above: 0, max: 1 }).prefault("90%").describe("share of each GPU's memory that the engine uses"),
  reserved: bytes({ min: 0 }).prefault("2.5GB").describe("of that on each GPU, for activations and the runtime"),
});

export type MemorySettings = z.infer<typeof memorySettings>;

/** Bytes of one parameter: bits of the format, and for fp4 the scale that a group shares. */
export function bytesPerParameter(precision: Precision, fp4Group: number): number {
  return { bf16: 2, fp8: 1, fp4: 0.5 + 1 / fp4Group }[precision];
}

/** What is never quantised: embedding, output head, router. */
export const unquantised = 2;

/** Bytes of all weights that one GPU of the replica holds. */
export function heldBytes({ llm, tp, dp, precision, densePrecision }: Deployment): number {
  const { attention, feedForward, router, experts, embedding, head } = parametersOf(llm, tp);
  const dense = (attention + feedForward) * bytesPerParameter(densePrecision, llm.fp4Group);
  const routed = (experts / dp) * bytesPerParameter(precision, llm.fp4Group);
  return dense + routed + (router + embedding + head) * unquantised;
}

/** KV of one token in one layer on one GPU, in bytes: keys and values of its heads, or the latent, which every GPU holds whole. */
function kvBytesPerLayer({ llm, tp, kvPrecision }: Deployment): number {
  const numbers =
    llm.latentAttention === undefined ? 2 * kvHeadsOf(llm, tp) * llm.headSize! : llm.latentAttention.kvRank + llm.latentAttention.ropeSize;
  return numbers * bytesPerParameter(kvPrecision, llm.fp4Group);
}

/** KV of one token of a sequence on one GPU of the group that serves it, in bytes; layers with a window are counted apart. */
export function rankKvBytes(deployment: Deployment): number {
  const { layers, slidingWindow } = deployment.llm;
  return (layers - (slidingWindow?.layers ?? 0)) * kvBytesPerLayer(deployment);
}

/** KV that the layers with a window keep of one long sequence on one GPU of its group, in bytes. */
export function rankWindowBytes(deployment: Deployment): number {
  const { slidingWindow } = deployment.llm;
  return slidingWindow === undefined ? 0 : slidingWindow.layers * slidingWindow.tokens * kvBytesPerLayer(deployment);
}

/**
 * KV blocks of one replica:
 *
 *     dp · floor((memory·share − reserved − weights held − windows) / (blockSize · KV bytes of a token)), all on one GPU
 *
 * since the groups hold different sequences and the GPUs of a group parts of the same, or copies of it. Zero or less: nothing is left.
 * @param sequences most in the batch, whose windows need room
 */
export function kvBlocksOf(deployment: Deployment, memory: MemorySettings, blockSize: number, sequences: number): number {
  const { gpu, dp } = deployment;
  const windows = rankWindowBytes(deployment) * Math.ceil(sequences / dp);
  const left = gpu.memory * memory.share - memory.reserved - heldBytes(deployment) - windows;
  return dp * Math.floor(left / (blockSize * rankKvBytes(deployment)));
}

/** Bytes of one token's KV over the whole replica, each number counted once; layers with a window are left out. */
export function kvBytesOf(deployment: Deployment): number {
  return rankKvBytes({ ...deployment, tp: 1 });
}
