import { power } from "../../kernel/elementary.ts";
import { computedIn, type Deployment, type Precision } from "./deployment.ts";
import { bytesPerParameter, heldBytes, rankKvBytes, rankWindowBytes, unquantised } from "./memory.ts";
import { parametersOf } from "./parameters.ts";

/**
 * What one iteration asks of **one GPU** of the replica, for each token, sequence, KV token and pair **of the whole replica**: with
 * data-parallel attention each group has its share 1/dp of them, evenly. Bytes and FLOP, a multiply-add being two.
 */
export interface Work {
  readonly layers: number;
  /** Of these, layers with routed experts. */
  readonly expertLayers: number;
  readonly tp: number;
  readonly dp: number;
  /** GPUs of the replica, tp·dp. */
  readonly gpus: number;
  /** Weights read in every iteration: attention, dense and shared feed-forward, routers, output head. The embedding is only looked up. */
  readonly weightBytes: number;
  /** Of these the output head, in bf16. */
  readonly headBytes: number;
  /** Weights of all routed experts on the GPU; of them an iteration reads those that some token uses. */
  readonly expertBytes: number;
  /** Share of the routed experts that one token uses, active/count; 1 for a dense model. */
  readonly expertShare: number;
  /** Linear layers, with the active experts, without the output head: that is computed for the last token of a sequence alone. */
  readonly flopsPerToken: number;
  /** Of these the routed experts. */
  readonly expertFlopsPerToken: number;
  /** Output head, for each sequence that produces a token, in bf16. */
  readonly headFlopsPerSequence: number;
  /** Bytes of a token's activations, hidden numbers in bf16, once for each layer; and once for each routed expert that it is sent to. */
  readonly activationBytesPerToken: number;
  readonly expertActivationBytesPerToken: number;
  /** In which linear layers are computed, and routed experts. */
  readonly densePrecision: Precision;
  readonly expertPrecision: Precision;
  /** KV that decoding reads, per token held. */
  readonly kvBytesPerToken: number;
  /** KV of the layers with a window that decoding reads, per sequence that is longer than the window. */
  readonly windowBytesPerSequence: number;
  /** Attention of prefill over one pair of tokens, in bf16; layers with a window see few pairs and are left out. */
  readonly flopsPerPair: number;
  /** Attention of decoding over one token held; more than its bytes take where many heads share a latent. */
  readonly flopsPerKvToken: number;
  /** All-reduces among the tp GPUs of a group in an iteration. */
  readonly allReduces: number;
  /** Exchanges of tokens among all GPUs of the replica (dispatch and combine) in an iteration. */
  readonly allToAlls: number;
  /** Bytes that the GPU sends per token, over all of these, activations in bf16. */
  readonly communicationBytesPerToken: number;
  /** Weights in the GPU's memory. */
  readonly heldBytes: number;
}

/**
 * Counts what a deployment asks of each of its GPUs. With P the parameters of parametersOf on one of tp GPUs:
 *
 *     weightBytes     (attention + feedForward)·bytes + (router + head)·2       whole in every group: not divided by dp
 *     expertBytes     experts/dp·bytes                                         spread over all GPUs, as slices or whole
 *     flopsPerToken   2·(attention + feedForward + router)/dp + 2·experts·active/count/dp
 *     flopsPerPair    per layer 4·heads·headSize/gpus, or 2·heads·(nope + rope + value)/gpus with latent attention
 *     flopsPerKvToken the same, or 2·heads·(2·kvRank + rope)/gpus, since decoding works on the latents themselves
 *
 * A GPU that holds slices of all experts is given all tokens of the replica; one that holds whole experts the share 1/gpus of the copies.
 */
export function workOf(deployment: Deployment): Work {
  const { llm, gpu, tp, dp, ep, gpus, precision, densePrecision } = deployment;
  const { layers, hidden, experts: routing, slidingWindow, fp4Group, tiedEmbeddings } = llm;
  const { attention, feedForward, router, experts, embedding, head } = parametersOf(llm, tp);
  const expertShare = routing === undefined ? 1 : routing.active / routing.count;
  const headParameters = tiedEmbeddings ? embedding : head;
  const expertFlopsPerToken = (2 * experts * expertShare) / dp;
  const fullLayers = layers - (slidingWindow?.layers ?? 0);
  const expertLayers = routing === undefined ? 0 : layers - routing.denseLayers;
  return {
    layers,
    expertLayers,
    tp,
    dp,
    gpus,
    weightBytes: (attention + feedForward) * bytesPerParameter(densePrecision, fp4Group) + (router + headParameters) * unquantised,
    headBytes: headParameters * unquantised,
    expertBytes: (experts / dp) * bytesPerParameter(precision, fp4Group),
    expertShare,
    flopsPerToken: (2 * (attention + feedForward + router)) / dp + expertFlopsPerToken,
    expertFlopsPerToken,
    headFlopsPerSequence: (2 * headParameters) / dp,
    activationBytesPerToken: (layers * hidden * unquantised) / dp,
    expertActivationBytesPerToken: (expertLayers * (routing?.active ?? 0) * hidden * unquantised) / (ep ? gpus : 1),
    densePrecision: computedIn(densePrecision, gpu),
    expertPrecision: computedIn(precision, gpu),
    kvBytesPerToken: rankKvBytes(deployment) / dp,
    windowBytesPerSequence: rankWindowBytes(deployment) / dp,
    flopsPerPair: (fullLayers * pairFlops(deployment)) / gpus,
    flopsPerKvToken: (fullLayers * kvTokenFlops(deployment)) / gpus,
    ...communicationOf(deployment),
    heldBytes: heldBytes(deployment),
  };
}

/** One layer, all heads: scores and weighted values. */
function pairFlops({ llm: { heads, headSize = 0, latentAttention } }: Deployment): number {
  if (latentAttention === undefined) return 4 * heads * headSize;
  const { nopeSize, ropeSize, valueSize } = latentAttention;
  return 2 * heads * (nopeSize + ropeSize + valueSize);
}

function kvTokenFlops(deployment: Deployment): number {
  const { heads, latentAttention } = deployment.llm;
  return latentAttention === undefined ? pairFlops(deployment) : 2 * heads * (2 * latentAttention.kvRank + latentAttention.ropeSize);
}

/**
 * An all-reduce follows the attention and the feed-forward part of each layer: in a ring each GPU sends 2·(tp − 1)/tp of the
 * activations of its group's tokens, hidden·2 bytes each. With data-parallel attention the experts' part exchanges tokens among all
 * GPUs instead: slices need every token on every GPU (all-gather, reduce-scatter); whole experts only those that were sent to them, a
 * token going once to each GPU that has one of its experts, which are 1 − (1 − 1/gpus)^active of the GPUs.
 */
function communicationOf({ llm, tp, dp, ep, gpus }: Deployment): Pick<Work, "allReduces" | "allToAlls" | "communicationBytesPerToken"> {
  const { layers, hidden, experts } = llm;
  const exchanging = dp > 1 && experts !== undefined ? layers - experts.denseLayers : 0;
  const allReduces = tp > 1 ? 2 * layers - exchanging : 0;
  const token = hidden * unquantised;
  const reduced = (2 * (tp - 1) * token) / tp / dp;
  const others = (gpus - 1) / gpus;
  const reached = ep && experts !== undefined ? 1 - power(others, experts.active) : 1;
  const exchanged = 2 * others * token * reached;
  return { allReduces, allToAlls: 2 * exchanging, communicationBytesPerToken: allReduces * reduced + exchanging * exchanged };
}
