import * as z from "zod";
import { bandwidth, bytes, count, flops, settings } from "../../base/settings.ts";

const linkKinds = ["nvlink", "pcie", "infinityFabric"] as const;

/** What one GPU can do at best, by its data sheet: a profile of models/gpus. */
export const gpuSettings = settings({
  memory: bytes().describe("what the driver lists, so that an engine can use it"),
  bandwidth: bandwidth().describe("of the memory"),
  flops: settings({
    bf16: flops().describe("with accumulation in fp32"),
    fp8: flops().optional().describe("absent where the GPU cannot"),
    fp4: flops().optional().describe("absent where the GPU cannot"),
  }).describe("dense peaks, without sparsity"),
  link: settings({
    kind: z.enum(linkKinds).describe("what joins the GPUs of a server"),
    bandwidth: bandwidth().describe("of one GPU in one direction"),
    peers: count({ min: 1, whole: true }).prefault(8).describe("GPUs that it joins, itself included"),
  }).describe("between the GPUs of a replica"),
});

export type GpuSettings = z.infer<typeof gpuSettings>;
