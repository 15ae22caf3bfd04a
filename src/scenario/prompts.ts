import { PlanError } from "../base/plan-error.ts";
import { createDistribution } from "../kernel/distributions/registry.ts";
import type { EngineSettings } from "../serving/replica/engine-settings.ts";
import { mostHeldTokens } from "../serving/replica/speculation.ts";
import { traceKey } from "../traffic/arrivals/arrivals.ts";
import { scaledTokens } from "../traffic/lengths.ts";
import { mostAgentTokens } from "../client/agent/agent-settings.ts";
import { longestPromptOf } from "../traffic/conversation/conversation-settings.ts";
import type { Trace } from "../traffic/trace.ts";
import { withScaledLengths } from "./class-lengths.ts";
import { askedTargets } from "./clients.ts";
import { namedParts, partsOf } from "./path/parts.ts";
import type { Scenario, TrafficClass } from "./schema.ts";

/**
 * What no replica of a pool could ever read is a mistake of the scenario, if the prompts have a longest one. A prompt beyond the context
 * or the KV cache may go on to the next target of its path; where there is none, it could only fail.
 * @param traces by `traceKey`
 * @throws PlanError when some prompt may be longer than a pool on its path, or the one that reads for it, can hold
 */
export function requireReadablePrompts(scenario: Scenario, traces: ReadonlyMap<string, Trace>): void {
  const { traffic, pools } = scenario;
  for (const [className, given] of Object.entries(traffic)) {
    const one = withScaledLengths(given);
    const added = addedTokens(one, scenario);
    const targets = askedTargets(one);
    for (const target of targets) {
      for (const { name, engine, reads } of stopsAt(target, pools, () => longestAnswer(one, traces))) {
        if (engine.stepTime === undefined) continue;
        const bounds = reads ? readingBounds(name, engine) : [];
        if (target === targets.at(-1)) bounds.push(...heldBounds(engine, reads ? 1 : 2));
        requireWithin(className, one, longestPrompt(one, traces, added), added, name, bounds);
      }
    }
  }
}

/** A pool that a prompt comes to, to be read or as KV. */
interface Stop {
  readonly name: string;
  readonly engine: EngineSettings;
  readonly reads: boolean;
}

/** Where another pool reads the prompts, it gives the first token too: only for answers of two tokens and more does KV go on. */
function stopsAt(target: string, pools: Scenario["pools"], longest: () => number): Stop[] {
  if (!Object.hasOwn(pools, target)) return [];
  const { engine, prefill } = pools[target];
  if (prefill === undefined) return [{ name: target, engine, reads: true }];
  const reader: Stop = { name: prefill.pool, engine: pools[prefill.pool].engine, reads: true };
  return Math.round(longest()) === 1 ? [reader] : [reader, { name: target, engine, reads: false }];
}

function requireWithin(className: string, one: TrafficClass, longest: number, added: number, name: string, bounds: readonly Bound[]): void {
  const bound = bounds.find(({ tokens }) => longest > tokens);
  if (bound === undefined || (longest === Infinity && bound.unless === undefined)) return;
  const length = longest === Infinity ? "of any length" : `of up to ${longest} tokens`;
  const those =
    added === 0 ? "" : `, ${added} of them from the stages before${one.agent === undefined ? "" : " and the turns of the agent"}`;
  throw new PlanError({
    code: "contradiction",
    path: `traffic.${className}.${lengthsFrom(one)}`,
    message: `has prompts ${length}${those}, and ${name} ${bound.text}`,
    hint: `${bound.unless ?? "take an engine that holds more"}, or bound the prompts with ${one.conversation === undefined ? "max" : "mostTokens"}`,
  });
}

/** What says how long prompts are. */
function lengthsFrom({ inputTokens, conversation }: TrafficClass): string {
  if (conversation !== undefined) return "conversation";
  return inputTokens === undefined ? "arrivals.trace" : "inputTokens";
}

interface Bound {
  readonly tokens: number;
  readonly text: string;
  /** What would lift it; where nothing would, prompts without a longest one are let through, and those that are too long fail. */
  readonly unless?: string;
}

function readingBounds(name: string, { maxBatchedTokens, chunkedPrefill }: EngineSettings): Bound[] {
  if (chunkedPrefill) return [];
  const text = `reads at most ${maxBatchedTokens} tokens in one iteration without chunkedPrefill`;
  return [{ tokens: maxBatchedTokens, text, unless: `allow chunkedPrefill, raise pools.${name}.engine.maxBatchedTokens` }];
}

/** @param least tokens of the shortest answer that there is KV for */
function heldBounds({ context, kvBlocks, blockSize, speculation }: EngineSettings, least: number): Bound[] {
  const bounds: Bound[] = [];
  if (context !== undefined) bounds.push({ tokens: context - least, text: `has a context of ${context} tokens, the answer included` });
  const held = kvBlocks! * blockSize;
  const drafts = speculation === undefined ? "" : ", the answer and its drafts included";
  const text = `holds the KV of at most ${held} tokens (${kvBlocks} blocks of ${blockSize})${drafts}`;
  bounds.push({ tokens: held - mostHeldTokens(0, least, speculation), text });
  return bounds;
}

/** Tokens that the stages before the targets add to a prompt, if all of them give what they have, and at most the turns of an agent. */
function addedTokens(one: TrafficClass, scenario: Scenario): number {
  const ofPart = (part: ReturnType<typeof namedParts>[number]): number => {
    if (part.kind === "cache") return 0;
    return part.kind === "call" ? part.call.promptTokens : scenario.vectorStores[part.name].promptTokens;
  };
  const ofAgent = one.agent === undefined ? 0 : mostAgentTokens(one.agent);
  return partsOf(one, scenario)
    .flatMap(namedParts)
    .reduce((tokens, part) => tokens + ofPart(part), ofAgent);
}

/** @param added tokens beside what is said, which stay in the prompts of the turns after */
function longestPrompt(one: TrafficClass, traces: ReadonlyMap<string, Trace>, added: number): number {
  const { arrivals, inputTokens, inputScale, conversation } = one;
  if (inputTokens === undefined) return scaledTokens(largest(traces.get(traceKey(arrivals) ?? "")?.inputTokens), inputScale) + added;
  const message = Math.round(createDistribution(inputTokens).largest);
  if (conversation === undefined) return message + added;
  return longestPromptOf(conversation, message, longestAnswer(one, traces) + added) + added;
}

function longestAnswer(one: TrafficClass, traces: ReadonlyMap<string, Trace>): number {
  const { arrivals, outputTokens, outputScale, maxOutput = Infinity } = one;
  if (outputTokens !== undefined) return Math.min(maxOutput, Math.round(createDistribution(outputTokens).largest));
  return Math.min(maxOutput, scaledTokens(largest(traces.get(traceKey(arrivals) ?? "")?.outputTokens), outputScale));
}

function largest(column: Int32Array | undefined): number {
  return column === undefined ? 0 : column.reduce((most, tokens) => Math.max(most, tokens), 0);
}
