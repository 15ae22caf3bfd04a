import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { headroom, scratch, smallScenario, smallTrace } from "./headroom.ts";

const files = scratch();
let scenario = "";
beforeAll(() => {
  files.write("day.csv", smallTrace());
  scenario = files.write("small.yaml", smallScenario);
  writeFileSync(join(files.folder, "latin1.yaml"), Buffer.from("name: caf\u00e9", "latin1"));
  files.write("empty.csv", "");
  files.write("header.csv", "when,in,out\n1,2,3\n");
  files.write("negative.csv", "time,input,output\n0,100,10\n1,-5,10\n");
  files.write("nan.csv", "time,input,output\n0,100,10\n1,NaN,10\n");
});
afterAll(() => files.clear());

const trace = (name: string): string[] => ["--set", `traffic.chat.arrivals.trace=${join(files.folder, name)}`];

const mistakes: readonly [title: string, words: () => readonly string[], message: RegExp][] = [
  ["no command", () => [], /say what to do/],
  ["an unknown command", () => ["simulat", scenario], /did you mean simulate/i],
  ["an unknown flag", () => ["simulate", scenario, "--sead", "3"], /unknown argument: sead/i],
  ["a missing scenario", () => ["simulate", "nowhere.yaml"], /nowhere\.yaml: there is no such scenario file/],
  ["a scenario in another encoding", () => ["simulate", join(files.folder, "latin1.yaml")], /latin1\.yaml: is not a text file in UTF-8/],
  ["a folder as scenario", () => ["simulate", "src"], /src: is a folder/],
  [
    "a missing trace",
    () => ["simulate", scenario, ...trace("nowhere.csv")],
    /nowhere\.csv: there is no such trace[\s\S]*a flag's path is relative to the working folder/,
  ],
  ["an empty CSV", () => ["simulate", scenario, ...trace("empty.csv")], /empty\.csv/],
  ["a header without the needed columns", () => ["simulate", scenario, ...trace("header.csv")], /header\.csv:1:[\s\S]*hint: /],
  ["a negative token count", () => ["simulate", scenario, ...trace("negative.csv")], /negative\.csv:3:3: [\s\S]*-5/],
  ["a NaN", () => ["simulate", scenario, ...trace("nan.csv")], /nan\.csv:3:3: [\s\S]*NaN/],
  ["an unknown key", () => ["simulate", scenario, "--set", "pools.gpus.quue.capacity=3"], /quue[\s\S]*did you mean `queue`/],
  ["a wrong unit", () => ["simulate", scenario, "--horizon", "30"], /--horizon[\s\S]*must be a duration[\s\S]*500ms, 90s/],
  ["a value out of range", () => ["simulate", scenario, "--set", "pools.gpus.warm.size=-1"], /warm\.size[\s\S]*at least 0/],
  [
    "an objective that cannot be read",
    () => ["simulate", scenario, "--set", 'traffic.chat.slo=["ttft p95 fast"]'],
    /is not an objective[\s\S]*hint: /,
  ],
  [
    "a target that nobody has",
    () => ["simulate", scenario, "--set", "traffic.digests.path=[gpu]"],
    /no pool or provider `gpu`[\s\S]*did you mean `gpus`/,
  ],
  [
    "an unknown profile",
    () => ["simulate", scenario, "--set", "pools.gpus.engine=llama-3.1-8b/h10/tp1"],
    /there is no GPU `h10` among the gpus\n  hint: did you mean `h100`/,
  ],
  [
    "a file of requests in no folder",
    () => ["simulate", scenario, "--requests", join(files.folder, "no", "r.csv")],
    /--requests: cannot be written: its folder/,
  ],
  ["a flag without its value", () => ["simulate", scenario, "--horizon"], /not enough arguments following: horizon/],
  ["a flag given twice", () => ["simulate", scenario, "--seed", "1", "--seed", "2"], /--seed: is given more than once/],
  ["an axis given twice", () => ["sweep", scenario, "--vary", "seed=1", "--vary", "seed=2"], /--vary: is varied twice/],
  ["plans of different seeds", () => ["sweep", scenario, "--vary", "seed=1,2"], /seed: must be the same in all plans that are compared/],
  ["systems of different horizons", () => ["compare", scenario, "--variant", "horizon=10m"], /horizon: must be the same in all plans/],
  ["a variant without a name", () => ["compare", scenario, "--variant", ": horizon=10m"], /--variant: has no name before its colon/],
  [
    "two variants of one name",
    () => ["compare", scenario, "--variant", "cold: pools.gpus.warm.size=0", "--variant", "cold: pools.gpus.warm.size=1"],
    /--variant: two systems are called `cold`/,
  ],
  [
    "a variant called base",
    () => ["compare", scenario, "--variant", "base: pools.gpus.warm.size=0"],
    /--variant: `base` is the scenario as it stands/,
  ],
  [
    "a file of requests over another file",
    () => ["simulate", scenario, "--requests", scenario],
    /--requests: is there, and is not a file of requests/,
  ],
  ["a file of requests that is a folder", () => ["simulate", scenario, "--requests", files.folder], /--requests: is not a plain file/],
  [
    "a target that is asked twice",
    () => ["simulate", scenario, "--set", "traffic.chat.path=[{ first: [gpus, api, gpus] }]"],
    /`gpus` is asked before/,
  ],
  ["jobs that are no number", () => ["simulate", scenario, "--jobs", "many"], /--jobs: must be a whole number/],
  ["a shard that is none", () => ["simulate", scenario, "--shard", "5/4"], /--shard: asks for shard 5 of 4/],
  ["a shard without a result", () => ["simulate", scenario, "--shard", "1/4", "--json"], /--json: does not go with --shard/],
  [
    "a shard without requests",
    () => ["simulate", scenario, "--shard", "1/4", "--requests", "r.csv"],
    /--requests: does not go with --shard/,
  ],
  [
    "a Redis that is none",
    () => ["simulate", scenario, "--redis", "localhost:6379"],
    /--redis: is no address of a Redis[\s\S]*redis:\/\/host:6379/,
  ],
  ["a Redis that is not there", () => ["simulate", scenario, "--redis", "redis://127.0.0.1:9"], /--redis: cannot be reached: ECONNREFUSED/],
  [
    "jobs of which a worker decides",
    () => ["simulate", scenario, "--redis", "redis://127.0.0.1:9", "--jobs", "2"],
    /--jobs: does not go with --redis[\s\S]*hint: give it to headroom worker/,
  ],
  ["a worker without a Redis", () => ["worker", "--redis", "redis://127.0.0.1:9"], /--redis: cannot be reached: ECONNREFUSED/],
  ["a sweep without an axis", () => ["sweep", scenario], /vary/],
  ["an axis without values", () => ["sweep", scenario, "--vary", "pools.gpus.warm.size"], /must be path=value/],
  ["one system to compare", () => ["compare", scenario], /only one system to compare/],
  ["validation of a wrong scenario", () => ["validate", scenario, "--set", "seed=x"], /seed/],
];

it.each(mistakes)("%s ends with exit code 2 and one clear message, and nothing is written", (_, words, message) => {
  const out = join(files.folder, "out");
  const given = words();
  const writes = ["simulate", "sweep", "compare"].includes(given[0] ?? "");
  const { status, stdout, stderr } = headroom(...given, ...(writes ? ["--out", out] : []));
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^headroom: /);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(files.folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

it.each(["--resume", "--shard=1/4"])("%s without --out is a mistake", (flag) => {
  const { status, stderr } = headroom("simulate", scenario, flag);
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`${flag.split("=")[0]}: goes with --out`) });
});

it("a valid scenario is said to be valid, with the facts it rests on", () => {
  const { status, stdout } = headroom("validate", "models/scenarios/launch.yaml");
  expect(status).toBe(0);
  expect(stdout).toMatch(/launch\.yaml is valid: Support assistant, launch week\n/);
  expect(stdout).toMatch(/pools\.gpus\.engine: llama-3\.1-8b\/h100\/tp1 \(derived; /);
});

describe("--out", () => {
  it("never replaces a folder that holds anything else", () => {
    const folder = join(files.folder, "kept");
    expect(headroom("simulate", scenario, "--out", folder).status).toBe(0);
    writeFileSync(join(folder, "notes.md"), "mine");
    const { status, stderr } = headroom("simulate", scenario, "--out", folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/--out: holds notes\.md, which is not of a run/);
    expect(readFileSync(join(folder, "notes.md"), "utf8")).toBe("mine");
  });

  it("never takes a folder for ours by the names in it alone", () => {
    const folder = join(files.folder, "helm");
    mkdirSync(join(folder, "charts", "redis"), { recursive: true });
    writeFileSync(join(folder, "charts", "redis", "values.yaml"), "mine");
    expect(headroom("simulate", scenario, "--out", folder).stderr).toMatch(/--out: holds charts\/redis, which is not of a run/);
    const reports = join(files.folder, "reports");
    mkdirSync(reports);
    writeFileSync(join(reports, "report.html"), "mine");
    expect(headroom("simulate", scenario, "--out", reports).stderr).toMatch(/--out: holds no result of ours/);
    expect(readFileSync(join(reports, "report.html"), "utf8")).toBe("mine");
    expect(headroom("simulate", scenario, "--out", ".").stderr).toMatch(/--out: is the working folder, or holds it/);
  });

  it("makes a folder that others may read, and leaves nothing beside it", () => {
    const folder = join(files.folder, "open");
    expect(headroom("simulate", scenario, "--out", folder).status).toBe(0);
    expect(headroom("simulate", scenario, "--out", `${folder}/`).status).toBe(0);
    expect(statSync(folder).mode & 0o777).toBe(0o777 & ~process.umask());
    expect(readdirSync(files.folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("is no empty name, no file, and no place for --requests", () => {
    expect(headroom("simulate", scenario, "--out", "").stderr).toMatch(/--out: names no folder/);
    expect(headroom("simulate", scenario, "--out", scenario).stderr).toMatch(/--out: is not a folder/);
    const folder = join(files.folder, "both");
    expect(headroom("simulate", scenario, "--out", folder, "--requests", join(folder, "r.csv")).stderr).toMatch(/lies in the run folder/);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("an interrupted command", () => {
  it("ends with 130 and leaves nothing half-written, on one thread too", async () => {
    const out = join(files.folder, "interrupted");
    const words = [
      "dist/cli/main.js",
      "sweep",
      "models/scenarios/launch.yaml",
      "--vary",
      "pools.gpus.warm.size=0..9",
      "--jobs",
      "1",
      "--out",
      out,
    ];
    const child = spawn(process.execPath, words, { stdio: "ignore" });
    const left = (): string[] => readdirSync(files.folder).filter((name) => name.includes("interrupted"));
    // The run folder begins to grow just before the first replication.
    const started = setInterval(() => {
      if (left().length > 0) child.kill("SIGINT");
    }, 50);
    const [code] = (await once(child, "exit")) as [number | null];
    clearInterval(started);
    expect(code).toBe(130);
    // A replication that was finished by then is kept.
    expect(left().filter((name) => name !== "interrupted")).toEqual([]);
  });

  it("whose reader has seen enough ends quietly", () => {
    const { status, stderr } = spawnSync(
      "sh",
      ["-c", `${process.execPath} dist/cli/main.js simulate ${scenario} --json --quiet | head -c 10`],
      {
        encoding: "utf8",
      },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
