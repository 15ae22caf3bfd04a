import * as z from "zod";
import { nameHint } from "../base/nearest.ts";
import { concurrencySettings, queueSettings } from "./admission/queue-settings.ts";
import { count, duration, issue, money, settings } from "../base/settings.ts";
import { coldStartSettings } from "./fleet/cold-start.ts";
import { faultSettings } from "./fleet/faults/registry.ts";
import { billedFromStates, type LifecycleState, lifecycleStates, warmStates } from "./fleet/lifecycle.ts";
import { type EngineSettings, engineSettings } from "./replica/engine-settings.ts";
import { prefillSettings } from "./prefill/prefill-settings.ts";
import { routingSettings } from "./routing/registry.ts";
import { scalingSettings } from "./fleet/scaling/registry.ts";

const number = z.union([z.string(), z.number()]);

const replicasSettings = z
  .codec(
    z.union([number, settings({ min: number, max: number })], { error: "must be a count, or { min, max }" }),
    settings({ min: count({ min: 0, max: 10_000, whole: true }), max: count({ min: 1, max: 10_000, whole: true }) }),
    { decode: (value) => (typeof value === "object" ? value : { min: value, max: value }), encode: (value) => value },
  )
  .superRefine((value, context) => {
    if (value.min > value.max) issue(context, "contradiction", `min ${value.min} is above max ${value.max}`, { path: ["min"] });
  });

const warmSettings = settings({
  size: count({ min: 0, max: 1000, whole: true }).describe("replicas kept warm"),
  state: z.enum(warmStates).prefault("paused"),
  perReplicaHour: money().optional().describe("price of a warm replica; unless given it is paid for, and reserved, like any other"),
});

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

export const poolSettings = settings({
  engine: engineSettings.describe("what serves: a profile of models/engines, or its numbers"),
  replicas: replicasSettings.describe("how many, or { min, max } with scaling"),
  prefill: prefillSettings.optional().describe("the pool that reads the prompts; this one reads them itself unless given"),
  warm: warmSettings.optional().describe("replicas that wait, almost ready, and are taken first on a scale-up"),
  coldStart: coldStartSettings.optional().describe("how long a new replica takes until it is ready"),
  scaling: scalingSettings.optional().describe("what changes the number of replicas; fixed unless given"),
  routing: routingSettings.prefault("leastOutstanding").describe("which replica an attempt goes to"),
  queue: queueSettings.prefault({}).describe("how many attempts may wait, how long, and in what order"),
  concurrency: concurrencySettings.prefault({}).describe("most attempts at the replicas; who comes beyond them waits in the pool"),
  drain: settings({
    deadline: duration().optional().describe("what still runs on a replica that drains so long fails; unbounded unless given"),
  })
    .prefault({})
    .describe("how a replica is stopped when the fleet shrinks"),
  faults: faultSettings.prefault({}).describe("what goes wrong with replicas; nothing unless given"),
  onCancel: z.enum(["finish", "abort"]).prefault("finish").describe("what becomes of an attempt whose client has left"),
  price: priceSettings.optional().describe("per replica-hour, or a price book of models/prices/gpus.yaml"),
}).superRefine((value, context) => {
  const { replicas, scaling, warm, coldStart } = value;
  if (scaling === undefined && replicas.max > replicas.min) {
    issue(context, "contradiction", "min and max differ, but nothing scales", {
      path: ["replicas"],
      hint: "add scaling, or give one number",
    });
  }
  if (scaling === undefined && replicas.min === 0) {
    issue(context, "contradiction", "there is no replica and nothing scales", {
      path: ["replicas"],
      hint: "add scaling, or give at least 1",
    });
  }
  if (warm !== undefined && warm.size > 0 && coldStart?.resume[warm.state] === undefined) {
    issue(context, "missing-key", `warm replicas need coldStart.resume.${warm.state}`, {
      path: ["warm"],
      hint: "how long a warm replica takes to become ready",
    });
  }
  checkPriceBook(value, context);
});

/** A book must know the engine's GPU: a replica without a price would look free. */
function checkPriceBook({ engine, price }: { engine: EngineSettings; price?: PriceSettings | undefined }, context: z.RefinementCtx): void {
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
export function replicaHourPrice({ engine, price }: Pick<PoolSettings, "engine" | "price">): number | undefined {
  if (price?.perReplicaHour !== undefined) return price.perReplicaHour;
  const perGpu = engine.gpu === undefined ? undefined : price?.perGpuHour?.[engine.gpu];
  return perGpu === undefined ? undefined : perGpu * engine.gpus;
}

/** States of the life cycle in which a replica is paid for as capacity of one's own or as spot. */
export function billedStates({ price, warm }: Pick<PoolSettings, "price" | "warm">): LifecycleState[] {
  const before = billedFromStates.slice(0, billedFromStates.indexOf(price?.billedFrom ?? "provisioning")) as readonly LifecycleState[];
  return lifecycleStates.filter(
    (state) => state !== "requested" && !before.includes(state) && (state !== "warm" || warm?.perReplicaHour === undefined),
  );
}

export type PoolSettings = z.infer<typeof poolSettings>;
type PriceSettings = z.infer<typeof priceSettings>;
