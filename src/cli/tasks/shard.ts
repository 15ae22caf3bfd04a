import { badShard } from "./bad-shard.ts";
import { shardOfScheduler } from "./scheduler.ts";

/** One of several parts of the work, each done by a process of its own. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/**
 * `2/4` is the second of four; `auto` asks the scheduler that started the process, and `auto/4` asks it only which of the four.
 * @throws PlanError when it is neither, or there is no scheduler to ask
 */
export function parseShard(text: string, environment: NodeJS.ProcessEnv): Shard {
  const [, which, of] = /^(auto|\d{1,6})(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  if (which === undefined || (which !== "auto" && of === undefined)) throw badShard(text, "must be i/n, auto or auto/n", "--shard 2/4");
  const count = of === undefined ? undefined : Number(of);
  if (count === 0) throw badShard(text, "has no shards", "--shard 2/4");
  const shard = which === "auto" ? shardOfScheduler(text, count, environment) : { index: Number(which), count: Number(of) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw badShard(text, `asks for shard ${shard.index} of ${shard.count}`, "shards are counted from 1");
}

/** The part of a list that falls to a shard: every so many, so that each has some of every kind. */
export function partOf<T>(list: readonly T[], { index, count }: Shard): T[] {
  return list.filter((_, i) => i % count === index - 1);
}
