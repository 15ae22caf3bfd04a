import * as z from "zod";
import { nameSettings } from "../../base/name.ts";
import { count, settings, share } from "../../base/settings.ts";
import { dependencyShape } from "../../client/dependency-settings.ts";
import { failureList } from "../../client/retry/retry-settings.ts";
import { distribution } from "../../kernel/distributions/registry.ts";

/** Name under which answers are counted that need no model. */
export const cannedServer = "canned";

/** Few enough that a request's attempts can be told apart by their turn. */
const mostSteps = 16;

/** Few enough that what a request went without is one bit each. */
export const mostStages = 30;

const splitSettings = z.record(z.string(), share({ min: 0, max: 1 }));

const splitStep = settings({
  split: splitSettings.describe("shares of the calls by target, drawn anew for each call"),
});

const spillingStep = settings({
  target: z.string(),
  spillOver: settings({
    outstanding: count({ min: 1, whole: true })
      .optional()
      .describe("while the classes' clients wait for so many attempts there, further ones go to the next"),
    inputTokens: count({ min: 1, whole: true }).optional().describe("longer prompts go to the next"),
  }).describe("when a call does not ask it but the next"),
});

const stepSettings = z.union([z.string(), spillingStep, splitStep], {
  error: "must be a name, { target: name, spillOver: { outstanding: 64 } } or { split: { a: 80%, b: 20% } }",
});

const chainSettings = settings({
  first: z.array(stepSettings).min(1).max(mostSteps).describe("targets in the order in which they are asked until one answers"),
  on: failureList().describe("endings after which the next is asked; after others the call has ended"),
});

const callSettings = settings({
  call: z.string().describe("the pool or provider that is asked"),
  name: nameSettings.optional().describe("of the stage in reports; the target's unless given"),
  inputTokens: distribution(count({ min: 1, max: 1e8 }))
    .optional()
    .describe("prompt of this call; the request's own unless given"),
  outputTokens: distribution(count({ min: 1, max: 1e8 }))
    .optional()
    .describe("answer to this call; one token, as of an embedding, unless given"),
  ...dependencyShape,
});

export type CallSettings = z.infer<typeof callSettings>;

/** What is done on the way to the targets: what is named or called, or branches side by side, each of one stage or several in order. */
export type Work = string | CallSettings | { readonly parallel: (Work | Work[])[] };

export const workSettings: z.ZodType<Work> = z.lazy(() =>
  z.union([z.string(), callSettings, parallelSettings], { error: "must be a name, { call: name } or { parallel: [stages] }" }),
);

const parallelSettings = settings({
  parallel: z
    .array(z.union([workSettings, z.array(workSettings)]))
    .min(2)
    .describe("branches that begin together, each a stage or a list of stages; the next stage begins when all have ended"),
});

/** A cache, a vector store, a pipeline or a call; as the last stage a target, several, or a split. */
export const stageSettings = z.union([z.string(), callSettings, parallelSettings, chainSettings, splitStep], {
  error: "must be a name, { call: name }, { parallel: [stages] }, { first: [names] } or { split: { name: share } }",
});

export type Stage = z.infer<typeof stageSettings>;
export type Step = z.infer<typeof stepSettings>;
export type SpillingStep = z.infer<typeof spillingStep>;
export type Chain = z.infer<typeof chainSettings>;
