import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { headroom, scratch, smallScenario, smallTrace } from "./headroom.ts";
import { filesIn } from "./run-folder-files.ts";

const files = scratch();
const words: string[] = [];
const easy = ["--set", 'traffic.chat.slo=["success >= 10%"]', "--set", 'traffic.digests.slo=["success >= 10%"]'];
const shards = [1, 2, 3, 4];
const at = (name: string): string => join(files.folder, name);
beforeAll(() => {
  files.write("day.csv", smallTrace());
  words.push(
    "sweep",
    files.write("small.yaml", smallScenario),
    "--vary",
    "pools.gpus.warm.size=0..1",
    "--horizon",
    "4m",
    ...easy,
    "--quiet",
  );
});
afterAll(() => files.clear());

it("shards that are joined come to the very folder that one process makes", () => {
  for (const shard of shards) {
    const { status, stdout } = headroom(...words, "--shard", `${shard}/4`, "--out", at(`shard-${shard}`));
    expect(status).toBe(0);
    const share = shard <= 2 ? 2 : 1;
    expect(stdout).toBe(
      `shard ${shard}/4: ${share} of 6 replications are in ${at(`shard-${shard}`)}; ` +
        "join them with headroom merge, the folders of all shards, and --out\n",
    );
    expect(readdirSync(at(`shard-${shard}`)).toSorted()).toEqual(["run.json", "tasks"]);
  }
  const alone = headroom(...words, "--json", "--out", at("alone"));
  const merged = headroom("merge", ...shards.map((shard) => at(`shard-${shard}`)), "--json", "--quiet", "--out", at("merged"));
  expect(merged.stderr).toMatch(/^headroom: joined: 6 of the \d+ replications were there\n$/);
  expect(merged.stdout).toBe(alone.stdout);
  expect(filesIn(at("merged"))).toEqual(filesIn(at("alone")));
});

it("a shard that is missing is said, and simulated", () => {
  const { status, stderr } = headroom("merge", ...[4, 1, 3].map((shard) => at(`shard-${shard}`)), "--out", at("partly"), "--quiet");
  expect(status).toBe(0);
  expect(stderr).toMatch(/^headroom: shard 2\/4 is missing and simulated now\nheadroom: joined: 4 of the/);
  expect(filesIn(at("partly"))).toEqual(filesIn(at("alone")));
});

it("a shard goes on where it was interrupted, and takes no other shard's folder", () => {
  cpSync(at("shard-1"), at("again"), { recursive: true });
  const [one] = readdirSync(at("again/tasks"));
  rmSync(at(`again/tasks/${one}`), { recursive: true });
  const { stderr } = headroom(...words, "--shard", "1/4", "--out", at("again"), "--resume");
  expect(stderr).toBe("headroom: resumed: 1 of the 2 replications were there\n");
  expect(filesIn(at("again"))).toEqual(filesIn(at("shard-1")));
  const other = headroom(...words, "--shard", "2/4", "--out", at("again"));
  expect(other.status).toBe(2);
  expect(other.stderr).toMatch(/--out: is the folder of shard 1\/4[\s\S]*hint: give each shard a folder of its own/);
});

it("folders of a scenario that has changed since are not joined", () => {
  cpSync(at("shard-2"), at("changed"), { recursive: true });
  const file = at("changed/run.json");
  writeFileSync(file, readFileSync(file, "utf8").replace(/"scenarioHash":"\w+"/, '"scenarioHash":"0"'));
  const { status, stdout, stderr } = headroom("merge", at("changed"), "--out", at("none"));
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/changed: the scenario has changed since/);
  expect(existsSync(at("none"))).toBe(false);
});
