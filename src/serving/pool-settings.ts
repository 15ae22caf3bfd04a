import * as z from "zod";
import { concurrencySettings, queueSettings } from "./admission/queue-settings.ts";
import { count, duration, issue, money, settings } from "../base/settings.ts";
import { coldStartSettings } from "./fleet/cold-start.ts";
import { faultSettings } from "./fleet/faults/registry.ts";
import { warmStates } from "./fleet/lifecycle.ts";
import { engineSettings } from "./replica/engine-settings.ts";
import { prefillSettings } from "./prefill/prefill-settings.ts";
import { checkPool } from "./pool-checks.ts";
import { priceSettings } from "./pool-price.ts";
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
}).superRefine((value, context) => checkPool(value, context));

export type PoolSettings = z.infer<typeof poolSettings>;
