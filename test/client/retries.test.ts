import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { always, answers, ClientDriver, refuses } from "./client-driver.ts";
import { inTurn, retry, steadily } from "./replies.ts";

const nested = (attempts: number, more: Record<string, unknown> = {}) => ({ attempts, backoff: steadily, ...more });

describe("nested retries", () => {
  it("multiply with those above: seven calls of three attempts make 21", () => {
    const driver = new ClientDriver({ retry: retry(7, { nested: nested(3) }) }, [always(refuses("failed"))]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: "failed", attempts: 21 });
  });

  it("make calls × targets × attempts where nothing answers", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (calls, tries, targets) => {
          const dead = Array.from({ length: targets }, () => always(refuses("failed", 0.5)));
          const driver = new ClientDriver({ retry: retry(calls, { nested: nested(tries) }) }, dead);
          expect(driver.run(0)[0].attempts).toBe(calls * tries * targets);
          expect(driver.targets.map(({ sentAt }) => sentAt.length)).toEqual(dead.map(() => calls * tries));
        },
      ),
    );
  });

  it("come before the next target, each after its back-off, and begin anew at each target and call", () => {
    const driver = new ClientDriver({ retry: retry(2, { nested: nested(3) }) }, [always(refuses("failed")), always(refuses("failed"))]);
    driver.run(0);
    // 0, 1 and 3 s at the first, then at the second; the call ends at 6 s and begins again 1 s later.
    expect(driver.targets.map(({ sentAt }) => sentAt)).toEqual([
      [0, 1, 3, 7, 8, 10],
      [3, 4, 6, 10, 11, 13],
    ]);
  });

  it("follow only the endings that they are for, and wait as long as a 429 says if that is not too long", () => {
    const only = nested(3, { on: ["throttled"], retryAfterMax: "10s" });
    const driver = new ClientDriver({ retry: { attempts: 1, nested: only } }, [inTurn(refuses("throttled", 0, 7), refuses("failed"))]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: "failed", attempts: 2, endedAt: 7 });
    const longer = new ClientDriver({ retry: { attempts: 1, nested: only } }, [inTurn(refuses("throttled", 0, 11), answers(1, 1))]);
    expect(longer.run(0)[0]).toMatchObject({ outcome: "served", attempts: 2, endedAt: 2 });
    const proud = { ...only, retryAfterBeyond: "giveUp" };
    const gone = new ClientDriver({ retry: { attempts: 1, nested: proud } }, [inTurn(refuses("throttled", 0, 11), answers(1, 1))]);
    expect(gone.run(0)[0]).toMatchObject({ outcome: "throttled", attempts: 1, endedAt: 0 });
  });
});

describe("retries", () => {
  it("follow only the endings that they are for", () => {
    const driver = new ClientDriver({ retry: retry(5, { on: ["shed"] }) }, [inTurn(refuses("shed"), refuses("shed"), refuses("failed"))]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: "failed", attempts: 3 });
  });

  it("spend a bucket that time-outs empty faster and answers fill again", () => {
    const budget = { tokenBucket: { capacity: 20, cost: 5, timeoutCost: 10, refund: 5 } };
    const settings = { timeout: { attempt: { total: "1s" } }, retry: { attempts: 9, backoff: { ...steadily, factor: 1 }, budget } };
    const silent = new ClientDriver(settings, [always(answers(50, 60))]);
    expect(silent.run(0)[0]).toMatchObject({ outcome: "timedOut", attempts: 3 });
    expect(silent.client.meter).toMatchObject({ sent: 3, retries: 3, retriesForbidden: 1, attemptsTimedOut: 3 });
    const refusing = new ClientDriver(settings, [
      inTurn(...Array.from({ length: 5 }, () => refuses("failed")), answers(0.5, 0.5), refuses("failed")),
    ]);
    // Four retries at 5 each; an answer earns one more.
    refusing.run(0, 1000, 2000);
    expect(refusing.ended.map(({ attempts }) => attempts)).toEqual([5, 1, 2]);
  });
});
