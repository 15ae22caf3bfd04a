import * as z from "zod";
import { bandwidth, count, duration, settings } from "../../base/settings.ts";

/** The links over which KV moves from the replicas that read a prompt to those that decode. */
const transferSettings = settings({
  bandwidth: bandwidth().describe("bytes that one link carries in a second"),
  latency: duration().prefault(0).describe("of every transfer, besides its bytes; the link is free for others meanwhile"),
  links: count({ min: 1, max: 100_000, whole: true })
    .prefault(1)
    .describe("transfers at the same time; others wait, first come, first served"),
});

export type TransferSettings = z.infer<typeof transferSettings>;

export const prefillSettings = settings({
  pool: z.string().min(1).describe("the pool whose replicas read the prompts and give the first tokens"),
  transfer: transferSettings.describe("how the KV gets from there to here"),
});
