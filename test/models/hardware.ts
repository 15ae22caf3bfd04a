/**
 * What the GPUs can do at most, from their data sheets: memory bandwidth in B/s, dense FLOP/s by precision, memory in bytes.
 * NVIDIA: H100 and H200 Tensor Core GPU (SXM), L40S, RTX 4090 (Ada whitepaper, bf16 with fp32 accumulate), RTX PRO 6000 Blackwell.
 */
export const hardware: Readonly<
  Record<string, { readonly bandwidth: number; readonly bf16: number; readonly fp8: number; readonly memory: number }>
> = {
  h100: { bandwidth: 3.35e12, bf16: 989.5e12, fp8: 1979e12, memory: 80e9 },
  h200: { bandwidth: 4.8e12, bf16: 989.5e12, fp8: 1979e12, memory: 141e9 },
  l40s: { bandwidth: 864e9, bf16: 362e12, fp8: 733e12, memory: 48e9 },
  "rtx-4090": { bandwidth: 1008e9, bf16: 165.2e12, fp8: 330.3e12, memory: 25.25e9 },
  "rtx-pro-6000": { bandwidth: 1792e9, bf16: 503.8e12, fp8: 1007.6e12, memory: 96e9 },
};

/** Llama 3.1 8B: parameters of its layers, its output head and its input embedding, and what a token and a pair of tokens cost. */
export const llama8b = { layers: 6.98e9, head: 0.525e9, embedding: 0.525e9, kvValuesPerToken: 65_536, flopPerPair: 524_288 };
