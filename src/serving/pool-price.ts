import * as z from "zod";
import { nameHint } from "../base/nearest.ts";
import { count, duration, issue, money, settings } from "../base/settings.ts";
import { billedFromStates, type LifecycleState, lifecycleStates } from "./fleet/lifecycle.ts";
import type { EngineSettings } from "./replica/engine-settings.ts";

export const priceSettings = settings({
  perReplicaHour: money().optional().describe("of a replica on demand"),
  perGpuHour: z
    .record(z.string().min(1), money())
    .optional()
    .describe("a price book: the hour of one GPU by its name; the engine says which GPU and how many"),
  reserved: settings({ count: count(), perReplicaHour: money() }).optional().describe("paid for all the time, and used first"),
  spot: settings({
    count: count({ min: 1, whole: true }).optional().describe("most of them; all that are not reserved unless given"),
    perReplicaHour: money(),
  })
    .optional()
    .describe("what is bought next, beyond the reserved ones; on demand comes last"),
  minimum: duration().prefault("0s").describe("shortest time that a replica is paid for"),
  billedFrom: z.enum(billedFromStates).prefault("provisioning").describe("state of a start from which on a replica is paid for"),
}).superRefine(({ perReplicaHour, perGpuHour }, context) => {
  if ((perReplicaHour === undefined) === (perGpuHour === undefined)) {
    issue(context, "contradiction", "needs either perReplicaHour or perGpuHour", {
      hint: "{ perReplicaHour: $6.88 }, or a price book of models/prices/gpus.yaml",
    });
  }
});

type PriceSettings = z.infer<typeof priceSettings>;

/** What a pool's price is made of, beside the price itself. */
interface Priced {
  readonly engine: EngineSettings;
  readonly price?: PriceSettings | undefined;
  readonly warm?: { readonly perReplicaHour?: number | undefined } | undefined;
}

/** A book must know the engine's GPU: a replica without a price would look free. */
export function checkPriceBook({ engine, price }: Priced, context: z.RefinementCtx): void {
  const book = price?.perGpuHour;
  if (book === undefined) return;
  if (engine.gpu === undefined) {
    issue(context, "missing-key", "prices per GPU need to know the engine's GPU", {
      path: ["price"],
      hint: "add gpu: h100 to the engine, or give perReplicaHour",
    });
  } else if (!Object.hasOwn(book, engine.gpu)) {
    issue(context, "unknown-name", `has no price for the engine's GPU \`${engine.gpu}\``, {
      path: ["price"],
      hint: `${nameHint(engine.gpu, Object.keys(book))}; or add perGpuHour: { ${engine.gpu}: $… }`,
    });
  }
}

/** Dollars of one replica-hour, for all its GPUs; undefined when the pool has no price. */
export function replicaHourPrice({ engine, price }: Priced): number | undefined {
  if (price?.perReplicaHour !== undefined) return price.perReplicaHour;
  const perGpu = engine.gpu === undefined ? undefined : price?.perGpuHour?.[engine.gpu];
  return perGpu === undefined ? undefined : perGpu * engine.gpus;
}

/** States of the life cycle in which a replica is paid for as capacity of one's own or as spot. */
export function billedStates({ price, warm }: Pick<Priced, "price" | "warm">): LifecycleState[] {
  const from = price?.billedFrom ?? "provisioning";
  const phases = billedFromStates.slice(0, billedFromStates.indexOf(from)) as readonly LifecycleState[];
  const before: readonly LifecycleState[] = from === "ready" ? [...phases, "resuming"] : phases;
  return lifecycleStates.filter(
    (state) => state !== "requested" && !before.includes(state) && (state !== "warm" || warm?.perReplicaHour === undefined),
  );
}
