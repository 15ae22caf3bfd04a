import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { StoredTask } from "../../../src/cli/tasks/stored-task.ts";
import { openTaskStore, taskFiles } from "../../../src/cli/tasks/task-store.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const idOf = (digit: string): string => digit.repeat(64);
const fileOf = (digit: string): string => join(folder, "tasks", digit.repeat(2), `${idOf(digit)}.json.gz`);
const task = (digit: string): StoredTask => ({
  id: idOf(digit),
  wanted: { series: false, requests: false, latencies: false, course: false },
  finished: { summary: { classes: {}, money: { total: -0, others: Infinity } } } as never,
});

it("what was kept is read back, by another process too", async () => {
  await openTaskStore(folder).keep(task("a"));
  const store = openTaskStore(folder);
  expect(store.count()).toBe(1);
  expect(await store.read(idOf("a"))).toMatchObject(task("a"));
  expect(await store.read(idOf("b"))).toBeUndefined();
  expect(store.damaged()).toBe(0);
});

it("a file that is cut off, scrambled or of another task is not taken", async () => {
  const store = openTaskStore(folder);
  for (const digit of ["a", "b", "c", "d"]) await store.keep(task(digit));
  writeFileSync(fileOf("a"), readFileSync(fileOf("a")).subarray(0, 60));
  writeFileSync(
    fileOf("b"),
    readFileSync(fileOf("b")).map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
  );
  copyFileSync(fileOf("d"), fileOf("c"));
  const again = openTaskStore(folder);
  expect(await Promise.all(["a", "b", "c"].map((digit) => again.read(idOf(digit))))).toEqual([undefined, undefined, undefined]);
  expect(again.damaged()).toBe(3);
  expect(await again.read(idOf("d"))).toMatchObject(task("d"));
});

it("tidying leaves what was read or kept, and nothing else", async () => {
  const earlier = openTaskStore(folder);
  for (const digit of ["a", "b"]) await earlier.keep(task(digit));
  writeFileSync(`${fileOf("a")}.123.part`, "half");
  const store = openTaskStore(folder);
  await store.read(idOf("a"));
  await store.keep(task("c"));
  store.tidy();
  const left = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.includes("."));
  expect(left.toSorted()).toEqual([join("tasks", "aa", `${idOf("a")}.json.gz`), join("tasks", "cc", `${idOf("c")}.json.gz`)]);
});

it("all that a store leaves in a run folder is known as its own", async () => {
  await openTaskStore(folder).keep(task("a"));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  expect(names.filter((name) => !taskFiles.test(name))).toEqual([]);
  expect(taskFiles.test(`tasks/aa/${idOf("a")}.json.gz.9f-1.part`)).toBe(true);
  for (const other of ["tasks/notes.md", "tasks/aa/notes.md", "tasks/aab", "more/tasks", `tasks/aa/${idOf("a")}.json`]) {
    expect(taskFiles.test(other)).toBe(false);
  }
});

it("what cannot be kept leaves no half of it behind", async () => {
  mkdirSync(fileOf("a"), { recursive: true });
  await expect(openTaskStore(folder).keep(task("a"))).rejects.toThrow();
  expect(readdirSync(dirname(fileOf("a")))).toEqual([`${idOf("a")}.json.gz`]);
});

it("folders in which nothing is left are removed with it", async () => {
  await openTaskStore(folder).keep(task("a"));
  const store = openTaskStore(folder);
  await store.keep(task("b"));
  store.tidy();
  expect(readdirSync(join(folder, "tasks"))).toEqual(["bb"]);
  openTaskStore(folder).tidy();
  expect(readdirSync(folder)).toEqual([]);
});
