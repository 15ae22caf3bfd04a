import type * as z from "zod";
import { duration, factor, settings, share } from "../../base/settings.ts";

/** No hardware gives more than its peak. */
const reached = () => share({ above: 0, max: 1 });

const byPrecision = () => settings({ bf16: reached(), fp8: reached(), fp4: reached() });

/**
 * How near an engine comes to what the GPUs can do, and what its host adds: a profile of models/rooflines.yaml. Durations are seconds.
 */
export const rooflineSettings = settings({
  bandwidth: settings({
    weights: reached().describe("reading the weights that every token uses"),
    experts: reached().describe("reading routed experts"),
    kv: reached().describe("reading keys and values"),
  }).describe("shares of the memory's bandwidth"),
  flops: settings({
    dense: byPrecision().describe("in the linear layers that every token uses"),
    experts: byPrecision().describe("in routed experts, whose kernels see few tokens each"),
    attention: reached().describe("in attention, of the peak in bf16"),
  }).describe("shares of the peak FLOPS"),
  unhidden: share().describe("share of reading the weights that computing does not hide, where computing takes longer"),
  activationPasses: factor({ min: 0 }).describe("times that a layer reads or writes a token's activations"),
  expertPasses: factor({ min: 0 }).describe("times that an expert reads or writes the activations of a token that is sent to it"),
  host: settings({
    iteration: duration().describe("of every iteration"),
    layer: duration().describe("launching the kernels of a layer"),
    expertLayer: duration().describe("of a layer with routed experts, beside that"),
    promptLayer: duration().describe("of a layer in an iteration that reads prompts, beside that"),
    promptExpertLayer: duration().describe("of a layer with routed experts in such an iteration, beside that"),
    sequence: duration().describe("of a sequence in the batch"),
  }).describe("work that no kernel hides"),
  exchange: settings({
    latency: duration().describe("of one all-reduce or all-to-all between two GPUs"),
    growth: factor({ min: 0, max: 1 }).describe("power of the number of GPUs by which that grows"),
    bandwidth: reached().describe("share of the link's bandwidth"),
  }).describe("between the GPUs of a replica"),
});

export type RooflineSettings = z.infer<typeof rooflineSettings>;
