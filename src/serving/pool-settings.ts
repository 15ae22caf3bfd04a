import * as z from "zod";
import { count, duration, issue, money, settings } from "../base/settings.ts";
import { coldStartSettings, warmStates } from "./cold-start.ts";
import { routerNames } from "./routing/registry.ts";
import { scalingSettings } from "./scaling/registry.ts";
import { stationSettings } from "./station.ts";
import { stepTimeSettings } from "./step-time.ts";

export const engineSettings = settings({
  stepTime: stepTimeSettings.optional().describe("coefficients of the time of one iteration"),
  maxSequences: count({ min: 1, max: 100_000, whole: true }).prefault(256).describe("most sequences in the batch"),
  maxBatchedTokens: count({ min: 1, whole: true }).prefault(2048).describe("most tokens, read or decoded, in one iteration"),
  kvBlocks: count({ min: 1, whole: true }).optional().describe("KV blocks of one replica, as the engine's log prints them"),
  blockSize: count({ min: 1, max: 4096, whole: true }).prefault(16).describe("tokens in a KV block"),
  chunkedPrefill: z.boolean().prefault(true).describe("whether a prompt may be read in parts"),
  station: stationSettings.optional().describe("instead of an LLM engine: plain servers with a service time"),
}).superRefine((value, context) => {
  const missing = (["stepTime", "kvBlocks"] as const).filter((key) => value[key] === undefined);
  if (value.station === undefined && missing.length > 0) {
    issue(context, "missing-key", `needs ${missing.join(" and ")}, or station`, { hint: "name a profile, such as llama-3.1-8b/h100/tp1" });
  } else if (value.station !== undefined && missing.length < 2) {
    issue(context, "contradiction", "has a station beside the settings of an LLM engine", { path: ["station"] });
  }
});

const number = z.union([z.string(), z.number()]);

const replicasSettings = z
  .codec(
    z.union([number, settings({ min: number, max: number })]),
    settings({ min: count({ min: 0, max: 10_000, whole: true }), max: count({ min: 1, max: 10_000, whole: true }) }),
    { decode: (value) => (typeof value === "object" ? value : { min: value, max: value }), encode: (value) => value },
  )
  .superRefine((value, context) => {
    if (value.min > value.max) issue(context, "contradiction", `min ${value.min} is above max ${value.max}`, { path: ["min"] });
  });

const warmSettings = settings({
  size: count({ min: 0, max: 1000, whole: true }).describe("replicas kept warm"),
  state: z.enum(warmStates).prefault("paused"),
  perReplicaHour: money().optional().describe("price of a warm replica; the pool's own price unless given"),
});

const priceSettings = settings({
  perReplicaHour: money().describe("from provisioning on"),
  reserved: settings({ count: count(), perReplicaHour: money() }).optional().describe("paid for all the time, and used first"),
});

export const poolSettings = settings({
  engine: engineSettings.describe("what serves: a profile of models/engines, or its numbers"),
  replicas: replicasSettings.describe("how many, or { min, max } with scaling"),
  warm: warmSettings.optional().describe("replicas that wait, almost ready, and are taken first on a scale-up"),
  coldStart: coldStartSettings.optional().describe("how long a new replica takes until it is ready"),
  scaling: scalingSettings.optional(),
  routing: z.enum(routerNames).prefault("leastOutstanding").describe("which replica an attempt goes to"),
  queue: settings({
    capacity: count().optional().describe("attempts that may wait in the pool; unbounded unless given"),
    maxWait: duration({ above: 0 }).optional().describe("an attempt that has waited so long is shed; unbounded unless given"),
  }).prefault({}),
  onCancel: z.enum(["finish", "abort"]).prefault("finish").describe("what becomes of an attempt whose client has left"),
  price: priceSettings.optional(),
}).superRefine((value, context) => {
  const { replicas, scaling, warm, coldStart } = value;
  if (scaling === undefined && replicas.max !== replicas.min) {
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
});

export type PoolSettings = z.infer<typeof poolSettings>;
export type EngineSettings = z.infer<typeof engineSettings>;
