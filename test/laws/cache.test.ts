import { describe, expect, it } from "vitest";
import { runReplication } from "../../src/experiment/run.ts";
import { serverNames } from "../../src/scenario/build.ts";
import { outcomeCode } from "../../src/traffic/outcome.ts";
import { overflowing } from "../experiment/overflowing.ts";
import { scenarioOf } from "../experiment/systems.ts";

function run(assignments: Readonly<Record<string, string>>) {
  const scenario = scenarioOf(overflowing, { horizon: "5m", ...assignments });
  const { recorder, summary, series } = runReplication(scenario, 0, new Map());
  const { count } = recorder;
  const names = serverNames(scenario);
  return {
    arrivedAt: Array.from(recorder.arrivedAt.slice(0, count)),
    firstTokenAt: Array.from(recorder.firstTokenAt.slice(0, count)),
    endedAt: Array.from(recorder.endedAt.slice(0, count)),
    outcome: Array.from(recorder.outcome.slice(0, count)),
    attempts: Array.from(recorder.attempts.slice(0, count)),
    servedBy: Array.from(recorder.servedBy.slice(0, count), (server) => names[server]),
    summary,
    series: series().caches["answers"],
  };
}

const keys = "{ zipf: { exponent: 1, count: 50 } }";

describe("a cache that has no answer", () => {
  it.each([
    ["a hit rate of 0", "{ kind: exact, hitRate: 0% }"],
    ["keys of which none may be cached", `{ kind: exact, keys: ${keys}, deterministicShare: 0%, coalesce: true }`],
  ])("because of %s changes nothing", (_, answers) => {
    const { summary: withIt, series: _with, ...fates } = run({ "caches.answers": answers });
    const { summary: without, series: _without, ...others } = run({ "traffic.chat.path": "[{ first: [gpus, api] }]" });
    expect(fates).toEqual(others);
    expect(withIt.money).toEqual(without.money);
  });
});

describe("an answer that takes ten seconds", () => {
  /** Everybody asks the same of a provider; nobody gives up. */
  const stampede = (cache: string, more: Readonly<Record<string, string>> = {}) =>
    run({
      warmup: "0s",
      horizon: "60s",
      "traffic.chat.arrivals": "{ rate: 20/s }",
      "traffic.chat.client": "{}",
      "traffic.chat.path": "[answers, api]",
      "caches.answers": `{ kind: exact, keys: { zipf: { exponent: 1, count: 1 } }${cache} }`,
      "providers.api":
        "{ model: { inputPerMillion: $1, outputPerMillion: $1 }, latency: { ttft: { constant: 10s }, tpot: { constant: 0s } } }",
      ...more,
    });
  const served = outcomeCode.served;

  it("is asked for by all who come before it is there", () => {
    const { arrivedAt, endedAt, attempts, servedBy, summary, series } = stampede("");
    const there = Math.min(...endedAt.filter((moment) => moment > 0));
    expect(there).toBe(arrivedAt[0] + 10);
    expect(attempts).toEqual(arrivedAt.map((moment) => (moment < there ? 1 : 0)));
    expect(servedBy).toEqual(arrivedAt.map((moment) => (moment < there ? "api" : "answers")));
    const { lookups, hits, coalesced } = summary.meters.caches["answers"];
    expect([lookups, hits, coalesced]).toEqual([arrivedAt.length, arrivedAt.filter((moment) => moment >= there).length, 0]);
    expect(series.hits.reduce((sum, one) => sum + one, 0)).toBe(hits);
    expect(series.lookups.reduce((sum, one) => sum + one, 0)).toBe(lookups);
    expect(series.hits.findIndex((one) => one > 0)).toBe(Math.floor(there));
  });

  it("is asked for once where later requests wait for it", () => {
    const { arrivedAt, firstTokenAt, endedAt, attempts, outcome, summary } = stampede(", coalesce: true");
    const there = arrivedAt[0] + 10;
    expect(attempts).toEqual(arrivedAt.map((_, i) => (i === 0 ? 1 : 0)));
    expect(outcome).toEqual(arrivedAt.map(() => served));
    expect(endedAt).toEqual(arrivedAt.map((moment) => Math.max(there, moment)));
    expect(firstTokenAt).toEqual(endedAt);
    const early = arrivedAt.filter((moment) => moment < there).length;
    expect(summary.meters.caches["answers"]).toMatchObject({ hits: arrivedAt.length - 1, coalesced: early - 1 });
  });

  it("that fails lets those who waited for it ask by themselves", () => {
    const { arrivedAt, endedAt, attempts, outcome } = stampede(", coalesce: true", { "providers.api.faults": "{ errorRate: 100% }" });
    const all = arrivedAt.map((_, i) => i).filter((i) => outcome[i] !== outcomeCode.unfinished);
    expect(all.length).toBeGreaterThan(arrivedAt.length / 2);
    expect(all.every((i) => outcome[i] === outcomeCode.failed && attempts[i] === 1)).toBe(true);
    expect(endedAt[1]).toBeGreaterThanOrEqual(endedAt[0]);
  });

  it("is not waited for by those whose patience ends before", () => {
    const { arrivedAt, endedAt, outcome, servedBy } = stampede(", coalesce: true", {
      "traffic.chat.client": "{ timeout: { total: 4s } }",
    });
    const fates = new Set(outcome.map((one, i) => (one === served ? servedBy[i] : one)));
    expect(fates).toEqual(new Set([outcomeCode.timedOut, outcomeCode.unfinished]));
    expect(endedAt.filter((moment) => moment > 0)).toEqual(arrivedAt.map((moment) => moment + 4).filter((moment) => moment < 60));
  });
});
