import { describe, expect, it } from "vitest";
import { always, answers, ClientDriver, refuses } from "./client-driver.ts";
import { inTurn, retry } from "./replies.ts";

describe("hedging", () => {
  it("sends another attempt beside a slow one, takes the first token, and gives the other up", () => {
    const driver = new ClientDriver({ hedge: { after: "2s" } }, [inTurn(answers(9, 12), answers(1, 4))]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: "served", firstTokenAt: 3, endedAt: 6, attempts: 2 });
    expect(driver.targets[0].abandonedAt).toEqual([3]);
    expect(driver.client.meter).toMatchObject({ sent: 2, hedges: 1, hedgesWon: 1 });
  });

  it("lets the first attempt win where it is the first after all", () => {
    const driver = new ClientDriver({ hedge: { after: "2s" } }, [inTurn(answers(3, 9), answers(5, 6))]);
    expect(driver.run(0)[0]).toMatchObject({ firstTokenAt: 3, endedAt: 9, attempts: 2 });
    expect(driver.client.meter).toMatchObject({ hedges: 1, hedgesWon: 0 });
  });

  it("sends nothing beside an attempt that has its first token", () => {
    const driver = new ClientDriver({ hedge: { after: "2s" } }, [always(answers(1.5, 90))]);
    expect(driver.run(0)[0]).toMatchObject({ endedAt: 90, attempts: 1 });
  });

  it("sends up to so many, each so long after the one before, while the last one is slow", () => {
    const driver = new ClientDriver({ hedge: { after: "2s", most: 3 } }, [always(answers(50, 60))]);
    expect(driver.run(0)[0]).toMatchObject({ attempts: 4, endedAt: 60 });
    expect(driver.targets[0].sentAt).toEqual([0, 2, 4, 6]);
    expect(driver.targets[0].abandonedAt).toHaveLength(3);
  });

  it("goes on with the others when one comes to nothing, and retries after the last", () => {
    const driver = new ClientDriver({ hedge: { after: "2s" }, retry: retry(2) }, [
      inTurn(refuses("failed", 5), refuses("failed", 1), answers(0.5, 0.5)),
    ]);
    // 0: fails at 5; 2: fails at 3; the retry 1 s after 5.
    expect(driver.run(0)[0]).toMatchObject({ outcome: "served", endedAt: 6.5, attempts: 3 });
  });

  it("asks the next target, where it shall", () => {
    const driver = new ClientDriver({ hedge: { after: "2s", target: "next" } }, [always(answers(9, 9)), always(answers(1, 1))]);
    expect(driver.run(0)[0]).toMatchObject({ servedBy: 1, endedAt: 3 });
    expect(driver.targets.map(({ sentAt }) => sentAt)).toEqual([[0], [2]]);
  });

  it("is paid for by the retry budget", () => {
    const driver = new ClientDriver({ hedge: { after: "2s" }, retry: retry(1, { budget: { share: "10%", burst: 2 } }) }, [
      always(answers(5, 5)),
    ]);
    driver.run(...Array.from({ length: 30 }, (_, i) => i * 100));
    expect(driver.client.meter.hedges).toBe(2 + 2);
  });

  it("ends with the request, whose patience goes for all attempts", () => {
    const driver = new ClientDriver({ timeout: { total: "5s" }, hedge: { after: "2s" } }, [always(answers(8, 9))]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: "timedOut", endedAt: 5, attempts: 2 });
    expect(driver.targets[0].abandonedAt).toEqual([5, 5]);
    expect(driver.attempts.inFlight).toBe(0);
  });
});
