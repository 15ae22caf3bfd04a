import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { headroom, scratch, smallScenario, smallTrace } from "./headroom.ts";
import { filesIn } from "./run-folder-files.ts";

const files = scratch();
const words: string[] = [];
let whole = "";
beforeAll(() => {
  files.write("day.csv", smallTrace());
  const easy = ["--set", 'traffic.chat.slo=["success >= 10%"]', "--set", 'traffic.digests.slo=["success >= 10%"]'];
  const scenario = files.write("small.yaml", smallScenario);
  words.push("sweep", scenario, "--vary", "pools.gpus.warm.size=0..1", "--horizon", "6m", ...easy, "--quiet");
  whole = join(files.folder, "whole");
  const { status, stderr } = headroom(...words, "--out", whole, "--resume");
  expect(status).toBe(0);
  expect(stderr).toMatch(/^headroom: --resume: .*tasks holds no finished replications; starting afresh\n/);
});
afterAll(() => files.clear());

const kept = (folder: string): string[] => {
  const tasks = join(folder, "tasks");
  return existsSync(tasks) ? readdirSync(tasks, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json.gz")) : [];
};

async function interrupted(signal: NodeJS.Signals, ...more: readonly string[]) {
  const child = spawn(process.execPath, ["dist/cli/main.js", ...words, "--jobs", "1", ...more], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  const out = more[more.indexOf("--out") + 1] ?? "";
  const watch = setInterval(() => {
    if (kept(out).length < 2) return;
    clearInterval(watch);
    child.kill(signal);
  }, 5);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}

describe("an experiment that was interrupted", () => {
  it("says what is kept and how to go on, and goes on to the very same folder", async () => {
    const out = join(files.folder, "stopped");
    const { code, stderr } = await interrupted("SIGINT", "--out", out);
    expect(code).toBe(130);
    expect(stderr).toMatch(/^headroom: interrupted: \d+ replications are kept in .*stopped; go on with headroom sweep .* --resume\n$/);
    const found = kept(out).length;
    expect(found).toBeGreaterThan(1);
    expect(found).toBeLessThan(kept(whole).length);
    expect(readdirSync(out).toSorted()).toEqual(["run.json", "tasks"]);
    const again = headroom(...words, "--out", out, "--resume");
    const [, resumed] = /^headroom: resumed: (\d+) of the \d+ replications were there\n$/.exec(again.stderr) ?? [];
    expect(Number(resumed)).toBe(found);
    expect(filesIn(out)).toEqual(filesIn(whole));
  });

  it("ends with the code of its signal, and what it has left is read by nobody who does not ask for it", async () => {
    const out = join(files.folder, "terminated");
    expect((await interrupted("SIGTERM", "--out", out)).code).toBe(143);
    expect(readdirSync(files.folder).filter((name) => name.startsWith("."))).toEqual([]);
    for (const name of kept(out)) writeFileSync(join(out, "tasks", name), "nothing");
    const { status, stderr } = headroom(...words, "--out", out);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(filesIn(out)).toEqual(filesIn(whole));
  });
});

describe("--resume", () => {
  it("simulates again what is damaged, and says so", () => {
    const out = join(files.folder, "damaged");
    cpSync(whole, out, { recursive: true });
    const [first, second] = kept(out).map((name) => join(out, "tasks", name));
    truncateSync(first, 100);
    writeFileSync(second, "nothing");
    const { status, stderr } = headroom(...words, "--out", out, "--resume");
    expect(status).toBe(0);
    expect(stderr).toMatch(/2 kept replications could not be read, and were simulated again/);
    expect(filesIn(out)).toEqual(filesIn(whole));
  });

  it("takes what a changed experiment has in common with the earlier one, and leaves nothing of the rest", () => {
    const out = join(files.folder, "changed");
    cpSync(whole, out, { recursive: true });
    const fewer = words.map((word) => word.replace("0..1", "0"));
    const { stderr } = headroom(...fewer, "--out", out, "--resume");
    const fresh = join(files.folder, "fresh");
    headroom(...fewer, "--out", fresh);
    expect(stderr).toMatch(/resumed: [1-9]\d* of the/);
    expect(kept(out).length).toBe(readdirSync(join(out, "tasks"), { recursive: true }).length - readdirSync(join(out, "tasks")).length);
    expect(filesIn(out)).toEqual(filesIn(fresh));
  });
});
