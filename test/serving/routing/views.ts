import * as fc from "fast-check";
import { type RandomSource, Streams } from "../../../src/kernel/random.ts";
import { createRouter, routingSettings } from "../../../src/serving/routing/registry.ts";
import type { ReplicasView, RoutedAttempt, Router } from "../../../src/serving/routing/router.ts";
import { Attempts } from "../../../src/traffic/attempts.ts";
import { none } from "../../../src/traffic/requests.ts";

/** What is to be seen of one replica. */
export interface Seen {
  readonly number: number;
  readonly outstanding: number;
  readonly kvUse: number;
}

/** A view that a router can only look at. */
export const viewOf = (replicas: readonly Seen[]): ReplicasView => {
  const seen = Object.freeze(replicas.map((one) => Object.freeze({ ...one })));
  const loads = seen.map(({ outstanding }) => outstanding);
  return Object.freeze({
    count: seen.length,
    outstanding: (index: number) => seen[index].outstanding,
    leastOutstanding: () => loads.indexOf(Math.min(...loads)),
    kvUse: (index: number) => seen[index].kvUse,
    number: (index: number) => seen[index].number,
  });
};

/** Replicas numbered from 0 with so many attempts each, and of KV blocks a hundredth for each of these. */
export const loaded = (loads: readonly number[]): Seen[] =>
  loads.map((outstanding, number) => ({ number, outstanding, kvUse: outstanding / 100 }));

/** Some that are ready, at least one, in any order; loads and KV use are often alike. */
export const replicas = fc.uniqueArray(fc.record({ number: fc.nat(19), outstanding: fc.nat(9), kvUse: fc.nat(4).map((use) => use / 4) }), {
  minLength: 1,
  maxLength: 12,
  selector: ({ number }) => number,
});

/** Keys of the segments of a prompt's prefix, each such that it stands for all before it too; of ten tokens each. */
export const chain = fc
  .array(fc.nat(2), { maxLength: 4 })
  .map((turns) => turns.map((_, i) => turns.slice(0, i + 1).reduce((key, turn) => 4 * key + turn + 1, 0)));

export const segmentTokens = 10;

/** One attempt, number 0, that gets another prompt for each decision; nobody may read how long its answer will be. */
export class OneAttempt {
  readonly attempts = new Attempts();

  constructor() {
    this.attempts.open(0, 0, 0, 0, 100, 100);
    Object.defineProperty(this.attempts, "outputTokens", {
      get: () => {
        throw new Error("a router has read an output length");
      },
    });
  }

  /** @param tokens of the prefix that the prompt has; all unless given */
  ask(keys: readonly number[], tokens = keys.length * segmentTokens): void {
    const { attempts } = this;
    attempts.prefix[0] = none;
    attempts.prefixTokens[0] = 0;
    if (keys.length === 0) return;
    attempts.prefix[0] = attempts.prefixes.add();
    attempts.prefixTokens[0] = tokens;
    for (const key of keys) attempts.prefixes.extend(key, segmentTokens);
  }
}

export const streamOf = (seed: number): RandomSource => new Streams(seed, 0).sequence("routing");

/** @param written as in a scenario */
export const routerOf = (written: unknown, source = streamOf(1), attempts: RoutedAttempt = new OneAttempt().attempts): Router =>
  createRouter(routingSettings.parse(written), source, attempts);
