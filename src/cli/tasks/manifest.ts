import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Shard } from "./shard.ts";

/** What a run folder was made by: `run.json`. */
export interface Manifest {
  readonly schema: "headroom/run/1";
  readonly version: string;
  /** Of the code that simulated. */
  readonly engine: string;
  /** The words of the command behind `headroom`, but for flags that do not change what comes out. */
  readonly command: readonly string[];
  readonly scenarioHash: string;
  /** Which part of the work the folder holds; all of it unless given. */
  readonly shard?: Shard;
}

const name = "run.json";

const start = '{"schema":"headroom/run/1"';

/** Puts it in the run folder, which is made where it is missing. */
export function writeManifest(folder: string, manifest: Manifest): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(`${file}.part`, `${JSON.stringify(manifest)}\n`);
  renameSync(`${file}.part`, file);
}

/** The manifest of a run folder; undefined where there is none, or it is not ours. */
export function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, name);
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  if (!text.startsWith(start)) return undefined;
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return undefined;
  }
}
