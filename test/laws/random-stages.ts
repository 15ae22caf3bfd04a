import * as fc from "fast-check";
import type { PlainAgent, PlainDependency, PlainSemantic, PlainStage, PlainStore, PlainWork } from "./plain-given-stages.ts";
import { breakerOf, loopOf } from "./random-client.ts";
import { seconds, sometimes } from "./random-numbers.ts";

/** Every class has room for so many stages, each with rests of its own. */
const mostLeaves = 5;

const dependencyOf = (rest: number): { readonly [Key in keyof PlainDependency]: fc.Arbitrary<PlainDependency[Key]> } => ({
  timeout: sometimes(seconds(rest, 0.1, 6)),
  onFailure: fc.constantFrom("fail" as const, "answerWithout" as const),
  retry: fc.oneof({ weight: 2, arbitrary: loopOf(rest + 1, 1) }, { weight: 1, arbitrary: loopOf(rest + 1, 3) }),
  breaker: sometimes(breakerOf(rest + 4)),
  promptTokens: fc.constantFrom(0, 0, 7, 30),
});

/** Names of stores are the same in each system. */
export const storeOf = (i: number): fc.Arbitrary<PlainStore> =>
  fc.record({
    name: fc.constant(`store${i}`),
    replicas: fc.integer({ min: 1, max: 2 }),
    concurrency: fc.integer({ min: 1, max: 3 }),
    read: seconds(170 + i, 0, 3),
    write: seconds(172 + i, 0, 1),
    capacity: sometimes(fc.nat(3)),
    outages: sometimes(
      fc.record({
        at: fc.tuple(seconds(174 + i, 0, 8), seconds(176 + i, 14, 30)),
        lasts: seconds(178 + i, 0.5, 5),
        effect: fc.constantFrom("fail" as const, "hang" as const),
      }),
    ),
    rebuild: sometimes(
      fc.record({
        at: fc.tuple(seconds(180 + i, 0, 8), seconds(182 + i, 14, 30)),
        lasts: seconds(184 + i, 0.5, 5),
        drag: fc.constantFrom(0, 0.37),
        replicas: fc.constantFrom("inTurn" as const, "together" as const),
      }),
    ),
    ...dependencyOf(200 + 10 * i),
  });

type Leaf = Extract<PlainWork, { name: string }>;

/** Some of the stores, each once, and some calls. */
const leavesOf = (i: number, targets: readonly string[], stores: readonly string[]): fc.Arbitrary<Leaf[]> => {
  const call = (nth: number): fc.Arbitrary<Leaf> => {
    const rest = 220 + 40 * i + 10 * nth;
    return fc.record({
      kind: fc.constant("call" as const),
      name: fc.constant(`call${i}${"abcd"[nth]}`),
      target: fc.constantFrom(...targets),
      input: sometimes(fc.integer({ min: 1, max: 50 })),
      output: sometimes(fc.integer({ min: 1, max: 9 })),
      ...dependencyOf(rest),
    });
  };
  return fc
    .tuple(fc.shuffledSubarray(stores.map((name): Leaf => ({ kind: "store", name }))), fc.nat(3))
    .chain(([reads, calls]) => fc.tuple(fc.constant(reads), fc.tuple(...Array.from({ length: calls }, (_, nth) => call(nth)))))
    .chain(([reads, calls]) => fc.shuffledSubarray([...reads, ...calls], { minLength: reads.length + calls.length }))
    .map((leaves) => leaves.slice(0, mostLeaves));
};

/** Leaves in order, some of them in pipelines and side by side. */
const worksOf = (i: number, targets: readonly string[], stores: readonly string[]): fc.Arbitrary<PlainWork[]> =>
  fc
    .tuple(leavesOf(i, targets, stores), fc.constantFrom("flat", "pipeline", "parallel", "nested", "branches"), fc.nat(3), fc.boolean())
    .map(([leaves, shape, cut, empty]) => shaped(i, leaves.slice(0, cut), leaves.slice(cut), shape, empty));

function shaped(i: number, first: readonly Leaf[], rest: readonly Leaf[], shape: string, empty: boolean): PlainWork[] {
  const pipeline = (parts: readonly PlainWork[], nth = 0): PlainWork => ({ kind: "pipeline", name: `pipeline${i}${"ab"[nth]}`, parts });
  const parallel = (...branches: (readonly PlainWork[])[]): PlainWork => ({ kind: "parallel", branches });
  const none = empty ? [pipeline([], 1)] : [];
  if (shape === "pipeline") return [...first, pipeline(rest), ...none];
  if (shape === "parallel") return [parallel(first, rest)];
  if (shape === "nested") return [pipeline([...first, parallel(rest, none)])];
  if (shape === "branches") return [parallel([pipeline(first)], ...rest.map((one) => [one]), [])];
  return [...first, ...rest];
}

const semanticOf = (i: number, targets: readonly string[], stores: readonly string[]): fc.Arbitrary<PlainSemantic> =>
  fc.record({
    kind: fc.constant("semantic" as const),
    name: fc.constant(`similar${i}`),
    embedding: fc.oneof(
      fc.constant({ latency: 0 }),
      seconds(340 + i, 0, 2).map((latency) => ({ latency })),
      fc.constantFrom(...targets).map((call) => ({ call })),
    ),
    store: fc.constantFrom(...stores),
    hitRate: fc.constantFrom(0.25, 0.5, 1),
    wrongHitRate: fc.constantFrom(0, 0.125, 0.25),
    deterministicShare: fc.constantFrom(1, 1, 0.75),
    timeout: sometimes(seconds(343 + i, 0.1, 5)),
  });

/** What class number `i` has before its targets. */
export const stagesOf = (i: number, targets: readonly string[], stores: readonly string[]): fc.Arbitrary<PlainStage[]> => {
  const exactOf = (nth: number): fc.Arbitrary<PlainStage> =>
    fc.record({
      kind: fc.constant("exact" as const),
      name: fc.constant(`cache${i}${"ab"[nth]}`),
      latency: fc.oneof(fc.constant(0), seconds(32 + 2 * i + nth, 0, 2)),
      hits: fc.constantFrom(false, false, false, true),
    });
  const works = fc.oneof(fc.constant([]), worksOf(i, targets, stores));
  return fc
    .tuple(
      sometimes(exactOf(0)),
      stores.length === 0 ? fc.constant(undefined) : sometimes(semanticOf(i, targets, stores)),
      works,
      sometimes(exactOf(1)),
      fc.nat(4),
    )
    .map(([first, semantic, work, last, cut]) =>
      [first, ...work.slice(0, cut), semantic, ...work.slice(cut), last].filter((one): one is PlainStage => one !== undefined),
    );
};

export const agentOf = (i: number): fc.Arbitrary<PlainAgent> =>
  fc.record({
    calls: fc.integer({ min: 1, max: 4 }),
    output: fc.integer({ min: 1, max: 12 }),
    toolTime: fc.oneof(fc.constant(0), seconds(346 + i, 0, 3)),
    toolTokens: fc.constantFrom(0, 11),
  });
