import { power } from "../../kernel/elementary.ts";
import type { StepTimeSettings } from "../replica/step-time.ts";
import type { Precision } from "./deployment.ts";
import type { RooflineSettings } from "./efficiencies.ts";
import type { GpuSettings } from "./gpu-settings.ts";
import type { Work } from "./work.ts";

/**
 * The time of an iteration from the data sheets, in seconds: bytes and FLOP of one GPU, at the share of its peaks that an engine reaches,
 * and what the host adds. Every share is at most 1, so that no iteration is faster than the hardware.
 *
 *     overhead               iteration + layer·layers + expertLayer·(layers with experts)
 *     denseFloor             weight bytes / bandwidth
 *     expertsFloor           bytes of all routed experts / bandwidth
 *     denseBase              the part of denseFloor that computing cannot hide
 *     densePerToken          FLOP of the linear layers / peak in their precision, experts apart
 *     perSequence            host work of a sequence in its group, the output head, the KV of layers with a window
 *     perKvToken             KV bytes / bandwidth, or FLOP of attention / peak, whichever takes longer
 *     perPrefillPair         FLOP of attention / peak in bf16
 *     promptOverhead         promptLayer·layers + promptExpertLayer·(layers with experts)
 *     communication          all-reduces and all-to-alls, each latency·(gpus/2)^growth
 *     communicationPerToken  bytes sent / bandwidth of the link, and the passes over the activations, which nothing hides either
 */
export function rooflineStepTime(work: Work, gpu: GpuSettings, efficiencies: RooflineSettings): StepTimeSettings {
  const { bandwidth, flops, unhidden, activationPasses, expertPasses, host, exchange } = efficiencies;
  const denseFloor = work.weightBytes / (gpu.bandwidth * bandwidth.weights);
  const headRate = gpu.flops.bf16 * flops.dense.bf16;
  const attentionRate = gpu.flops.bf16 * flops.attention;
  const kvRate = gpu.bandwidth * bandwidth.kv;
  const activationBytes = activationPasses * work.activationBytesPerToken + expertPasses * work.expertActivationBytesPerToken;
  return {
    overhead: host.iteration + host.layer * work.layers + host.expertLayer * work.expertLayers,
    denseFloor,
    denseBase: unhidden * denseFloor,
    densePerToken: linearTime(work, gpu, flops),
    expertsFloor: work.expertBytes / (gpu.bandwidth * bandwidth.experts),
    expertShare: work.expertShare,
    perSequence: host.sequence / work.dp + work.headFlopsPerSequence / headRate + work.windowBytesPerSequence / kvRate,
    perKvToken: Math.max(work.kvBytesPerToken / kvRate, work.flopsPerKvToken / attentionRate),
    perPrefillPair: work.flopsPerPair / attentionRate,
    promptOverhead: host.promptLayer * work.layers + host.promptExpertLayer * work.expertLayers,
    communication: (work.allReduces + work.allToAlls) * exchange.latency * power(work.gpus / 2, exchange.growth),
    communicationPerToken: work.communicationBytesPerToken / (gpu.link.bandwidth * exchange.bandwidth) + activationBytes / gpu.bandwidth,
  };
}

/** Of one token: experts and the other linear layers reach different shares of a peak. */
function linearTime(work: Work, gpu: GpuSettings, { dense, experts }: RooflineSettings["flops"]): number {
  const { expertFlopsPerToken, densePrecision, expertPrecision } = work;
  const otherFlops = work.flopsPerToken - expertFlopsPerToken;
  return (
    otherFlops / (peak(gpu, densePrecision) * dense[densePrecision]) +
    expertFlopsPerToken / (peak(gpu, expertPrecision) * experts[expertPrecision])
  );
}

/** Work says only precisions that the GPU has. */
function peak(gpu: GpuSettings, precision: Precision): number {
  return gpu.flops[precision] ?? gpu.flops.bf16;
}
