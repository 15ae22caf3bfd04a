import { join } from "node:path";
import { plural } from "../../base/format.ts";
import { PlanError } from "../../base/plan-error.ts";
import type { Runner } from "../../experiment/runner.ts";
import { holds, onlyWanted } from "../../experiment/task-key.ts";
import { writing, writingLater } from "../writing.ts";
import { type Manifest, readManifest, writeManifest } from "./manifest.ts";
import { shardText } from "./shard.ts";
import { storedTask } from "./stored-task.ts";
import type { TaskIds } from "./task-id.ts";
import { openTaskStore, type TaskStore } from "./task-store.ts";

/** Where finished tasks are kept and taken from. */
export interface Places {
  /** The run folder, in which they are kept. */
  readonly out: string;
  /** Whether those that lie there already are taken. */
  readonly resume: boolean;
  /** Other run folders from which they are taken. */
  readonly from: readonly string[];
}

/** The work of one command as far as it is done: what is there is not simulated again, and what is simulated is kept. */
export interface KeptWork {
  readonly over: (runner: Runner) => Runner;
  /** How many replications are safe in the run folder. */
  readonly kept: () => number;
  /** Says on stderr what was found in the folders, when all is done. */
  readonly tell: () => void;
  /** Removes from the run folder what belongs to no task of this command. */
  readonly tidy: () => void;
}

/**
 * @param manifest stands in the run folder from the first task on that is kept in it
 * @throws PlanError when the run folder is that of another shard, or another folder is of another scenario
 */
export function openKeptWork({ out, resume, from }: Places, manifest: Manifest, idOf: TaskIds): KeptWork {
  requireOwnShard(out, manifest);
  for (const folder of from) requireSameScenario(folder, manifest);
  const own = openTaskStore(out);
  const sources = [...(resume ? [own] : []), ...from.map(openTaskStore)];
  if (resume && own.count() === 0) say(`--resume: ${join(out, "tasks")} holds no finished replications; starting afresh`);
  const known = new Set<string>();
  const taken = new Set<string>();
  let asked = 0;
  let marked = false;
  const mark = (): void => {
    if (marked) return;
    requireOwnShard(out, manifest);
    writing("--out", out, () => writeManifest(out, manifest));
    marked = true;
  };
  return {
    over: (runner) => ({
      async run(task) {
        asked++;
        const id = idOf(task);
        const found = await foundIn(sources, id);
        const stored = found !== undefined && holds(found.stored.wanted, task) ? found.stored : undefined;
        const finished = stored === undefined ? await runner.run(task) : onlyWanted(stored.finished, task);
        if (stored !== undefined) taken.add(id);
        if (found === undefined || found.source !== own || stored === undefined) {
          mark();
          await writingLater("--out", out, () => own.keep(stored ?? storedTask(id, task, finished)));
        }
        known.add(id);
        return finished;
      },
    }),
    kept: () => known.size,
    tell() {
      const damaged = sources.reduce((sum, source) => sum + source.damaged(), 0);
      if (damaged > 0)
        say(`${plural(damaged, "kept replication")} could not be read, and ${damaged === 1 ? "was" : "were"} simulated again`);
      const verb = from.length > 0 ? "joined" : "resumed";
      if (sources.length > 0 && asked > 0) say(`${verb}: ${taken.size} of the ${plural(asked, "replication")} were there`);
    },
    tidy: own.tidy,
  };
}

async function foundIn(sources: readonly TaskStore[], id: string) {
  for (const source of sources) {
    const stored = await source.read(id);
    if (stored !== undefined) return { stored, source };
  }
  return undefined;
}

function say(sentence: string): void {
  process.stderr.write(`headroom: ${sentence}\n`);
}

/** Shards that share a folder would each take the other's tasks for what an earlier run has left. */
function requireOwnShard(out: string, { shard }: Manifest): void {
  const there = readManifest(out)?.shard;
  if (shard === undefined || there === undefined || shardText(there) === shardText(shard)) return;
  throw new PlanError({
    code: "bad-flag",
    path: "--out",
    message: `is the folder of shard ${shardText(there)}`,
    value: out,
    hint: `give each shard a folder of its own: --out ${out}-${shard.index}`,
  });
}

function requireSameScenario(folder: string, { scenarioHash }: Manifest): void {
  if (readManifest(folder)?.scenarioHash === scenarioHash) return;
  const hint = "simulate the shards again, or bring the scenario, its traces and models back to what they were";
  throw new PlanError({ code: "contradiction", path: folder, message: "the scenario has changed since", hint });
}
