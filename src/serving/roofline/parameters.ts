import type { LlmSettings } from "./llm-settings.ts";

/**
 * Parameters of all layers, by what becomes of them. Norms and biases, less than one in a thousand, are left out.
 *
 *     attention     hidden·headSize·(2·heads + 2·kvHeads) per layer: queries, output, keys, values
 *     feedForward   3·hidden·intermediate per dense layer: gate, up, down; and the same for shared experts
 *     router        hidden·experts per layer with experts
 *     experts       3·hidden·intermediate per routed expert
 *     embedding     vocabulary·hidden, only looked up; head the same, but multiplied: none of its own where the two are tied
 */
export interface Parameters {
  readonly attention: number;
  readonly feedForward: number;
  readonly router: number;
  readonly experts: number;
  readonly embedding: number;
  readonly head: number;
}

/**
 * @param tp GPUs over which a layer is split; the counts are those of one of them. Keys and values of one head, the latents' projections
 *   and the router cannot be split and are held by each. Experts are counted as if split likewise.
 */
export function parametersOf(llm: LlmSettings, tp = 1): Parameters {
  const { layers, hidden, intermediate, experts, vocabulary, tiedEmbeddings } = llm;
  const expertLayers = experts === undefined ? 0 : layers - experts.denseLayers;
  const dense = 3 * hidden * intermediate * (layers - expertLayers);
  const sharedSize = experts === undefined ? 0 : experts.shared * (experts.sharedIntermediate ?? experts.intermediate);
  return {
    attention: attentionParameters(llm, tp) * layers,
    feedForward: (dense + 3 * hidden * sharedSize * expertLayers) / tp,
    router: hidden * (experts?.count ?? 0) * expertLayers,
    experts: (3 * hidden * (experts?.intermediate ?? 0) * (experts?.count ?? 0) * expertLayers) / tp,
    embedding: (vocabulary * hidden) / tp,
    head: tiedEmbeddings ? 0 : (vocabulary * hidden) / tp,
  };
}

/** KV heads that one of `tp` GPUs holds: one at least, so that they are held several times where there are fewer than GPUs. */
export function kvHeadsOf({ kvHeads }: LlmSettings, tp: number): number {
  return Math.max(1, (kvHeads ?? 1) / tp);
}

/** Of one layer, on one of `tp` GPUs. */
function attentionParameters(llm: LlmSettings, tp: number): number {
  const { hidden, heads, headSize = 0, latentAttention } = llm;
  if (latentAttention === undefined) return hidden * headSize * (2 * (heads / tp) + 2 * kvHeadsOf(llm, tp));
  const { kvRank, ropeSize, queryRank, nopeSize, valueSize } = latentAttention;
  const [own, queryOut] = [heads / tp, nopeSize + ropeSize];
  const queries = queryRank === undefined ? hidden * own * queryOut : hidden * queryRank + queryRank * own * queryOut;
  return queries + hidden * (kvRank + ropeSize) + kvRank * own * (nopeSize + valueSize) + own * valueSize * hidden;
}

/** Parameters that one token is multiplied with: all but the embedding and the experts that it does not use. */
export function readParameters(counts: Parameters, { experts, tiedEmbeddings }: LlmSettings): number {
  const routed = experts === undefined ? 0 : (counts.experts * experts.active) / experts.count;
  return counts.attention + counts.feedForward + counts.router + routed + (tiedEmbeddings ? counts.embedding : counts.head);
}
