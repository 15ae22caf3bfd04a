import type * as z from "zod";
import { settings, share } from "../../../base/settings.ts";
import type { FaultKind } from "./fault.ts";

const slowReplicaSettings = settings({
  share: share().describe("of the replicas that are slow, each for as long as it lives"),
  speed: share({ min: 0.01, max: 1 }).prefault("60%").describe("of a slow one, against the others"),
});

/** A GPU that throttles or has a bad link: it serves like the others, only slower, which no health check sees. */
export const slowReplica: FaultKind<z.infer<typeof slowReplicaSettings>> = {
  settings: slowReplicaSettings,
  create: ({ share: slow, speed }, _, fates) => ({ pace: (member) => (fates.of(member).uniform() < slow ? 1 / speed : 1) }),
};
