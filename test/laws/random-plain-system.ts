import * as fc from "fast-check";
import type { PlainStore } from "./plain-given-stages.ts";
import {
  type PlainChain,
  type PlainClass,
  type PlainPool,
  type PlainProvider,
  type PlainRequest,
  type PlainStep,
  type PlainSystem,
} from "./plain-given.ts";
import { clientOf, failureList } from "./random-client.ts";
import { gateOf } from "./random-gate.ts";
import { agentOf, stagesOf, storeOf } from "./random-stages.ts";
import { rests, seconds, sometimes, tidy } from "./random-numbers.ts";
import { poolOf, providerOf } from "./random-targets.ts";

const requestsOf = (rest: number): fc.Arbitrary<PlainRequest[]> =>
  fc
    .tuple(
      fc.constantFrom(1, 5, 20),
      fc.array(
        fc.record({
          gap: fc.nat(10),
          input: fc.integer({ min: 1, max: 40 }),
          output: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })),
        }),
        { minLength: 2, maxLength: 30, size: "max" },
      ),
    )
    .map(([scale, rows]) => {
      let at = 0;
      // A trace starts with its first request; those without a gap come at the very same moment.
      return rows.map(({ gap, input, output }, i) => {
        if (i > 0 && gap > 0) at = tidy(at + (gap * scale) / 20 + rests[rest] / 100);
        return { at, input, output };
      });
    });

/** Steps of a chain that asks these targets in this order: some alone, some in a split, some with a condition to spill over. */
const stepsOf = (targets: readonly string[]): fc.Arbitrary<PlainStep[]> =>
  fc
    .tuple(
      fc.boolean(),
      fc.constantFrom(0.25, 0.5, 1),
      fc.array(
        sometimes(
          fc.record({ outstanding: sometimes(fc.integer({ min: 1, max: 4 })), inputTokens: sometimes(fc.integer({ min: 5, max: 30 })) }),
        ),
        { minLength: targets.length, maxLength: targets.length },
      ),
    )
    .map(([splits, share, conditions]) => {
      const [a, b, ...rest] = targets;
      const groups = splits && b !== undefined ? [[a, b], ...rest.map((one) => [one])] : targets.map((one) => [one]);
      return groups.map(([target, other], i): PlainStep => {
        if (other !== undefined) return { split: { [target]: share, [other]: 1 - share } };
        const spillOver = conditions[i];
        const spills = i < groups.length - 1 && (spillOver?.outstanding ?? spillOver?.inputTokens) !== undefined;
        return spills ? { target, spillOver: spillOver! } : target;
      });
    });

const chainOf = (targets: readonly string[]): fc.Arbitrary<PlainChain> =>
  fc.tuple(fc.shuffledSubarray([...targets], { minLength: 1 }).chain(stepsOf), failureList).map(([first, on]) => ({ first, on }));

const classOf = (i: number, targets: readonly string[], stores: readonly string[], gateways: readonly string[]): fc.Arbitrary<PlainClass> =>
  fc
    .tuple(fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined, freq: 2 }), fc.oneof(fc.constant([]), stagesOf(i, targets, stores)))
    .chain(([maxOutput, stages]) =>
      fc.record({
        name: fc.constant(`class${i}`),
        priority: fc.constantFrom("high" as const, "normal" as const, "low" as const),
        requests: requestsOf(30 + i),
        maxOutput: fc.constant(maxOutput),
        stages: fc.constant(stages),
        chain: chainOf(targets),
        agent: fc.option(agentOf(i), { nil: undefined, freq: 1 }),
        client: clientOf(
          i,
          targets,
          stages.flatMap((stage) => (stage.kind === "parallel" ? [] : [stage.name])),
          gateways,
          maxOutput,
        ),
      }),
    );

const targetsOf: fc.Arbitrary<(PlainPool | PlainProvider)[]> = fc
  .integer({ min: 1, max: 3 })
  .chain((count) =>
    fc.tuple(...Array.from({ length: count }, (_, i) => fc.oneof<fc.Arbitrary<PlainPool | PlainProvider>[]>(poolOf(i), providerOf(i)))),
  );

const storesOf: fc.Arbitrary<PlainStore[]> = fc.nat(2).chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => storeOf(i))));

/** Small systems of every kind in which nothing is random, with few requests of one to three classes. */
export const plainSystem: fc.Arbitrary<PlainSystem> = fc
  .tuple(targetsOf, storesOf, sometimes(gateOf(110, undefined)), fc.integer({ min: 1, max: 3 }))
  .chain(([targets, stores, shared, count]) => {
    const gateways = shared === undefined ? [] : [{ name: "gateway", ...shared }];
    const names = targets.map(({ name }) => name);
    return fc.record({
      horizon: fc.oneof(fc.constant(2000), seconds(50, 5, 40)),
      classes: fc.tuple(
        ...Array.from({ length: count }, (_, i) =>
          classOf(
            i,
            names,
            stores.map(({ name }) => name),
            gateways.map(({ name }) => name),
          ),
        ),
      ),
      gateways: fc.constant(gateways),
      targets: fc.constant(targets),
      stores: fc.constant(stores),
    });
  });
