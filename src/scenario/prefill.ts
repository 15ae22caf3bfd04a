import type * as z from "zod";
import { nameHint } from "../base/nearest.ts";
import { issue } from "../base/settings.ts";
import type { EngineSettings } from "../serving/replica/engine-settings.ts";
import type { PoolSettings } from "../serving/pool-settings.ts";

type Pools = Readonly<Record<string, PoolSettings>>;

/** Where a pool's prompts are read by another, both must run an LLM, the same one, and how many bytes its KV has must be known. */
export function checkPrefill(pools: Pools, context: z.RefinementCtx): void {
  for (const [name, { prefill, engine }] of Object.entries(pools)) {
    if (prefill === undefined) continue;
    const readers = Object.hasOwn(pools, prefill.pool) ? pools[prefill.pool] : undefined;
    checkWriters(name, engine, context);
    checkReaders(name, prefill.pool, readers, pools, context);
    if (readers !== undefined) checkSameKv(name, engine, prefill.pool, readers.engine, context);
  }
}

/** What is read must be what is written: KV of the same model, in as many bytes. */
function checkSameKv(name: string, writer: EngineSettings, target: string, reader: EngineSettings, context: z.RefinementCtx): void {
  const path = ["pools", name, "prefill", "pool"];
  const [reads, writes] = [reader.llm, writer.llm];
  if (reads !== undefined && writes !== undefined && reads !== writes) {
    issue(context, "contradiction", `\`${target}\` runs ${reads}, whose KV ${writes} cannot use`, {
      path,
      hint: `give both pools an engine of ${writes}`,
    });
    return;
  }
  const [read, written] = [reader.kvBytesPerToken, writer.kvBytesPerToken];
  if (read === undefined || written === undefined || read === written) return;
  issue(context, "contradiction", `\`${target}\` has ${read} bytes of KV per token, and \`${name}\` ${written}`, {
    path,
    hint: `give both pools the same model with KV in the same precision, and both engines one kvBytesPerToken`,
  });
}

function checkWriters(name: string, engine: EngineSettings, context: z.RefinementCtx): void {
  const plain = plainKind(engine);
  if (plain !== undefined) {
    issue(context, "contradiction", `the pool has a ${plain} as its engine, which takes no KV`, {
      path: ["pools", name, "prefill"],
      hint: "leave prefill out, or give the pool an LLM engine",
    });
  } else if (engine.kvBytesPerToken === undefined) {
    issue(context, "missing-key", "needs to know how many bytes of KV a token has: the engine has no kvBytesPerToken", {
      path: ["pools", name, "prefill"],
      hint: "name a derived profile as the engine, or give engine.kvBytesPerToken",
    });
  }
}

function checkReaders(name: string, target: string, readers: PoolSettings | undefined, pools: Pools, context: z.RefinementCtx): void {
  const path = ["pools", name, "prefill", "pool"];
  if (target === name) {
    issue(context, "contradiction", "the pool names itself", { path, hint: "name another pool, or leave prefill out" });
  } else if (readers === undefined) {
    const others = Object.keys(pools).filter((other) => other !== name);
    const hint = others.length === 0 ? "there is no other pool in this scenario" : nameHint(target, others);
    issue(context, "unknown-name", `there is no pool \`${target}\``, { path, hint });
  } else if (readers.prefill !== undefined) {
    issue(context, "contradiction", `\`${target}\` has its own prompts read by \`${readers.prefill.pool}\``, {
      path,
      hint: "name a pool without prefill",
    });
  } else {
    const plain = plainKind(readers.engine);
    if (plain === undefined) return;
    issue(context, "contradiction", `\`${target}\` has a ${plain} as its engine, which leaves no KV`, {
      path,
      hint: "name a pool with an LLM engine",
    });
  }
}

/** The kind of an engine that is not an LLM; undefined for one that is. */
function plainKind({ station, staticBatch }: EngineSettings): "station" | "staticBatch" | undefined {
  if (station !== undefined) return "station";
  return staticBatch === undefined ? undefined : "staticBatch";
}
