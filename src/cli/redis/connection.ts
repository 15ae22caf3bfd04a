import type * as Bullmq from "bullmq";
import type { Redis } from "ioredis";
import { PlanError } from "../../base/plan-error.ts";

/** An open connection to a Redis, and the packages that use it. */
export interface RedisConnection {
  readonly client: Redis;
  readonly bullmq: typeof Bullmq;
  /** The address without its password. */
  readonly address: string;
  /** Comes to an error when the connection is lost for good; never to anything else. */
  readonly lost: Promise<never>;
  readonly close: () => void;
}

/** Milliseconds between attempts to connect again. */
const betweenAttempts = 1000;

/**
 * @param patience seconds after which a Redis that has gone away is given up
 * @throws PlanError when the address is none, nobody answers there, or the packages are not installed
 */
export async function connectRedis(address: string, patience: number): Promise<RedisConnection> {
  const url = urlOf(address);
  const { bullmq, ioredis } = await packages();
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  let connected = false;
  let failure = "";
  const client = new ioredis.Redis(url.href, {
    lazyConnect: true,
    // Commands wait for a Redis that comes back.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (connected && times * betweenAttempts <= patience * 1000 ? betweenAttempts : null),
  });
  const unreachable = (message: string, hint = "start one there, or name another: --redis redis://host:6379"): PlanError => {
    return new PlanError({ code: "bad-flag", path: "--redis", message, value: shown, hint });
  };
  client.on("error", (error: NodeJS.ErrnoException) => {
    failure = error.code ?? error.message;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    const why = failure === "" ? (error as Error).message : failure;
    if (/^(NOAUTH|WRONGPASS)/.test(why)) throw unreachable("wants a password, or another", "redis://:password@host:6379");
    throw unreachable(`cannot be reached: ${why}`);
  }
  connected = true;
  let said = false;
  let closing = false;
  const lost = new Promise<never>((_, reject) => {
    client.on("close", () => {
      if (said || closing) return;
      said = true;
      process.stderr.write(`headroom: the connection to ${shown} is lost; trying again\n`);
    });
    client.on("end", () => {
      if (!closing) reject(unreachable(`has not answered for ${patience} s`));
    });
  });
  lost.catch(() => {});
  const close = (): void => {
    closing = true;
    client.disconnect();
  };
  return { client, bullmq, address: shown, lost, close };
}

function urlOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && ["redis:", "rediss:"].includes(url.protocol) && url.hostname !== "") return url;
  const hint = "redis://host:6379, or rediss:// for an encrypted connection";
  throw new PlanError({ code: "bad-flag", path: "--redis", message: "is no address of a Redis", value: address || '""', hint });
}

async function packages() {
  try {
    return { bullmq: await import("bullmq"), ioredis: await import("ioredis") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    const message = "needs two packages that are not installed: bullmq and ioredis";
    throw new PlanError({ code: "bad-flag", path: "--redis", message, hint: "npm install bullmq@6 ioredis@5" });
  }
}
