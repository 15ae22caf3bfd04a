import { describe, expect, it } from "vitest";
import { none } from "../../src/traffic/requests.ts";
import { always, answers, ClientDriver, refuses, lookup } from "./client-driver.ts";
import { inTurn, retry } from "./replies.ts";

describe("a client without settings", () => {
  it("waits for ever and never retries", () => {
    const slow = new ClientDriver({}, [always(answers(5000, 90_000))]);
    expect(slow.run(1)).toEqual([{ request: 0, outcome: "served", servedBy: 0, firstTokenAt: 5001, endedAt: 90_001, attempts: 1 }]);
    const refused = new ClientDriver({}, [always(refuses("failed", 2))]);
    expect(refused.run(1)).toEqual([{ request: 0, outcome: "failed", servedBy: none, firstTokenAt: NaN, endedAt: 3, attempts: 1 }]);
  });
});

describe("a path", () => {
  const cache = (latency: number, hit: boolean) => lookup({ latency, lookUp: () => (hit ? "hit" : "miss") });

  it("asks the caches in order first, whose look-ups take their time, and ends at a hit", () => {
    const missed = new ClientDriver({}, [always(answers(1, 2))], [cache(0.5, false), cache(0, false)]);
    expect(missed.run(10)[0]).toMatchObject({ outcome: "served", servedBy: 2, firstTokenAt: 11.5, endedAt: 12.5 });
    const hit = new ClientDriver({}, [always(answers(1, 2))], [cache(0.5, false), cache(0.25, true)]);
    expect(hit.run(10)[0]).toMatchObject({ outcome: "served", servedBy: 1, firstTokenAt: 10.75, endedAt: 10.75, attempts: 0 });
    expect(hit.targets[0].sentAt).toEqual([]);
  });

  it("asks the next target at once when one does not answer, and the first again after the back-off", () => {
    const first = inTurn(refuses("shed"), refuses("failed", 1), answers(1, 3));
    const second = inTurn(refuses("throttled"), refuses("failed", 2));
    const driver = new ClientDriver({ retry: retry(3) }, [first, second]);
    // 0: shed, throttled; 1: failed at 2, failed at 4; 4 + 2: answered at 9.
    expect(driver.run(0)[0]).toEqual({ request: 0, outcome: "served", servedBy: 0, firstTokenAt: 7, endedAt: 9, attempts: 5 });
    expect(driver.targets.map(({ sentAt }) => sentAt)).toEqual([
      [0, 1, 6],
      [0, 2],
    ]);
  });

  it("does not look into the caches again for a retry", () => {
    let lookups = 0;
    const counting = lookup({ latency: 1, lookUp: () => (++lookups > 1 ? "hit" : "miss") });
    const driver = new ClientDriver({ retry: retry(3) }, [inTurn(refuses("failed", 1), answers(1, 1))], [counting]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: "served", servedBy: 1 });
    expect(lookups).toBe(1);
  });
});

describe("retries", () => {
  it.each(["failed", "shed", "throttled"] as const)("end in %s when the attempts are used up", (ending) => {
    const driver = new ClientDriver({ retry: retry(4) }, [always(refuses(ending))]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: ending, endedAt: 1 + 2 + 4, attempts: 4 });
  });

  it("end in what the last attempt ended in", () => {
    const driver = new ClientDriver({ retry: retry(2) }, [inTurn(refuses("throttled"), refuses("shed"))]);
    expect(driver.run(0)[0].outcome).toBe("shed");
  });

  it.each([
    [0.5, 1],
    [7, 7],
    [60, 60],
    [61, 1],
  ])("after a retry-after of %d s come after %d s", (retryAfter, expected) => {
    const driver = new ClientDriver({ retry: retry(2) }, [inTurn(refuses("throttled", 0, retryAfter), answers(1, 1))]);
    driver.run(0);
    expect(driver.targets[0].sentAt).toEqual([0, expected]);
  });

  it("stay within their budget: what was saved up, and a share of the first calls", () => {
    const budget = { share: "10%", burst: 3 };
    const driver = new ClientDriver({ retry: retry(5, { budget }) }, [always(refuses("failed", 0.001))]);
    const count = 1000;
    driver.run(...Array.from({ length: count }, (_, i) => i));
    const retries = driver.targets[0].sentAt.length - count;
    expect(retries).toBeLessThanOrEqual(3 + count / 10);
    // Every attempt fails, so all that is earned is spent.
    expect(retries).toBeGreaterThanOrEqual(count / 10);
    expect(driver.ended).toHaveLength(count);
  });
});

describe("time-outs", () => {
  it("of the first token end a request that has none, and leave one that has", () => {
    const driver = new ClientDriver({ timeout: { ttft: "3s" } }, [inTurn(answers(4, 9), answers(2, 9))]);
    driver.run(0, 100);
    expect(driver.ended).toMatchObject([
      { outcome: "timedOut", endedAt: 3, firstTokenAt: NaN, servedBy: none },
      { outcome: "served", endedAt: 109, firstTokenAt: 102 },
    ]);
    expect(driver.targets[0].abandonedAt).toEqual([3]);
  });

  it("of the whole end a request also in the middle of its answer", () => {
    const driver = new ClientDriver({ timeout: { total: "5s" } }, [always(answers(4, 9))]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: "timedOut", endedAt: 5, firstTokenAt: NaN });
  });

  it("run from the arrival over caches, attempts and back-off", () => {
    const slowCache = lookup({ latency: 2, lookUp: () => "miss" });
    const driver = new ClientDriver({ timeout: { total: "5s" }, retry: retry(9) }, [always(refuses("failed", 0.5))], [slowCache]);
    // Attempts at 2 s, 3.5 s (1 s after 2.5 s); the next one would come at 6 s.
    expect(driver.run(10)[0]).toMatchObject({ outcome: "timedOut", endedAt: 15, attempts: 2 });
    const inCache = new ClientDriver({ timeout: { total: "1s" } }, [always(answers(1, 1))], [slowCache]);
    expect(inCache.run(10)[0]).toMatchObject({ outcome: "timedOut", endedAt: 11, attempts: 0 });
    expect(inCache.targets[0].sentAt).toEqual([]);
  });

  it("say throttled when they strike in the back-off after a 429, and timed out when they strike in the retry", () => {
    const throttledFirst = inTurn(refuses("throttled"), answers(9, 9));
    const inBackoff = new ClientDriver({ timeout: { total: "500ms" }, retry: retry(2) }, [throttledFirst]);
    expect(inBackoff.run(0)[0]).toMatchObject({ outcome: "throttled", endedAt: 0.5 });
    const inRetry = new ClientDriver({ timeout: { total: "2s" }, retry: retry(2) }, [throttledFirst]);
    expect(inRetry.run(0)[0]).toMatchObject({ outcome: "timedOut", endedAt: 2 });
  });

  it("of an attempt send the request on: to the next target at once, then into the back-off", () => {
    const timeout = { attempt: { ttft: "2s" } };
    const driver = new ClientDriver({ timeout, retry: retry(2) }, [inTurn(answers(9, 9), answers(1, 5)), always(answers(9, 9))]);
    expect(driver.run(0)[0]).toEqual({ request: 0, outcome: "served", servedBy: 0, firstTokenAt: 6, endedAt: 10, attempts: 3 });
    expect(driver.targets.map(({ sentAt, abandonedAt }) => [sentAt, abandonedAt])).toEqual([
      [[0, 5], [2]],
      [[2], [4]],
    ]);
  });

  it("of an attempt end the request as timed out when no attempt is left", () => {
    const driver = new ClientDriver({ timeout: { attempt: { total: "2s" } }, retry: retry(2) }, [always(answers(1, 9))]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: "timedOut", endedAt: 5, attempts: 2 });
  });

  it("of the first token count anew once the attempt that had one has been given up", () => {
    const timeout = { ttft: "6s", total: "60s", attempt: { total: "3s" } };
    const driver = new ClientDriver({ timeout, retry: retry(2) }, [inTurn(answers(1, 9), answers(2.5, 2.9))]);
    // The first token came at 1 s, but its answer was given up at 3 s; the retry at 4 s has none by 6 s.
    expect(driver.run(0)[0]).toMatchObject({ outcome: "timedOut", endedAt: 6 });
    const late = new ClientDriver({ timeout: { ...timeout, ttft: "2s" }, retry: retry(2) }, [always(answers(1, 9))]);
    expect(late.run(0)[0]).toMatchObject({ outcome: "timedOut", endedAt: 3, attempts: 1 });
  });

  it("of an attempt do not strike when the request has already been given up", () => {
    const timeout = { total: "1s", attempt: { total: "900ms" } };
    const driver = new ClientDriver({ timeout, retry: retry(3) }, [always(answers(5, 50)), always(answers(5, 50))]);
    expect(driver.run(0, 1.5)).toMatchObject([{ outcome: "timedOut", endedAt: 1 }, { endedAt: 2.5 }]);
    expect(driver.targets.map(({ sentAt }) => sentAt)).toEqual([
      [0, 1.5],
      [0.9, 2.4],
    ]);
  });

  it("leave attempts behind that still end, once each", () => {
    const driver = new ClientDriver({ timeout: { total: "1s" } }, [always(answers(5, 50))]);
    driver.run(0, 1, 2);
    expect(driver.ended).toHaveLength(3);
    expect([driver.requests.inFlight, driver.attempts.inFlight]).toEqual([0, 0]);
  });
});

describe("a call that several targets refuse", () => {
  it("is repeated after the shortest retry-after that any of them gave", () => {
    const first = inTurn(refuses("throttled", 0, 9), answers(1, 1));
    const second = inTurn(refuses("throttled", 0, 4));
    const third = inTurn(refuses("shed"));
    const driver = new ClientDriver({ retry: retry(2) }, [first, second, third]);
    driver.run(0);
    expect(driver.targets[0].sentAt).toEqual([0, 4]);
  });
});
