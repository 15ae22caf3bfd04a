import { describe, expect, it } from "vitest";
import type { Finding, Lookup } from "../../src/client/path.ts";
import { always, answers, ClientDriver, refuses } from "./client-driver.ts";

/** A cache that misses, or hits from one request on, and notes what it is told; it lets those wait that a test says. */
class NotingCache implements Lookup {
  readonly latency = 0;
  readonly told: [number, boolean][] = [];
  readonly left: number[] = [];
  private readonly hitsFrom: number;
  private readonly waits: (number: number) => boolean;

  constructor(hitsFrom = Infinity, waits: (number: number) => boolean = () => false) {
    this.hitsFrom = hitsFrom;
    this.waits = waits;
  }

  lookUp(number: number): Finding {
    return number >= this.hitsFrom ? "hit" : "miss";
  }

  gaveUp(): void {}

  join(_: number, number: number): boolean {
    return this.waits(number);
  }

  leave(_: number, number: number): void {
    this.left.push(number);
  }

  settle(number: number, _salt: number, _question: number, answered: boolean): void {
    this.told.push([number, answered]);
  }
}

describe("caches that had no answer", () => {
  it("are each told once of the answer, when it is there, and a cache that had it is not", () => {
    const [first, second] = [new NotingCache(), new NotingCache(1)];
    const driver = new ClientDriver({}, [always(answers(1, 2))], [first, second]);
    driver.run(0, 10);
    expect(first.told).toEqual([
      [0, true],
      [1, false],
    ]);
    expect(second.told).toEqual([[0, true]]);
  });

  it("are told of a request in vain that there is none, after its last attempt", () => {
    const cache = new NotingCache();
    const retry = { attempts: 2, backoff: { base: "1s" } };
    new ClientDriver({ retry }, [always(refuses("failed", 1))], [cache]).run(0);
    new ClientDriver({ timeout: { total: "1s" } }, [always(answers(5, 6))], [cache]).run(0);
    expect(cache.told).toEqual([
      [0, false],
      [0, false],
    ]);
  });

  it.each([
    ["cut short", { maxOutput: 3 }, false],
    ["canned", { canned: { latency: "1s" } }, false],
    ["made by another model", { first: ["small"] }, false],
    ["short enough for its bound", { maxOutput: 11 }, true],
  ])("are told of an answer that was %s, under a rung, whether to keep it: %j %j", (_, worse, kept) => {
    const cache = new NotingCache();
    const degrade = { worse: { when: { inFlight: 1 }, ...worse } };
    new ClientDriver({ degrade }, [always(answers(1, 2))], [cache], [[0]]).run(0);
    expect(cache.told).toEqual([[0, kept]]);
  });

  it("are told nothing of a request that left them out", () => {
    const [first, second] = [new NotingCache(), new NotingCache()];
    const degrade = { blind: { when: { inFlight: 1 }, skip: ["cache0"] } };
    new ClientDriver({ degrade }, [always(answers(1, 2))], [first, second]).run(0);
    expect([first.told, second.told]).toEqual([[], [[0, true]]]);
  });
});

describe("a request that waits for another's answer", () => {
  const waiting = () => new NotingCache(Infinity, (number) => number === 1);

  it("is served by the cache when that comes, and not before", () => {
    const cache = waiting();
    const driver = new ClientDriver({}, [always(answers(1, 2))], [cache]);
    driver.simulation.at(
      5,
      driver.simulation.handler(() => driver.client.walk.awaited(1, true)),
    );
    const [first, second] = driver.run(0, 1);
    expect(first).toMatchObject({ request: 0, servedBy: 1, endedAt: 2 });
    expect(second).toMatchObject({ request: 1, outcome: "served", servedBy: 0, firstTokenAt: 5, endedAt: 5, attempts: 0 });
    expect([cache.told, cache.left]).toEqual([[[0, true]], []]);
  });

  it("asks by itself when that does not come", () => {
    const cache = waiting();
    const driver = new ClientDriver({}, [always(answers(1, 2))], [cache]);
    driver.simulation.at(
      5,
      driver.simulation.handler(() => driver.client.walk.awaited(1, false)),
    );
    expect(driver.run(0, 1)[1]).toMatchObject({ request: 1, servedBy: 1, endedAt: 7, attempts: 1 });
    expect(cache.told).toEqual([
      [0, true],
      [1, true],
    ]);
  });

  it("leaves the cache when its patience ends", () => {
    const cache = waiting();
    const driver = new ClientDriver({ timeout: { total: "3s" } }, [always(answers(1, 2))], [cache]);
    expect(driver.run(0, 1)[1]).toMatchObject({ request: 1, outcome: "timedOut", endedAt: 4 });
    expect([cache.told, cache.left]).toEqual([[[0, true]], [1]]);
  });
});
