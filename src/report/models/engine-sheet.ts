import { decodingState, kneeOf, type SteadyEngine, steadyState } from "../../serving/replica/steady-state.ts";
import type { EngineSettings } from "../../serving/replica/engine-settings.ts";
import { type Deployment, deploymentOf, isIssue } from "../../serving/roofline/deployment.ts";
import { type Floor, floorOf } from "../../serving/roofline/floor.ts";
import { kvBytesOf } from "../../serving/roofline/memory.ts";
import { type CoefficientName, coefficientNames, type StepTimeSettings } from "../../serving/replica/step-time.ts";
import { requestOf } from "../../scenario/engines/engine-floor.ts";
import type { Facts } from "../../scenario/engines/facts.ts";

/** Lengths for which throughput is told. */
const decodeContext = 1024;
const typical = { input: 1024, output: 256 };

/** What an LLM engine's profile comes to: numbers end in their unit. */
export interface EngineSheet {
  /** Coefficients that are not zero, beside what the hardware would need at its best where that bounds them. */
  readonly coefficients: readonly { readonly name: CoefficientName; readonly value_s: number; readonly atBest_s?: number }[];
  /** Reading the output head, which a profile has in its overhead or its floor. */
  readonly headAtBest_s?: number;
  readonly kv: { readonly blocks: number; readonly tokens: number; readonly bytesPerToken?: number; readonly bytes?: number };
  /** Decoding alone, the batch as full as sequences and KV allow. */
  readonly decode?: {
    readonly contextTokens: number;
    readonly sequences: number;
    readonly iteration_s: number;
    readonly tokens_per_s: number;
  };
  /** More than this no replica serves without end; real batches vary and do not reach it. */
  readonly steady?: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly sequences: number;
    readonly iteration_s: number;
    readonly requests_per_s: number;
  };
  /** Tokens in an iteration from which on computing takes longer than reading the weights. */
  readonly kneeTokens?: number;
}

/** Undefined for what is no LLM engine. */
export function engineSheet(name: string, engine: EngineSettings, facts: Facts): EngineSheet | undefined {
  const { stepTime, kvBlocks } = engine;
  if (stepTime === undefined || kvBlocks === undefined) return undefined;
  const steadyEngine = { ...engine, stepTime, kvBlocks };
  const deployment = deploymentFor(name, engine, facts);
  const floor = deployment && floorOf(deployment);
  const knee = kneeOf(stepTime);
  return {
    coefficients: coefficientsOf(stepTime, floor),
    ...(floor === undefined ? {} : { headAtBest_s: floor.head }),
    kv: kvOf(steadyEngine, engine.kvBytesPerToken ?? (deployment && kvBytesOf(deployment))),
    ...throughput(steadyEngine),
    ...(knee === undefined ? {} : { kneeTokens: knee }),
  };
}

function deploymentFor(name: string, engine: EngineSettings, facts: Facts): Deployment | undefined {
  const request = requestOf(name, engine, facts);
  if (request === undefined || typeof request === "string") return undefined;
  const deployment = deploymentOf(request);
  return isIssue(deployment) ? undefined : deployment;
}

function coefficientsOf(stepTime: StepTimeSettings, floor: Floor | undefined): EngineSheet["coefficients"] {
  const best: Partial<Record<CoefficientName, number>> =
    floor === undefined
      ? {}
      : {
          denseFloor: floor.weights,
          expertsFloor: floor.experts,
          densePerToken: floor.perToken,
          perKvToken: floor.perKvToken,
          perPrefillPair: floor.perPair,
        };
  return coefficientNames
    .filter((name) => stepTime[name] !== 0)
    .map((name) =>
      best[name] === undefined ? { name, value_s: stepTime[name] } : { name, value_s: stepTime[name], atBest_s: best[name] },
    );
}

function kvOf({ kvBlocks, blockSize }: SteadyEngine, bytesPerToken: number | undefined): EngineSheet["kv"] {
  const tokens = kvBlocks * blockSize;
  return { blocks: kvBlocks, tokens, ...(bytesPerToken === undefined ? {} : { bytesPerToken, bytes: tokens * bytesPerToken }) };
}

function throughput(engine: SteadyEngine): Pick<EngineSheet, "decode" | "steady"> {
  const decode = decodingState(engine, decodeContext);
  const steady = steadyState(engine, typical.input, typical.output);
  return {
    ...(decode && {
      decode: {
        contextTokens: decodeContext,
        sequences: decode.sequences,
        iteration_s: decode.iteration,
        tokens_per_s: (decode.sequences * (engine.speculation?.acceptedTokens ?? 1)) / decode.iteration,
      },
    }),
    ...(steady && {
      steady: {
        inputTokens: typical.input,
        outputTokens: typical.output,
        sequences: steady.sequences,
        iteration_s: steady.iteration,
        requests_per_s: steady.requestRate,
      },
    }),
  };
}
