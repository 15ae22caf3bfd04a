import { PlanError } from "../../base/plan-error.ts";
import { commandLine } from "../quote.ts";
import { engineFingerprint } from "./engine-fingerprint.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { type Shard, shardText } from "./shard.ts";

/** Folders whose replications belong to one command. */
export interface Mergeable {
  /** Its words behind `headroom`. */
  readonly command: readonly string[];
  /** Shards that are in none of the folders. */
  readonly missing: readonly Shard[];
}

/** @throws PlanError when the folders are not of one command, build and scenario, or one shard is there twice */
export function mergeable(folders: readonly string[]): Mergeable {
  const all = folders.map((folder) => ({ folder, manifest: manifestOf(folder) }));
  const [first, ...others] = all;
  const { engine, command, scenarioHash } = first.manifest;
  if (engine !== engineFingerprint()) {
    const hint = "merge with the build that simulated the shards, or simulate them again";
    throw new PlanError({ code: "contradiction", path: first.folder, message: "was simulated by another build of Headroom", hint });
  }
  for (const { folder, manifest } of others) {
    const differ = (what: string, hint?: string): PlanError =>
      new PlanError({ code: "contradiction", path: folder, message: `is of another ${what} than ${first.folder}`, hint });
    if (manifest.engine !== engine) throw differ("build of Headroom");
    if (manifest.command.join("\0") !== command.join("\0")) {
      const [own, firsts] = [manifest.command, command].map((words) => commandLine(["headroom", ...words]));
      throw differ("command", `it holds ${own}, and the other ${firsts}`);
    }
    if (manifest.scenarioHash !== scenarioHash) throw differ("scenario");
  }
  const shards = all.flatMap(({ folder, manifest: { shard } }) => (shard === undefined ? [] : [{ folder, shard }]));
  const missing = missingShards(shards);
  // A folder of the whole command may hold what is in no shard.
  return { command, missing: shards.length < all.length ? [] : missing };
}

function manifestOf(folder: string): Manifest {
  const manifest = readManifest(folder);
  if (manifest !== undefined) return manifest;
  const hint = "name the folders that --shard and --out have filled";
  throw new PlanError({ code: "missing-file", path: folder, message: "is no folder with a run.json of ours", hint });
}

function missingShards(given: readonly { readonly folder: string; readonly shard: Shard }[]): Shard[] {
  const [first] = given;
  if (first === undefined) return [];
  const { count } = first.shard;
  const seen = new Map<number, string>();
  for (const { folder, shard } of given) {
    const other = seen.get(shard.index);
    const message =
      shard.count !== count
        ? `is shard ${shardText(shard)}, and ${first.folder} is ${shardText(first.shard)}`
        : `is shard ${shardText(shard)}, as is ${other}`;
    if (shard.count !== count || other !== undefined) throw new PlanError({ code: "contradiction", path: folder, message });
    seen.set(shard.index, folder);
  }
  return Array.from({ length: count }, (_, i) => ({ index: i + 1, count })).filter(({ index }) => !seen.has(index));
}
