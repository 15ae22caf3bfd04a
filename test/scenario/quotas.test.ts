import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { build } from "../../src/scenario/build.ts";
import { outcomes } from "../../src/traffic/outcome.ts";
import { Requests } from "../../src/traffic/requests.ts";
import { readText } from "../traffic/csv/read-text.ts";
import { decode } from "./example.ts";

interface Ended {
  readonly outcome: string;
  /** Name of the class and of the provider, which the test gives alike numbers. */
  readonly servedBy: number;
  readonly firstTokenAt: number;
  readonly endedAt: number;
}

/** Runs a scenario of providers and tells what came of each request, and what each provider counted. */
function run(text: string, calls: readonly number[], until = 3600) {
  const { scenario } = decode(`name: accounts\nhorizon: 1h\nreplications: 1\n${text}`);
  const rows = calls.map((at) => `${at},500,20`);
  const trace = readText(["time,input,output", ...rows].join("\n"));
  const ended: Ended[] = [];
  const system = build(
    scenario,
    0,
    new Map([["file/calls.csv", trace]]),
    600,
    new Requests(),
    (_, outcome, servedBy, firstTokenAt, endedAt) => ended.push({ outcome: outcomes[outcome], servedBy, firstTokenAt, endedAt }),
  );
  system.simulation.run(until);
  return { ended, providers: system.providers };
}

const api = "model: { inputPerMillion: $1, outputPerMillion: $1 }, latency: { ttft: { constant: 1s }, tpot: { constant: 0s } }";
const served = (ended: readonly Ended[]): Ended[] => ended.filter(({ outcome }) => outcome === "served");

const two = (first: string, second: string): string => `traffic:
  chat: { arrivals: { trace: calls.csv }, path: [east] }
  mail: { arrivals: { trace: calls.csv }, path: [west] }
providers:
  east: { ${api}, ${first} }
  west: { ${api}, ${second} }
`;

describe("a quota that two deployments share", () => {
  it("lets both together have what one account has, and each of two accounts as much again", () => {
    const calls = Array<number>(40).fill(1);
    const limits = "{ law: fixedWindow, rpm: 30 }";
    const shared = run(`${two("quota: account", "quota: account")}quotas: { account: ${limits} }\n`, calls);
    const own = run(two(`limits: ${limits}`, `limits: ${limits}`), calls);
    expect([served(shared.ended).length, served(own.ended).length]).toEqual([30, 60]);
    const { east, west } = shared.providers;
    expect(east.calls - east.throttled + west.calls - west.throttled).toBe(30);
    expect(shared.ended.length).toBe(80);
  });

  it("never exceeds the account in any minute, whoever calls when", () => {
    const moments = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 6 }), (times, rpm) => {
        const calls = times.toSorted((a, b) => a - b);
        const { ended } = run(
          `${two("quota: account", "quota: account")}quotas: { account: { requests: { law: fixedWindow, rpm: ${rpm} }, tokens: { law: fixedWindow, tpm: 10k, outputWeight: 0 } } }\n`,
          calls,
        );
        const minutes = new Map<number, number>();
        // A call is sent a second before its first token.
        for (const { firstTokenAt } of served(ended)) {
          const minute = Math.floor((firstTokenAt - 1) / 60 + 1e-9);
          minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
        }
        for (const count of minutes.values()) expect(count).toBeLessThanOrEqual(rpm);
        expect(ended.length).toBe(2 * calls.length);
      }),
      { numRuns: 40 },
    );
  });

  it("draws its chances under its own name, so that who shares it changes nothing", () => {
    const outages = "{ law: exogenous, every: 60s, lasts: 60s, refused: 50% }";
    const calls = Array.from({ length: 300 }, (_, i) => i);
    const fates = (text: string): boolean[] =>
      run(text, calls)
        .ended.toSorted((a, b) => a.endedAt - b.endedAt)
        .map(({ outcome }) => outcome === "served");
    const chat = (providers: string): string => `traffic:\n  chat: { arrivals: { trace: calls.csv }, path: [east] }\n${providers}`;
    const alone = fates(chat(`providers: { east: { ${api}, quota: account } }\nquotas: { account: ${outages} }\n`));
    const renamed = fates(
      chat(`providers: { other: { ${api}, quota: account }, east: { ${api}, quota: account } }\nquotas: { account: ${outages} }\n`),
    );
    const own = fates(chat(`providers: { east: { ${api}, limits: ${outages} } }\n`));
    expect(renamed).toEqual(alone);
    expect(own).not.toEqual(alone);
    expect(alone.filter((fate) => !fate).length).toBeGreaterThan(20);
  });
});

describe("a refused call", () => {
  it("goes on from provisioned units to a standard deployment, and the counts add up", () => {
    // Two units work off 100 tokens a second, 6,000 in a minute: a call pours in 500 and 80 for its answer.
    const ptu = "limits: { law: utilisation, units: 2, tokensPerMinutePerUnit: 3000, outputWeight: 4, defaultMaxOutput: 20 }";
    const calls = Array.from({ length: 600 }, (_, i) => i / 2);
    const { ended, providers } = run(
      `traffic:
  chat: { arrivals: { trace: calls.csv }, path: [{ first: [provisioned, standard] }] }
providers:
  provisioned: { ${api}, ${ptu} }
  standard: { ${api}, limits: { law: tokenBucket, rpm: 6000 } }
`,
      calls,
    );
    const { provisioned, standard } = providers;
    const byServer = [0, 1].map((number) => served(ended).filter(({ servedBy }) => servedBy === number).length);
    expect(served(ended).length).toBe(600);
    expect(provisioned.calls).toBe(600);
    expect(provisioned.throttled).toBe(standard.calls);
    expect(byServer).toEqual([600 - provisioned.throttled, standard.calls]);
    // 300 s at 100 tokens and the bucket's 6,000 are 62 calls of 580, and the last may lift it above.
    expect(byServer[0]).toBeGreaterThanOrEqual(60);
    expect(byServer[0]).toBeLessThanOrEqual(63);
  });

  const retrying = (limits: string, client: string): string => `traffic:
  chat: { arrivals: { trace: calls.csv }, path: [east], client: { ${client} } }
providers:
  east: { ${api}, limits: ${limits} }
`;

  it("gets in when it comes back as it was told to, and not before", () => {
    const calls = Array<number>(20).fill(5);
    const client = "retry: { attempts: 2, backoff: { base: 1s, max: 1s, jitter: none } }";
    const told = run(retrying("{ law: fixedWindow, rpm: 10, retryAfter: true }", client), calls);
    expect(served(told.ended).length).toBe(20);
    expect(told.providers["east"].throttled).toBe(10);
    expect(Math.max(...told.ended.map(({ firstTokenAt }) => firstTokenAt))).toBe(61);
    const silent = run(retrying("{ law: fixedWindow, rpm: 10 }", client), calls);
    expect(served(silent.ended).length).toBe(10);
  });

  it("costs requests of the account where refused calls count: who retries fast shuts itself out", () => {
    // A large prompt that never fits is asked again and again; one a second of others would fit.
    const clients = "retry: { attempts: 50, backoff: { base: 1s, max: 1s, jitter: none } }";
    const small = (refusedCount: boolean): number => {
      const limits = `{ law: subWindow, rpm: 60, tpm: 600k, window: 1s, outputWeight: 0, refusedCount: ${refusedCount} }`;
      const { scenario } = decode(`name: refused
horizon: 1h
replications: 1
traffic:
  large: { arrivals: { trace: calls.csv }, inputTokens: { constant: 20k }, path: [east], client: { ${clients} } }
  small: { arrivals: { trace: calls.csv }, inputTokens: { constant: 10 }, path: [east], client: { retry: { attempts: 1 } } }
providers:
  east: { ${api}, limits: ${limits} }
`);
      const text = readText(["time,input,output", ...Array.from({ length: 40 }, (_, i) => `${i},500,20`)].join("\n"));
      let count = 0;
      const system = build(scenario, 0, new Map([["file/calls.csv", text]]), 600, new Requests(), (_, outcome) => {
        if (outcomes[outcome] === "served") count++;
      });
      system.simulation.run(3600);
      return count;
    };
    expect(small(false)).toBe(40);
    expect(small(true)).toBeLessThan(5);
  });
});
