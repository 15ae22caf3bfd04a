/** What a path has before its targets, in the public scenario format. */
import {
  type PlainAgent,
  type PlainDependency,
  type PlainSemantic,
  type PlainStage,
  type PlainStore,
  type PlainWork,
} from "./plain-given-stages.ts";
import { breakerText, loopText, per, timeOf } from "./plain-scenario.ts";

/** As an entry of a path. */
export function stageText(stage: PlainStage): unknown {
  if (stage.kind === "parallel") {
    return { parallel: stage.branches.map((branch) => (branch.length === 1 ? stageText(branch[0]) : branch.map(stageText))) };
  }
  if (stage.kind !== "call") return stage.name;
  const { name, target, input, output, ...dependency } = stage;
  return {
    call: target,
    name,
    inputTokens: input && { constant: input },
    outputTokens: output && { constant: output },
    ...dependencyText(dependency, ["failed", "shed", "throttled"]),
  };
}

/** @param ends how an attempt may end after which another may follow; a retry after others alone is refused, since it never comes */
const dependencyText = ({ timeout, onFailure, retry, breaker, promptTokens }: PlainDependency, ends: readonly string[]): object => ({
  timeout: timeOf(timeout),
  onFailure,
  retry: loopText(retry.on.some((ending) => ends.includes(ending)) ? retry : { ...retry, attempts: 1 }),
  breaker: breaker && breakerText(breaker),
  promptTokens,
});

/** What these stages name. */
export function stagesText(stages: readonly PlainStage[], stores: readonly PlainStore[]): object {
  const pipelines = stages.flatMap((stage) => (stage.kind === "exact" || stage.kind === "semantic" ? [] : pipelinesIn(stage)));
  return {
    caches: Object.fromEntries(
      stages.flatMap((stage): [string, object][] => {
        if (stage.kind === "semantic") return [[stage.name, semanticText(stage)]];
        if (stage.kind !== "exact") return [];
        return [[stage.name, { kind: "exact", hitRate: stage.hits ? "100%" : "0%", latency: timeOf(stage.latency) }]];
      }),
    ),
    vectorStores: Object.fromEntries(
      stores.map((store) => [store.name, { ...storeText(store), ...dependencyText(store, ["failed", "shed"]) }]),
    ),
    pipelines: Object.fromEntries(pipelines),
  };
}

function pipelinesIn(work: PlainWork): [string, unknown][] {
  if (work.kind === "parallel") return work.branches.flat().flatMap(pipelinesIn);
  if (work.kind !== "pipeline") return [];
  return [[work.name, work.parts.map(stageText)], ...work.parts.flatMap(pipelinesIn)];
}

const semanticText = ({ embedding, store, hitRate, wrongHitRate, deterministicShare, timeout }: PlainSemantic): object => ({
  kind: "semantic",
  embedding: "call" in embedding ? embedding.call : { latency: { constant: timeOf(embedding.latency) } },
  store,
  threshold: 0.9,
  hitRate: per(hitRate),
  wrongHitRate: per(wrongHitRate),
  deterministicShare: per(deterministicShare),
  timeout: timeOf(timeout),
});

/** But for what its readers do about it. */
export const storeText = ({ replicas, concurrency, read, write, capacity, outages, rebuild }: PlainStore): object => ({
  replicas,
  concurrency,
  read: { constant: timeOf(read) },
  write: { constant: timeOf(write) },
  queue: { capacity },
  outages: outages && { ...outages, at: outages.at.map(timeOf), lasts: timeOf(outages.lasts) },
  rebuild: rebuild && {
    ...rebuild,
    at: rebuild.at.map(timeOf),
    lasts: timeOf(rebuild.lasts),
    drag: per(rebuild.drag),
    effect: "blockReads",
  },
});

export const agentText = ({ calls, output, toolTime, toolTokens }: PlainAgent): object => ({
  calls,
  outputTokens: { constant: output },
  toolTime: timeOf(toolTime),
  toolTokens,
});
