/** What a plain system is made of: the scenario in numbers, nothing random but what a split draws. All times are in seconds. */
import type { Priority } from "../../src/traffic/priority.ts";
import type { PlainAgent, PlainStage, PlainStore } from "./plain-given-stages.ts";

export interface PlainRequest {
  readonly at: number;
  readonly input: number;
  readonly output: number;
}

export type PlainFailure = "timedOut" | "shed" | "throttled" | "failed";

export const everyFailure: readonly PlainFailure[] = ["timedOut", "shed", "throttled", "failed"];

export type PlainBudget =
  | { readonly share: number; readonly burst: number }
  | { readonly capacity: number; readonly cost: number; readonly timeoutCost?: number | undefined; readonly refund: number };

/** One loop of retries. */
export interface PlainLoop {
  readonly attempts: number;
  readonly on: readonly PlainFailure[];
  readonly backoff: { readonly base: number; readonly factor: number; readonly max: number };
  readonly retryAfterMax: number;
  readonly retryAfterBeyond: "backoff" | "giveUp";
  readonly budget?: PlainBudget | undefined;
}

export interface PlainGate {
  readonly limiter?:
    | {
        readonly rpm?: number | undefined;
        readonly tpm?: number | undefined;
        readonly burst: number;
        readonly expectedOutput?: number | undefined;
      }
    | undefined;
  readonly concurrency?: number | undefined;
  readonly queue?: { readonly capacity?: number | undefined; readonly maxWait?: number | undefined } | undefined;
}

export interface PlainBreaker {
  readonly window: number;
  readonly failureShare: number;
  readonly minimumCalls: number;
  readonly openFor: number;
  readonly probes: number;
  readonly on: readonly PlainFailure[];
}

export interface PlainRung {
  readonly name: string;
  readonly when: {
    readonly call?: number | undefined;
    readonly waited?: number | undefined;
    readonly inFlight?: number | undefined;
    readonly breakerOpen?: true | undefined;
    readonly exhausted?: true | undefined;
  };
  readonly maxOutput?: number | undefined;
  readonly skip?: readonly string[] | undefined;
  readonly first?: readonly string[] | undefined;
  readonly canned?: { readonly latency: number } | undefined;
}

export interface PlainClient {
  readonly ttft?: number | undefined;
  readonly total?: number | undefined;
  readonly attemptTtft?: number | undefined;
  readonly attemptTotal?: number | undefined;
  readonly retry: PlainLoop;
  readonly nested?: PlainLoop | undefined;
  readonly hedge?: { readonly after: number; readonly most: number; readonly target: "same" | "next" } | undefined;
  readonly breaker?: PlainBreaker | undefined;
  readonly gate?: PlainGate | undefined;
  readonly gateway?: string | undefined;
  readonly degrade: readonly PlainRung[];
}

export type PlainStep =
  | string
  | {
      readonly target: string;
      readonly spillOver: { readonly outstanding?: number | undefined; readonly inputTokens?: number | undefined };
    }
  | { readonly split: Readonly<Record<string, number>> };

export interface PlainChain {
  readonly first: readonly PlainStep[];
  readonly on: readonly PlainFailure[];
}

export interface PlainClass {
  readonly name: string;
  readonly priority: Priority;
  readonly requests: readonly PlainRequest[];
  readonly maxOutput?: number | undefined;
  readonly stages: readonly PlainStage[];
  readonly chain: PlainChain;
  readonly agent?: PlainAgent | undefined;
  readonly client: PlainClient;
}

export interface PlainElastic {
  readonly min: number;
  readonly coldStart: number;
  readonly metric: "concurrency" | "queueLength";
  readonly target: number;
  readonly every: number;
  readonly lag: number;
  readonly tolerance: number;
  readonly scaleDownAfter: number;
}

export interface PlainPool {
  readonly name: string;
  readonly kind: "pool";
  readonly servers: number;
  readonly service: number;
  readonly replicas: number;
  readonly routing: "roundRobin" | "leastOutstanding";
  readonly capacity?: number | undefined;
  readonly maxWait?: number | undefined;
  readonly onCancel: "finish" | "abort";
  /** With it, `replicas` is the most there may be. */
  readonly elastic?: PlainElastic | undefined;
}

export interface PlainProvider {
  readonly name: string;
  readonly kind: "provider";
  readonly ttft: number;
  readonly tpot: number;
  readonly fails: boolean;
  readonly limits?:
    | { readonly rpm?: number | undefined; readonly tpm?: number | undefined; readonly burst: number; readonly retryAfter: boolean }
    | undefined;
}

export interface PlainSystem {
  readonly horizon: number;
  readonly classes: readonly PlainClass[];
  readonly gateways: readonly (PlainGate & { readonly name: string })[];
  readonly targets: readonly (PlainPool | PlainProvider)[];
  readonly stores: readonly PlainStore[];
}
