import { describe, expect, it } from "vitest";
import { always, answers, ClientDriver, refuses } from "./client-driver.ts";
import { inTurn, retry } from "./replies.ts";

const breaker = { window: "10s", failureShare: "50%", minimumCalls: 4, openFor: "30s", probes: 1 };
const everySecond = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 0.5);

describe("a client with a breaker", () => {
  it("sends nothing while it is open, then one probe, and everything once that was answered", () => {
    const dead = (nth: number) => (nth < 5 ? refuses("failed", 0.1) : answers(0.1, 0.1));
    const driver = new ClientDriver({ breaker }, [dead]);
    driver.run(...everySecond(100));
    // Opens at 3.6 s, after four failures; the probe of 33.6 s fails, that of 64.5 s is answered.
    expect(driver.targets[0].sentAt.slice(0, 7)).toEqual([0.5, 1.5, 2.5, 3.5, 34.5, 65.5, 66.5]);
    expect(driver.client.meter).toMatchObject({ breakerOpened: 2, brokenOff: 60 });
    expect(driver.ended.filter(({ outcome }) => outcome === "shed")).toHaveLength(60);
  });

  it("asks the next target at once instead", () => {
    const driver = new ClientDriver({ breaker }, [always(refuses("failed", 0.1)), always(answers(0.1, 0.1))]);
    driver.run(...everySecond(20));
    expect(driver.targets.map(({ sentAt }) => sentAt.length)).toEqual([4, 20]);
    expect(driver.ended.every(({ outcome, servedBy }) => outcome === "served" && servedBy === 1)).toBe(true);
  });

  it("takes a request's own time-out for a failure, but not one that was given up for another's sake", () => {
    const impatient = new ClientDriver({ breaker, timeout: { total: "900ms" } }, [always(answers(5, 5))]);
    impatient.run(...everySecond(10));
    expect(impatient.targets[0].sentAt).toHaveLength(4);
    const hedged = new ClientDriver({ breaker, hedge: { after: "200ms" } }, [(nth) => answers(nth % 2 === 0 ? 5 : 0.1, 5)]);
    hedged.run(...everySecond(10));
    expect(hedged.targets[0].sentAt).toHaveLength(20);
  });

  it("does not count endings that it is not for", () => {
    const driver = new ClientDriver({ breaker: { ...breaker, on: ["failed"] } }, [always(refuses("throttled"))]);
    driver.run(...everySecond(50));
    expect(driver.targets[0].sentAt).toHaveLength(50);
  });

  it("is tried again by retries of calls, and not by nested ones", () => {
    const nested = { attempts: 3, backoff: { base: "100ms", jitter: "none" } };
    const driver = new ClientDriver({ breaker, retry: retry(2, { nested }) }, [
      inTurn(...Array.from({ length: 4 }, () => refuses("failed")), answers(1, 1)),
    ]);
    driver.run(0);
    // Three attempts, then one more before it opens; the second call finds it closed to its second attempt.
    expect(driver.ended[0]).toMatchObject({ outcome: "shed", attempts: 4 });
    expect(driver.client.meter).toMatchObject({ brokenOff: 1, breakerOpened: 1 });
  });
});
