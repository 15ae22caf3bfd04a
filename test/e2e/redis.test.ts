import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { headroom, scratch, smallScenario, smallTrace } from "./headroom.ts";

const isInstalled = spawnSync("redis-server", ["--version"]).status === 0;
if (!isInstalled) process.stdout.write("redis-server is not installed: workers behind a Redis are not tested\n");

const files = scratch();
const words: string[] = [];
const children: ChildProcess[] = [];
let url = "";
let redis: Redis;

beforeAll(async () => {
  if (!isInstalled) return;
  files.write("day.csv", smallTrace());
  words.push(
    "sweep",
    files.write("small.yaml", smallScenario),
    "--vary",
    "pools.gpus.warm.size=0..1",
    "--horizon",
    "10m",
    "--json",
    "--quiet",
  );
  const port = await freePort();
  const given = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", files.folder];
  children.push(spawn("redis-server", given, { stdio: "ignore" }));
  url = `redis://127.0.0.1:${port}`;
  redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on("error", () => {});
  await redis.ping();
});
afterEach(() => {
  for (const child of children.slice(1)) child.kill("SIGKILL");
});
afterAll(() => {
  redis?.disconnect();
  children[0]?.kill("SIGKILL");
  files.clear();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

function started(...given: readonly string[]) {
  const child = spawn(process.execPath, ["dist/cli/main.js", ...given], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (text: Buffer) => (said.stdout += text.toString()));
  child.stderr.on("data", (text: Buffer) => (said.stderr += text.toString()));
  return { child, said, ended: once(child, "close") as Promise<[number | null]> };
}

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 5) {
    if (await reached()) return;
    await wait(5);
  }
  throw new Error("what was waited for did not come");
}

async function worker() {
  const one = started("worker", "--redis", url, "--jobs", "1");
  await until(() => one.said.stderr.includes(" listens at "));
  return one;
}

/** How many replications workers have begun and not ended. */
async function atWork(): Promise<number> {
  const [active] = await redis.keys("headroom:engine-*:active");
  return active === undefined ? 0 : redis.llen(active);
}

/** Clients that are refused at once, and come back at once. */
const standstill = `
name: Standstill
horizon: 2m
replications: 2
traffic:
  chat:
    arrivals: { closedLoop: { clients: 10, thinkTime: { constant: 0s } } }
    inputTokens: { constant: 100 }
    outputTokens: { constant: 10 }
    path: [gpus]
pools:
  gpus:
    replicas: 1
    engine: { stepTime: { overhead: 10ms }, maxSequences: 1, kvBlocks: 1000 }
    queue: { capacity: 1 }
`;

const nobody = /^headroom: no worker of this build \([0-9a-f]{16}\) is listening yet; start some with headroom worker --redis redis:\S+\n$/;

describe.skipIf(!isInstalled)("a command whose replications are simulated by workers", () => {
  it("comes to the result that one process comes to, although a worker dies at work", async () => {
    const [survivor, victim] = await Promise.all([worker(), worker()]);
    const command = started(...words, "--redis", url);
    await until(async () => (await atWork()) === 2);
    victim.child.kill("SIGKILL");
    expect(await command.ended).toEqual([0, null]);
    const alone = headroom(...words);
    expect(command.said).toEqual({ stdout: alone.stdout, stderr: "" });

    survivor.child.kill("SIGTERM");
    expect(await survivor.ended).toEqual([0, null]);
    expect(survivor.said.stderr).toMatch(
      /^headroom worker: build [0-9a-f]{16} listens at redis:\/\/127\.0\.0\.1:\d+, 1 replication at a time\nheadroom worker: stopped after \d+ replications\n$/,
    );
    // What has been simulated is there for whoever asks again, even when nobody listens.
    const again = headroom(...words, "--redis", url);
    expect(again.stdout).toBe(alone.stdout);
    expect(again.stderr).toMatch(nobody);
  });

  it("that is interrupted leaves no work behind that nobody has begun", async () => {
    const command = started(...words, "--seed", "5", "--redis", url);
    const waiting = async (): Promise<number> => (await redis.keys("headroom:engine-*:wait")).length;
    await until(async () => (await waiting()) === 1);
    command.child.kill("SIGINT");
    expect(await command.ended).toEqual([130, null]);
    expect(command.said.stderr).toMatch(/interrupted: what workers have simulated is in Redis for a day/);
    expect(await waiting()).toBe(0);
  });

  it("is told that a password is wanted", async () => {
    await redis.config("SET", "requirepass", "secret");
    const { status, stderr } = headroom("worker", "--redis", url.replace("//", "//:wrong@"));
    await redis.config("SET", "requirepass", "");
    expect(status).toBe(2);
    expect(stderr).toMatch(/--redis: wants a password, or another \(found redis:\/\/127[\s\S]*hint: redis:\/\/:password@host/);
  });

  it("hears of a mistake as it would at home, and waits for workers that come later", async () => {
    const still = files.write("still.yaml", standstill);
    const home = headroom("simulate", still, "--quiet");
    expect(home).toMatchObject({ status: 2, stderr: expect.stringContaining("time stands still") });
    const away = started("simulate", still, "--quiet", "--redis", url);
    await until(() => nobody.test(away.said.stderr));
    await worker();
    expect(await away.ended).toEqual([2, null]);
    expect(away.said.stderr.replace(/^.*\n/, "")).toBe(home.stderr);
  });
});
