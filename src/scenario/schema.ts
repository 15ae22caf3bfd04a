import * as z from "zod";
import { count, duration, factor, issue, settings } from "../base/settings.ts";
import { nameSettings } from "../base/name.ts";
import { exactCacheSettings } from "../cache/exact-cache-settings.ts";
import { semanticCacheSettings } from "../cache/semantic-cache-settings.ts";
import { agentSettings } from "../client/agent/agent-settings.ts";
import { clientSettings } from "../client/client-settings.ts";
import { dependencyShape } from "../client/dependency-settings.ts";
import { gatewaySettings } from "../client/gate/gate-settings.ts";
import { distribution } from "../kernel/distributions/registry.ts";
import { vectorStoreSettings } from "../retrieval/vector-store-settings.ts";
import { limitsSettings } from "../provider/limits/limits-settings.ts";
import { providerSettings } from "../provider/provider-settings.ts";
import { poolSettings } from "../serving/pool-settings.ts";
import { arrivalSettings } from "../traffic/arrivals/arrivals.ts";
import { surveyArrivals } from "../traffic/arrivals/survey.ts";
import { conversationSettings, meanTurns } from "../traffic/conversation/conversation-settings.ts";
import { priorities } from "../traffic/priority.ts";
import { sharedPrefixSettings } from "../traffic/shared-prefix.ts";
import type { ProfileSlot } from "./document/profiles.ts";
import { checkCacheKeys } from "./cache-keys.ts";
import { checkClients } from "./clients.ts";
import { withinDeadline } from "./client-presets.ts";
import { checkDrift, driftSettings } from "./drift.ts";
import { demandSettings } from "./demand-settings.ts";
import { checkFleets, checkFutures } from "./fleets.ts";
import { checkSemanticCaches, checkStages } from "./dependencies.ts";
import { checkLongestAnswers } from "./longest-answers.ts";
import { checkPath } from "./path/check-path.ts";
import { checkPipelines } from "./path/check-work.ts";
import { cannedServer, mostStages, stageSettings, workSettings } from "./path/stage-settings.ts";
import { checkPrefill } from "./prefill.ts";
import { checkProviderFaults } from "./provider-faults.ts";
import { checkQuotas } from "./quotas.ts";
import { objectiveSettings } from "./slo.ts";
import { checkStoreCounts } from "./store-counts.ts";
import { warmupSettings } from "./warm-up.ts";

const cacheSettings = z.discriminatedUnion("kind", [exactCacheSettings, semanticCacheSettings]);

const lengthScale = () => factor({ above: 0, max: 1000 }).prefault(1);

const trafficClass = settings({
  arrivals: arrivalSettings.describe(
    "when requests come: { trace: day.csv }, { rate: 12/s }, { profile: [[0h, 2/s], [9h, 30/s]] } or { closedLoop: { clients: 64 } }",
  ),
  inputTokens: distribution(count({ min: 1, max: 1e8 }))
    .optional()
    .describe("prompt lengths, in conversations those of new messages; the trace's own unless given"),
  outputTokens: distribution(count({ min: 1, max: 1e8 }))
    .optional()
    .describe("answer lengths; the trace's own unless given"),
  inputScale: lengthScale().describe(
    "multiple of the lengths of prompts, drawn or of the trace, and so of a conversation's messages and of what an agent's tools give",
  ),
  outputScale: lengthScale().describe("the same of answers, also of what an agent writes before the last; maxOutput cuts after it"),
  maxOutput: count({ min: 1, max: 1e8, whole: true }).optional().describe("answers are cut at so many tokens"),
  sharedPrefix: sharedPrefixSettings.optional().describe("what prompts have in front, for prefix caches; nothing in common unless given"),
  conversation: conversationSettings
    .optional()
    .describe("arrivals begin conversations, in which every prompt holds all that was said before; each request is alone unless given"),
  priority: z.enum(priorities).prefault("normal").describe("who gives way where pools order or shed by priority"),
  slo: z.array(objectiveSettings).prefault([]).describe("objectives; without any the class is only measured"),
  client: clientSettings.prefault({}).describe("what the calling side does; waits for ever and never retries unless given"),
  agent: agentSettings
    .optional()
    .describe("a model that is called several times for one request, with tools in between; once unless given"),
  path: z
    .array(stageSettings)
    .min(1)
    .max(mostStages + 1)
    .describe(
      "caches, vector stores, pipelines and calls in order, then a pool or provider, { first: [several] } or { split: { gpus: 80%, openai: 20% } }",
    ),
}).superRefine((value, context) => {
  if (value.sharedPrefix !== undefined && value.arrivals.hashBlock !== undefined) {
    issue(context, "contradiction", "the trace's hashes say already what prompts begin with", {
      path: ["sharedPrefix"],
      hint: "leave out sharedPrefix, or arrivals.hashBlock",
    });
  }
  for (const key of ["inputTokens", "outputTokens"] as const) {
    const { rate, profile, closedLoop } = value.arrivals;
    const untold = (rate ?? profile ?? closedLoop) !== undefined ? "its arrivals are not from a trace" : undefined;
    const why = untold ?? (value.conversation && "a trace tells nothing of the turns after the first");
    if (why === undefined || value[key] !== undefined) continue;
    issue(context, "missing-key", `needs ${key}, since ${why}`, { hint: `${key}: { lognormal: { mean: 600, cv: 1.2 } }` });
  }
  checkConversation(value, context);
});

/** A scenario: traffic, and the system that it meets (design §6). */
export const scenarioSchema = settings({
  name: z.string().min(1).describe("what the report is headed with"),
  seed: count({ min: 0, max: 2_147_483_647, whole: true }).prefault(1).describe("of all randomness"),
  horizon: duration({ above: 0 }).describe("simulated time"),
  warmup: warmupSettings
    .prefault("0s")
    .describe("requests that arrive before are not counted, nor money spent; auto finds it by a pilot and MSER-5"),
  replications: count({ min: 1, max: 1000, whole: true }).prefault(5).describe("independent repetitions, for the intervals"),
  batches: count({ min: 2, max: 1000, whole: true })
    .optional()
    .describe("parts of one long replication whose means stand in for replications; none unless given"),
  demand: demandSettings
    .optional()
    .describe("for plans that must stand whatever comes: multiples of the traffic, by probability; only --demand of optimize asks for it"),
  traffic: z.record(nameSettings, trafficClass).describe("classes of requests by name"),
  gateways: z.record(nameSettings, gatewaySettings).prefault({}).describe("what classes share in front of their targets, by name"),
  caches: z.record(nameSettings, cacheSettings).prefault({}).describe("response caches by name"),
  vectorStores: z
    .record(nameSettings, vectorStoreSettings.safeExtend(dependencyShape))
    .prefault({})
    .describe("what is retrieved from, by name"),
  pipelines: z
    .record(nameSettings, z.array(workSettings))
    .prefault({})
    .describe("stages in order, by a name that stands for them in paths and in other pipelines"),
  pools: z.record(nameSettings, poolSettings).prefault({}).describe("replicas of our own by name"),
  providers: z.record(nameSettings, providerSettings).prefault({}).describe("hosted APIs by name"),
  quotas: z.record(nameSettings, limitsSettings).prefault({}).describe("limits by name, of accounts on which several providers draw"),
  drift: driftSettings.optional().describe("how it all changes by the month, for forecasts; a run itself is as it stands"),
}).superRefine((scenario, context) => {
  if (scenario.warmup >= scenario.horizon) {
    issue(context, "contradiction", "the warm-up is not shorter than the horizon", { path: ["warmup"] });
  }
  if (scenario.batches !== undefined && scenario.replications !== 1) {
    issue(context, "contradiction", "are cut from one replication, and there are several", {
      path: ["batches"],
      hint: "replications: 1, and a horizon so much longer",
    });
  }
  if (Object.keys(scenario.traffic).length === 0) issue(context, "missing-key", "there is no traffic", { path: ["traffic"] });
  checkNames(scenario, context);
  checkPrefill(scenario.pools, context);
  checkFleets(scenario, context);
  checkProviderFaults(scenario, context);
  checkStoreCounts(scenario, context);
  checkQuotas(scenario, context);
  checkDrift(scenario, context);
  checkSize(scenario, context);
  checkPipelines(scenario, context);
  for (const [name, { path }] of Object.entries(scenario.traffic)) checkPath(name, path, scenario, context);
  checkSemanticCaches(scenario, context);
  // What a path names can only be looked up where it is all there, and only written out where it is not beyond measure.
  if (context.issues.length === 0) checkStages(scenario, context);
  if (context.issues.length === 0) {
    checkFutures(scenario, context);
    checkLongestAnswers(scenario, context);
  }
  checkCacheKeys(scenario, context);
  checkClients(scenario, context);
});

type CheckedConversation = Pick<TrafficClass, "conversation" | "sharedPrefix" | "arrivals">;

function checkConversation({ conversation, sharedPrefix, arrivals }: CheckedConversation, context: z.RefinementCtx): void {
  if (conversation === undefined) return;
  const { mostTokens = Infinity } = conversation;
  if (arrivals.hashBlock !== undefined) {
    issue(context, "contradiction", "the trace's hashes say already which prompts go on from others", {
      path: ["conversation"],
      hint: "leave out conversation, or arrivals.hashBlock",
    });
  }
  if ((sharedPrefix?.tokens ?? 0) >= mostTokens) {
    issue(context, "contradiction", "leaves room for nothing but the sharedPrefix", {
      path: ["conversation", "mostTokens"],
      hint: `above ${sharedPrefix?.tokens}`,
    });
  }
}

function checkSize({ traffic, horizon }: Pick<Scenario, "traffic" | "horizon">, context: z.RefinementCtx): void {
  for (const [name, { arrivals, conversation }] of Object.entries(traffic)) {
    const turns = conversation === undefined ? 1 : meanTurns(conversation);
    surveyArrivals(arrivals, turns, horizon, ["traffic", name, "arrivals"], context);
  }
}

const namedRooms = ["caches", "vectorStores", "pipelines", "pools", "providers"] as const;

type Checked = { readonly [Room in (typeof namedRooms)[number]]: object };

function checkNames(scenario: Checked, context: z.RefinementCtx): void {
  const seen = new Map<string, string>();
  for (const room of namedRooms) {
    for (const name of Object.keys(scenario[room])) {
      const other = seen.get(name);
      if (other !== undefined)
        issue(context, "contradiction", `the name is also one of ${other}`, { path: [room, name], hint: "rename one of them" });
      seen.set(name, room);
    }
  }
  const canned = seen.get(cannedServer);
  if (canned === undefined) return;
  issue(context, "contradiction", "is what answers are counted under that need no model", {
    path: [canned, cannedServer],
    hint: "rename it",
  });
}

/** A decoded scenario: every default written out, seconds and tokens throughout. */
export type Scenario = z.infer<typeof scenarioSchema>;
export type TrafficClass = Scenario["traffic"][string];

/** Where a scenario may name a profile of `models/` instead of writing it out. */
export const profileSlots: readonly ProfileSlot[] = [
  { at: ["pools", "*", "engine"], kind: "engines" },
  { at: ["pools", "*", "coldStart"], kind: "cold-starts" },
  { at: ["pools", "*", "price"], kind: "gpu-prices" },
  { at: ["providers", "*", "model"], kind: "token-prices" },
  { at: ["providers", "*", "limits"], kind: "provider-limits" },
  { at: ["quotas", "*"], kind: "provider-limits" },
  { at: ["vectorStores", "*"], kind: "vector-stores", alias: "profile" },
  { at: ["caches", "*", "similarity"], kind: "similarity" },
  { at: ["caches", "*", "embedding"], kind: "embeddings", yields: ["pools", "providers"] },
  { at: ["traffic", "*", "client"], kind: "clients", alias: "preset", fit: withinDeadline },
];
