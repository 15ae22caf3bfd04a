import * as z from "zod";
import { count, duration, money } from "../base/settings.ts";
import { breakerSettings } from "./breaker.ts";
import { retryLoopSettings } from "./retry/retry-settings.ts";

/** What a request does about something that it depends on before its targets: how long it waits, how often it tries, how it goes on. */
export const dependencyShape = {
  timeout: duration({ above: 0 }).optional().describe("time budget of the stage, over all its attempts; waits for ever unless given"),
  onFailure: z
    .enum(["fail", "answerWithout"])
    .prefault("fail")
    .describe("what becomes of a request whose stage fails or takes longer: it ends so, or it goes on without and counts as degraded"),
  retry: retryLoopSettings.prefault({ attempts: 1 }).describe("within the time budget"),
  breaker: breakerSettings.optional().describe("a circuit breaker of each class before it"),
  penalty: money().prefault("$0").describe("what an answer without it costs in esteem, each"),
  promptTokens: count({ min: 0, max: 1e7, whole: true }).prefault(0).describe("tokens that what it gives adds to the prompt"),
};
