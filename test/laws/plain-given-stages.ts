/** What a path has before its targets, in numbers. All times are in seconds. */
import type { PlainBreaker, PlainFailure, PlainLoop } from "./plain-given.ts";

/** What a request does about something that it depends on. */
export interface PlainDependency {
  readonly timeout?: number | undefined;
  readonly onFailure: "fail" | "answerWithout";
  readonly retry: PlainLoop;
  readonly breaker?: PlainBreaker | undefined;
  readonly promptTokens: number;
}

export interface PlainStore extends PlainDependency {
  readonly name: string;
  readonly replicas: number;
  readonly concurrency: number;
  readonly read: number;
  readonly write: number;
  readonly capacity?: number | undefined;
  readonly outages?: { readonly at: readonly number[]; readonly lasts: number; readonly effect: "fail" | "hang" } | undefined;
  /** In which no read begins. */
  readonly rebuild?:
    | { readonly at: readonly number[]; readonly lasts: number; readonly drag: number; readonly replicas: "inTurn" | "together" }
    | undefined;
}

export interface PlainCall extends PlainDependency {
  readonly kind: "call";
  readonly name: string;
  readonly target: string;
  readonly input?: number | undefined;
  readonly output?: number | undefined;
}

export type PlainWork =
  | PlainCall
  | { readonly kind: "store"; readonly name: string }
  | { readonly kind: "pipeline"; readonly name: string; readonly parts: readonly PlainWork[] }
  | { readonly kind: "parallel"; readonly branches: readonly (readonly PlainWork[])[] };

interface PlainExact {
  readonly kind: "exact";
  readonly name: string;
  readonly latency: number;
  readonly hits: boolean;
}

export interface PlainSemantic {
  readonly kind: "semantic";
  readonly name: string;
  readonly embedding: { readonly latency: number } | { readonly call: string };
  readonly store: string;
  readonly hitRate: number;
  readonly wrongHitRate: number;
  readonly deterministicShare: number;
  readonly timeout?: number | undefined;
}

export type PlainStage = PlainExact | PlainSemantic | PlainWork;

export interface PlainAgent {
  readonly calls: number;
  readonly output: number;
  readonly toolTime: number;
  readonly toolTokens: number;
}

/** What a stage that goes wrong may be tried again after, and how it may end. */
export type StageEnding = "answered" | PlainFailure;

/** Names of the stages that a stage is made of. */
export function namesIn(stage: PlainStage): string[] {
  if (stage.kind === "pipeline") return stage.parts.flatMap(namesIn);
  if (stage.kind === "parallel") return stage.branches.flat().flatMap(namesIn);
  return [stage.name];
}
