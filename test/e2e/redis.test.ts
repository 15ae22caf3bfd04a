import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
  words.push("sweep", files.write("small.yaml", smallScenario), "--vary", "pools.gpus.warm.size=0..2", "--json");
  const port = await freePort();
  const given = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", files.folder];
  children.push(spawn("redis-server", given, { stdio: "ignore" }));
  url = `redis://127.0.0.1:${port}`;
  redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on("error", () => {});
  await redis.ping();
});
afterAll(() => {
  redis?.disconnect();
  for (const child of children) child.kill("SIGKILL");
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
  while (!(await reached())) await wait(5);
}

async function worker() {
  const one = started("worker", "--redis", url, "--jobs", "1");
  await until(() => one.said.stderr.includes(" listens at "));
  return one;
}

const [queue] = [async () => (await redis.keys("headroom:engine-*:id"))[0].replace(/:id$/, "")];

describe.skipIf(!isInstalled)("a command whose replications are simulated by workers", () => {
  it("comes to the result that one process comes to, although a worker dies at work", async () => {
    const alone = headroom(...words);
    const command = started(...words, "--redis", url);
    await until(() => command.said.stderr.includes("no worker of this build"));
    const [survivor, victim] = [await worker(), await worker()];
    await until(async () => (await redis.llen(`${await queue()}:active`)) === 2);
    victim.child.kill("SIGKILL");
    expect(await command.ended).toEqual([0, null]);
    expect(command.said.stdout).toBe(alone.stdout);
    const once_ = command.said.stderr.split("\n").filter((line) => line.includes("no worker of this build"));
    expect(once_.length).toBe(1);

    // What has been simulated is there for whoever asks again, even when nobody listens.
    survivor.child.kill("SIGTERM");
    expect(await survivor.ended).toEqual([0, null]);
    expect(survivor.said.stderr).toMatch(
      /^headroom worker: build [0-9a-f]{16} listens at redis:\/\/127\.0\.0\.1:\d+, 1 replication at a time\nheadroom worker: stopped after \d+ replications\n$/,
    );
    expect(headroom(...words, "--redis", url).stdout).toBe(alone.stdout);
  });

  it("hears of a mistake as it would at home", async () => {
    const impossible = ["--set", "traffic.digests.arrivals.rate=1e9/s", "--quiet"];
    const home = headroom("simulate", words[1], ...impossible);
    expect(home.status).toBe(2);
    const { child, ended } = await worker();
    const away = headroom("simulate", words[1], ...impossible, "--redis", url);
    expect(away).toEqual(home);
    child.kill("SIGTERM");
    await ended;
  });
});
