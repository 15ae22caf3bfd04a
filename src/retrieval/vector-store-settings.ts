import * as z from "zod";
import { bytes, count, duration, factor, issue, money, rate, settings, share } from "../base/settings.ts";
import { distribution } from "../kernel/distributions/registry.ts";
import { checkOutages, outageShape } from "../kernel/outages.ts";

const rebuildSettings = settings({
  every: duration({ above: 0 }).optional().describe("from the start of one to the start of the next; the first comes after so long"),
  at: z.array(duration()).min(1).optional().describe("instead: when each begins, since the start of the run"),
  afterWrites: count({ min: 1, whole: true })
    .optional()
    .describe("instead: one begins whenever so many vectors were written since the last"),
  lasts: duration({ above: 0 }).describe("how long it takes a replica that has nothing else to do"),
  effect: z
    .enum(["blockReads", "slowReads", "scan"])
    .prefault("slowReads")
    .describe(
      "blockReads: no read begins on a replica that rebuilds; slowReads: reads take slowdown times as long; scan: those of vectors that are not indexed yet take the time of scan",
    ),
  unindexed: share({ above: 0, max: 1 })
    .optional()
    .describe("for scan: share of the vectors that are not indexed at its start, which falls to 0 with its progress; 100% unless given"),
  drag: share({ min: 0, max: 0.99 })
    .prefault(0)
    .describe("share of its pace that it loses while all slots serve reads or writes, and as much less as fewer do"),
  replicas: z.enum(["inTurn", "together"]).prefault("inTurn").describe("whether replicas rebuild one after the other or all at once"),
});

const memorySettings = settings({
  limit: bytes().describe("of one replica, each of which holds all vectors"),
  bytesPerVector: bytes().describe("of a vector with its part of the index"),
  pressureFrom: share({ above: 0, max: 0.99 }).prefault("80%").describe("share of the limit from which on reads begin to miss memory"),
  slowdown: factor({ min: 1, max: 10_000 })
    .prefault(10)
    .describe(
      "how many times as long a read takes that misses memory; the share of those grows from none at pressureFrom to all at the limit",
    ),
});

const outageSettings = settings({
  ...outageShape,
  effect: z
    .enum(["fail", "hang"])
    .prefault("fail")
    .describe("fail: reads fail at once, those under way too; hang: all wait until it is over, and fail then; writes wait in both"),
}).superRefine(checkOutages);

const reembedSettings = settings({
  at: duration().describe("when the backfill with the new model's vectors begins"),
  rate: rate().describe("vectors written per second until all are, each like a write"),
  cutover: z
    .enum(["atStart", "atEnd"])
    .prefault("atStart")
    .describe(
      "when questions are embedded by the new model: at the start they miss all that is yet to be rewritten; at the end nothing, but the old index is kept until then",
    ),
  tokensPerVector: count({ min: 1, max: 1e6, whole: true }).prefault(500).describe("tokens embedded for each vector"),
  perMillionTokens: money()
    .prefault("$0")
    .describe("price of embedding them; what is embedded in the run is paid for once, as one month's cost"),
});

/** What a profile of models/vector-stores says, and what a scenario says beside it. */
export const vectorStoreSettings = settings({
  replicas: count({ min: 1, max: 1000, whole: true })
    .prefault(1)
    .describe("each holds all vectors; a read goes to the one with fewest slots held"),
  concurrency: count({ min: 1, max: 100_000, whole: true }).describe("reads and writes that a replica serves at the same time"),
  read: distribution(duration()).describe("time to serve a read from the index"),
  scan: distribution(duration()).optional().describe("time to serve a read of vectors that are not indexed"),
  write: distribution(duration()).prefault({ constant: "1ms" }).describe("time for which a write holds a slot of every replica"),
  slowdown: factor({ min: 1, max: 10_000 }).prefault(10).describe("how many times as long reads take while a rebuild slows them"),
  vectors: count({ min: 1, max: 1e12, whole: true }).prefault(1_000_000).describe("at the start of the run"),
  writes: rate({ min: 0 }).prefault("0/s").describe("vectors written per second, each a new one"),
  memory: memorySettings.optional().describe("what vectors need and what there is; never short unless given"),
  rebuild: rebuildSettings.optional().describe("of the index; never unless given"),
  outages: outageSettings.optional().describe("times in which nothing is served"),
  reembed: reembedSettings.optional().describe("a change of the embedding model: all vectors are written anew"),
  queue: settings({
    capacity: count({ min: 0, whole: true }).optional().describe("most reads that wait; unbounded unless given"),
  }).prefault({}),
  perReplicaHour: money().prefault("$0").describe("price of a replica"),
}).superRefine((store, context) => {
  checkRebuild(store, context);
  if (store.memory !== undefined && store.vectors * store.memory.bytesPerVector > store.memory.limit) {
    issue(context, "contradiction", "the vectors do not fit from the start", {
      path: ["memory", "limit"],
      hint: `at least ${Math.ceil((store.vectors * store.memory.bytesPerVector) / 1e9)}GB, or fewer vectors`,
    });
  }
});

export type VectorStoreSettings = z.infer<typeof vectorStoreSettings>;
export type RebuildSettings = z.infer<typeof rebuildSettings>;

type Checked = Pick<VectorStoreSettings, "rebuild" | "scan">;

function checkRebuild({ rebuild, scan }: Checked, context: z.RefinementCtx): void {
  if (rebuild === undefined) return;
  const { every, at, afterWrites, lasts, effect, unindexed } = rebuild;
  const wrong = (path: PropertyKey[], message: string, hint: string): void =>
    issue(context, "contradiction", message, { path: ["rebuild", ...path], hint });
  const given = [every, at, afterWrites].filter((one) => one !== undefined);
  if (given.length !== 1) wrong([], "needs exactly one of every, at and afterWrites", "{ every: 6h, lasts: 11m }");
  if (every !== undefined && lasts > every) wrong(["lasts"], "takes longer than the time from one to the next", `at most ${every}s`);
  const early = at?.findIndex((begin, i) => i > 0 && begin < at[i - 1] + lasts) ?? -1;
  if (early !== -1) wrong(["at", early], "begins before the one before has ended", "in ascending order, lasts apart");
  if (effect === "scan" && scan === undefined)
    wrong(["effect"], "needs the store's scan", "scan: { lognormal: { p50: 257ms, p95: 1.4s } }");
  if (effect !== "scan" && unindexed !== undefined) wrong(["unindexed"], "only counts where the effect is scan", "effect: scan");
}
