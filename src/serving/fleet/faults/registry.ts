import type * as z from "zod";
import { settings } from "../../../base/settings.ts";
import type { Streams } from "../../../kernel/random.ts";
import { crash } from "./crash.ts";
import type { FaultKind, FaultyFleet } from "./fault.ts";
import { Faults } from "./faults.ts";
import { slowReplica } from "./slow-replica.ts";
import { spotInterruption } from "./spot-interruption.ts";
import { stockOut } from "./stock-out.ts";
import { zoneLoss } from "./zone-loss.ts";

/** What can go wrong with the replicas of a pool, by the name a scenario uses. */
export const faultKinds = { stockOut, spotInterruption, crash, zoneLoss, slowReplica };

export const faultNames = Object.keys(faultKinds) as (keyof typeof faultKinds)[];

export const faultSettings = settings({
  stockOut: stockOut.settings.optional().describe("times in which no GPU is to be had"),
  spotInterruption: spotInterruption.settings.optional().describe("spot replicas are taken away"),
  crash: crash.settings.optional().describe("processes end and start again"),
  zoneLoss: zoneLoss.settings.optional().describe("times in which a zone and its replicas are lost"),
  slowReplica: slowReplica.settings.optional().describe("some replicas are slower than others"),
});

export type FaultSettings = z.infer<typeof faultSettings>;

export function createFaults(given: FaultSettings, pool: string, fleet: FaultyFleet, streams: Streams): Faults {
  const present = faultNames.filter((name) => given[name] !== undefined);
  const faults = present.map((name) => {
    const stream = `pools.${pool}.faults.${name}`;
    return [name, (faultKinds[name] as FaultKind).create(given[name], fleet, streams.keyed(stream), streams.sequence(stream))] as const;
  });
  return new Faults(Object.fromEntries(faults));
}
