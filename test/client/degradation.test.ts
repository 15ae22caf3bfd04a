import { describe, expect, it } from "vitest";
import { always, answers, ClientDriver, refuses, lookup } from "./client-driver.ts";
import { inTurn, retry } from "./replies.ts";

const cache = (latency: number, hit: boolean) => lookup({ latency, lookUp: () => (hit ? "hit" : "miss") });

describe("a ladder of worse answers", () => {
  it("cuts answers while many are in flight", () => {
    const driver = new ClientDriver({ degrade: { short: { when: { inFlight: 3 }, maxOutput: 4 } } }, [always(answers(1, 5))]);
    const asked: number[] = [];
    const [target] = driver.targets;
    const send = target.send.bind(target);
    target.send = (attempt) => {
      asked.push(driver.attempts.outputTokens[attempt]);
      send(attempt);
    };
    driver.run(0, 1, 2, 3, 20);
    // Answers are 10 tokens long.
    expect(asked).toEqual([10, 10, 4, 4, 10]);
    expect(driver.rungs).toEqual([0, 0, 1, 1, 0]);
  });

  it("asks a smaller model on a retry", () => {
    const settings = { retry: retry(2), degrade: { small: { when: { call: 2 }, first: ["small"] } } };
    const driver = new ClientDriver(settings, [always(refuses("failed")), always(answers(1, 2))], [], [[1]]);
    // The class's own chain asks both; with the rung the second alone.
    expect(driver.run(0)[0]).toMatchObject({ servedBy: 1, attempts: 2 });
    const alone = new ClientDriver(settings, [always(refuses("failed")), inTurn(refuses("failed"), answers(1, 2))], [], [[1]]);
    expect(alone.run(0)[0]).toMatchObject({ servedBy: 1, attempts: 3, endedAt: 3 });
    expect(alone.targets.map(({ sentAt }) => sentAt)).toEqual([[0], [0, 1]]);
  });

  it("gives a canned answer at once when it applies, after its latency", () => {
    const driver = new ClientDriver({ degrade: { sorry: { when: { inFlight: 2 }, canned: { latency: "250ms" } } } }, [
      always(answers(1, 5)),
    ]);
    driver.run(0, 1);
    expect(driver.ended[0]).toMatchObject({ outcome: "served", servedBy: 1, firstTokenAt: 1.25, endedAt: 1.25, attempts: 0 });
    expect(driver.rungs).toEqual([1, 0]);
  });

  it("gives a canned answer when nothing is left to try, unless the user has gone", () => {
    const settings = { retry: retry(2), degrade: { sorry: { when: { exhausted: true }, canned: {} } } };
    const driver = new ClientDriver(settings, [always(refuses("throttled"))]);
    expect(driver.run(0)[0]).toMatchObject({ outcome: "served", servedBy: 1, endedAt: 1, attempts: 2 });
    const late = new ClientDriver({ ...settings, timeout: { total: "500ms" } }, [always(refuses("throttled"))]);
    expect(late.run(0)[0]).toMatchObject({ outcome: "throttled", endedAt: 0.5 });
  });

  it("leaves out a stage of the path, and remembers that it did", () => {
    const settings = { degrade: { blind: { when: { inFlight: 2 }, skip: ["cache0"] } } };
    const driver = new ClientDriver(settings, [always(answers(1, 1))], [cache(2, false)]);
    driver.run(0, 1.5);
    expect(driver.targets[0].sentAt).toEqual([1.5, 2]);
    // The second left it out; the first called while two were in flight, but had been there before.
    expect(driver.rungs).toEqual([1, 0]);
  });

  it("counts no answer as worse that is short enough", () => {
    const driver = new ClientDriver({ degrade: { short: { when: { inFlight: 1 }, maxOutput: 10 } } }, [always(answers(1, 5))]);
    driver.run(0);
    expect(driver.rungs).toEqual([0]);
  });

  it("takes the later of two rungs that say the same thing", () => {
    const degrade = { short: { when: { inFlight: 1 }, maxOutput: 5 }, shorter: { when: { inFlight: 2 }, maxOutput: 2 } };
    const driver = new ClientDriver({ degrade }, [always(answers(1, 5))]);
    driver.run(0, 1);
    expect(driver.rungs).toEqual([1, 2]);
  });
});
