import { hash32 } from "../../src/kernel/hash.ts";
import type { RandomSource, Streams } from "../../src/kernel/random.ts";
import type { ClientMeter } from "../../src/client/client-meter.ts";
import type { Agenda } from "./plain-agenda.ts";
import { type Breaker, breaker } from "./plain-breaker.ts";
import { type Budget, retryBudget } from "./plain-budget.ts";
import type { Guard } from "./plain-dependency.ts";
import { type Gate, gate } from "./plain-gate.ts";
import type { PlainDependency, PlainStore } from "./plain-given-stages.ts";
import type { PlainClass, PlainClient, PlainStep } from "./plain-given.ts";
import type { plainStore } from "../retrieval/plain-store.ts";
import type { Target } from "./plain-target.ts";

export type PlainClientMeter = { -readonly [Key in keyof ClientMeter]: number };

/** A vector store that all classes read. */
export interface Shelf {
  readonly given: PlainStore;
  readonly plain: ReturnType<typeof plainStore>;
  readonly meter: { reads: number; failed: number; shed: number; written: number };
}

export interface SemanticMeter {
  lookups: number;
  hits: number;
  wrong: number;
}

/** The calling side of one class: what its requests have in common. */
export interface Caller {
  readonly given: PlainClass;
  readonly client: PlainClient;
  readonly meter: PlainClientMeter;
  readonly targets: ReadonlyMap<string, Target>;
  /** Attempts that the clients of all classes wait for, by target. */
  readonly outstanding: Record<string, number>;
  readonly budget: Budget;
  readonly nestedBudget: Budget;
  readonly gate: Gate;
  breakerOf(target: string): Breaker;
  isAnyBreakerOpen(): boolean;
  /** The target of a step for one call of a request. */
  drawn(step: PlainStep, position: number, request: number, call: number): string;
  readonly stores: ReadonlyMap<string, Shelf>;
  /** What its requests meet before a stage. */
  guardOf(stage: string, given: PlainDependency): Guard;
  semantic(cache: string): SemanticMeter;
  /** What a semantic cache draws for one request. */
  similarity(cache: string, request: number): RandomSource;
  /** Whether a call of so long a prompt passes over a step. */
  spillsOver(step: PlainStep, prompt: number): boolean;
  inFlight: number;
}

/** What all classes meet. */
export interface World {
  readonly agenda: Agenda;
  readonly streams: Streams;
  readonly targets: ReadonlyMap<string, Target>;
  readonly outstanding: Record<string, number>;
  readonly gateways: ReadonlyMap<string, Gate>;
  readonly stores: ReadonlyMap<string, Shelf>;
  readonly semantics: Readonly<Record<string, SemanticMeter>>;
}

export function callerOf({ agenda, streams, targets, outstanding, gateways, stores, semantics }: World, given: PlainClass): Caller {
  const { client } = given;
  const meter: PlainClientMeter = {
    sent: 0,
    hedges: 0,
    hedgesWon: 0,
    retries: 0,
    retriesForbidden: 0,
    backoffSeconds: 0,
    brokenOff: 0,
    spilledOver: 0,
    breakerOpened: 0,
    attemptsTimedOut: 0,
  };
  const breakers = new Map([...targets.keys()].map((name) => [name, breaker(agenda, client.breaker, () => meter.breakerOpened++)]));
  const guards = new Map<string, Guard>();
  const split = streams.keyed(`traffic.${given.name}.client.split`);
  return {
    given,
    client,
    meter,
    targets,
    outstanding,
    budget: retryBudget(client.retry.budget),
    nestedBudget: retryBudget(client.nested?.budget),
    gate: client.gateway === undefined ? gate(agenda, client.gate) : gateways.get(client.gateway)!,
    breakerOf: (target) => breakers.get(target)!,
    isAnyBreakerOpen: () => [...breakers.values()].some((one) => one.isOpen()),
    drawn(step, position, request, call) {
      if (typeof step === "string") return step;
      if ("target" in step) return step.target;
      const chance = split.of(request, 16 * call + position).uniform();
      let upTo = 0;
      const found = Object.entries(step.split).find(([, share]) => chance < (upTo += share));
      return (found ?? Object.entries(step.split).findLast(([, share]) => share > 0)!)[0];
    },
    stores,
    guardOf(stage, dependency) {
      const known = guards.get(stage);
      if (known !== undefined) return known;
      const guard = { breaker: breaker(agenda, dependency.breaker, () => {}), budget: retryBudget(dependency.retry.budget) };
      guards.set(stage, guard);
      return guard;
    },
    semantic: (cache) => semantics[cache],
    similarity: (cache, request) => streams.keyed(`caches.${cache}`).of(request, 0, hash32(given.name)),
    spillsOver(step, prompt) {
      if (typeof step === "string" || "split" in step) return false;
      const { outstanding: most = Infinity, inputTokens = Infinity } = step.spillOver;
      return outstanding[step.target] >= most || prompt > inputTokens;
    },
    inFlight: 0,
  };
}
