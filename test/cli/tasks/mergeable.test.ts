import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { engineFingerprint } from "../../../src/cli/tasks/engine-fingerprint.ts";
import { type Manifest, writeManifest } from "../../../src/cli/tasks/manifest.ts";
import type { Shard } from "../../../src/cli/tasks/shard.ts";
import { mergeable } from "../../../src/cli/tasks/mergeable.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shard = (index: number, changed: Partial<Omit<Manifest, "shard">> & { readonly shard?: Shard | undefined } = {}): string => {
  const made = join(folder, `${index}-${Object.keys(changed).join("-")}`);
  const engine = engineFingerprint();
  const command = ["sweep", "launch.yaml"];
  const whole = { schema: "headroom/run/1", version: "1", engine, command, scenarioHash: "abc" } as const;
  const { shard: own, ...others } = { shard: { index, count: 4 }, ...changed };
  writeManifest(made, { ...whole, ...others, ...(own === undefined ? {} : { shard: own }) });
  return made;
};

it("shards of one command belong together in any order, and what is missing is told", () => {
  expect(mergeable([1, 2, 3, 4].map((index) => shard(index)))).toEqual({ command: ["sweep", "launch.yaml"], missing: [] });
  expect(mergeable([shard(4), shard(2)]).missing).toEqual([
    { index: 1, count: 4 },
    { index: 3, count: 4 },
  ]);
});

it.each([
  ["the same shard twice", () => [shard(1), shard(1)], /is shard 1\/4, as is .*1-/],
  ["another number of shards", () => [shard(1), shard(2, { shard: { index: 2, count: 8 } })], /is shard 2\/8, and .*1- is 1\/4/],
  ["another command", () => [shard(1), shard(2, { command: ["sweep"] })], /is of another command than .*1-/],
  ["another build", () => [shard(1), shard(2, { engine: "0" })], /is of another build of Headroom than .*1-/],
  ["a build that is not this one", () => [shard(1, { engine: "0" })], /was simulated by another build of Headroom/],
  ["another scenario", () => [shard(1), shard(2, { scenarioHash: "0" })], /is of another scenario than .*1-/],
  ["no run folder", () => [join(folder, "nowhere")], /is no folder with a run\.json of ours/],
])("%s is not joined", (_, folders, message) => {
  expect(() => mergeable(folders())).toThrow(message);
});

it("no shard is missing where a folder holds the work of the whole command", () => {
  expect(mergeable([shard(1), shard(2, { shard: undefined })]).missing).toEqual([]);
});
