import type * as z from "zod";
import { plural } from "../base/format.ts";
import { issue } from "../base/settings.ts";
import { onlyOfReady } from "./fleet/scaling/metrics.ts";
import { traitsOf } from "./fleet/scaling/registry.ts";
import { checkPriceBook } from "./pool-price.ts";
import type { PoolSettings } from "./pool-settings.ts";

/** Whether a pool's settings go together. */
export function checkPool(pool: PoolSettings, context: z.RefinementCtx): void {
  // Whether settings go together cannot be said of settings that are wrong in themselves.
  if (context.issues.length > 0) return;
  checkScaling(pool, context);
  checkWarm(pool, context);
  checkOrder(pool, context);
  checkConcurrency(pool, context);
  checkSpot(pool, context);
  checkPriceBook(pool, context);
}

function checkScaling({ replicas, scaling, engine }: PoolSettings, context: z.RefinementCtx): void {
  const path = ["replicas"];
  if (scaling === undefined) {
    if (replicas.max > replicas.min) {
      issue(context, "contradiction", "min and max differ, but nothing scales", { path, hint: "add scaling, or give one number" });
    }
    if (replicas.min === 0) {
      issue(context, "contradiction", "there is no replica and nothing scales", { path, hint: "add scaling, or give at least 1" });
    }
    return;
  }
  const { name, metric, named = [] } = traitsOf(scaling);
  // What the pool does not allow would be cut without a word.
  for (const { path: place, count } of named) {
    if (count >= replicas.min && count <= replicas.max) continue;
    issue(context, "contradiction", `wants ${plural(count, "replica")}, but the pool has ${replicas.min} to ${replicas.max}`, {
      path: ["scaling", name, ...place],
      hint: "change it, or replicas",
    });
  }
  if (metric === "kvUse" && engine.stepTime === undefined) {
    issue(context, "contradiction", "kvUse is always 0, since the engine has no KV", { path: ["scaling"], hint: "scale by concurrency" });
  }
  // A metric that only replicas have is 0 where there is none.
  if (replicas.min > 0 || metric === undefined || !onlyOfReady(metric)) return;
  issue(context, "contradiction", `with no replica ${metric} is always 0, so that nothing would ever be started again`, {
    path: ["scaling"],
    hint: "give replicas.min of at least 1, or scale by concurrency, queueLength or requestRate",
  });
}

function checkWarm({ warm, coldStart, price }: PoolSettings, context: z.RefinementCtx): void {
  if (warm?.perReplicaHour !== undefined && price === undefined) {
    issue(context, "missing-key", "warm replicas have a price, and the others have none", {
      path: ["price"],
      hint: "add price: { perReplicaHour: $… }, or leave out warm.perReplicaHour",
    });
  }
  if (warm === undefined || warm.size === 0 || coldStart?.resume[warm.state] !== undefined) return;
  issue(context, "missing-key", `warm replicas need coldStart.resume.${warm.state}`, {
    path: ["warm"],
    hint: "how long a warm replica takes to become ready",
  });
}

/** A static batch is due when its first has waited long enough, so who came first must be in front. */
function checkOrder({ engine, queue }: PoolSettings, context: z.RefinementCtx): void {
  if (engine.staticBatch === undefined || queue.order === "fifo") return;
  issue(context, "contradiction", `a staticBatch takes who came first, not ${queue.order}`, {
    path: ["queue", "order"],
    hint: "leave order out, or use another engine",
  });
}

function checkConcurrency({ concurrency: { perReplica, total } }: PoolSettings, context: z.RefinementCtx): void {
  if (perReplica === undefined || total === undefined || perReplica <= total) return;
  issue(context, "contradiction", `perReplica ${perReplica} is above total ${total}`, { path: ["concurrency", "perReplica"] });
}

function checkSpot({ price, faults }: PoolSettings, context: z.RefinementCtx): void {
  if (faults.spotInterruption === undefined || price?.spot !== undefined) return;
  issue(context, "missing-key", "there are no spot replicas to interrupt", {
    path: ["faults", "spotInterruption"],
    hint: "add price.spot: { perReplicaHour: $… }",
  });
}
