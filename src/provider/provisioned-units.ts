import type { z } from "zod";
import type { utilisationSettings } from "./limits/utilisation.ts";
import { type LimitsSettings, namedLimits } from "./limits/limits-settings.ts";
import { promptOf } from "./limits/what-counts.ts";

/** Steady traffic: calls per minute, tokens of each, and the share of the prompt that the provider's prompt cache has. */
export interface SteadyCalls {
  readonly rpm: number;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

export type ProvisionedUnits = z.infer<typeof utilisationSettings>;

export type UnitSettings = Pick<ProvisionedUnits, "tokensPerMinutePerUnit" | "inputWeight" | "cachedWeight" | "outputWeight">;

/** The first limit of an account that is one of provisioned units. */
export function provisionedUnits(limits: LimitsSettings): ProvisionedUnits | undefined {
  const found = namedLimits(limits).find(([, { law }]) => law === "utilisation");
  return found && (found[1] as unknown as ProvisionedUnits);
}

/** The sum by which provisioned units are counted, step by step; tokens are per minute. */
export interface UnitSum {
  readonly inputTokens: number;
  /** Of the input, what the prompt cache has. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** What prompts and answers count for, as input tokens that units work off. */
  readonly promptsCount: number;
  readonly answersCount: number;
  readonly normalised: number;
  /** Units that work it off exactly. */
  readonly exact: number;
}

/**
 * Normalised tokens per minute, as Azure OpenAI's sizing page has them: prompts less what is cached, and answers times their
 * weight; and the units that work off so many. Which number of them is on offer: `unitsOnOffer`.
 */
export function unitSum({ rpm, input, output, cached }: SteadyCalls, given: UnitSettings): UnitSum {
  const inputTokens = rpm * input;
  const cachedTokens = inputTokens * cached;
  const outputTokens = rpm * output;
  const promptsCount = promptOf({ input: inputTokens, cached: cachedTokens }, given);
  const answersCount = outputTokens * given.outputWeight;
  const normalised = promptsCount + answersCount;
  return {
    inputTokens,
    cachedTokens,
    outputTokens,
    promptsCount,
    answersCount,
    normalised,
    exact: normalised / given.tokensPerMinutePerUnit,
  };
}
