import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makePartFolder } from "../../src/cli/part-folder.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The folder that another process would grow. */
const partOf = (owner: number): string => {
  const own = makePartFolder(join(folder, "report"));
  rmSync(own, { recursive: true });
  const part = join(folder, basename(own).replace(`-${process.pid}-`, `-${owner}-`));
  mkdirSync(part);
  writeFileSync(join(part, "result.json"), "half");
  return part;
};

it("lies hidden beside the run folder, as open as the folders that the user makes", () => {
  const part = makePartFolder(join(folder, "report"));
  expect(readdirSync(folder)).toEqual([basename(part)]);
  expect(basename(part)).toMatch(/^\.report-/);
  expect(statSync(part).mode & 0o777).toBe(0o777 & ~process.umask());
});

it("what a process that was killed has left is removed by the next", () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  partOf(pid);
  writeFileSync(join(folder, ".report-notes"), "mine");
  const part = makePartFolder(join(folder, "report"));
  expect(readdirSync(folder).toSorted()).toEqual([".report-notes", basename(part)].toSorted());
});

it("two processes never fill the same run folder", () => {
  const part = partOf(process.ppid);
  expect(() => makePartFolder(join(folder, "report"))).toThrow(`is being written by another run, process ${process.ppid}`);
  expect(readdirSync(part)).toEqual(["result.json"]);
  expect(makePartFolder(join(folder, "other"))).toContain(".other-");
});
