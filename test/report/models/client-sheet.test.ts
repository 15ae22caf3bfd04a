import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { clientSettings } from "../../../src/client/client-settings.ts";
import { backoff } from "../../../src/client/retry/backoff.ts";
import { jitters } from "../../../src/client/retry/retry-settings.ts";
import { Streams } from "../../../src/kernel/random.ts";
import { clientSheet } from "../../../src/report/models/client-sheet.ts";
import { clientTables } from "../../../src/report/models/client-table.ts";

const clientOf = (written: object) => z.decode(clientSettings, written);
const sheetOf = (written: object) => clientSheet(clientOf(written));
const rows = (written: object) =>
  clientTables(sheetOf(written)).map(({ caption, lines }) =>
    [caption].concat(lines.map(({ cells }) => cells.map(({ text }) => text).join(": "))),
  );

describe("what a client comes to", () => {
  it("bounds every wait that it can draw, the longest it says being its wait without luck", () => {
    const settings = fc.record({
      base: fc.constantFrom("100ms", "3s"),
      factor: fc.constantFrom(1, 2, 3.5),
      max: fc.constantFrom("2s", "30s"),
      jitter: fc.oneof(fc.constantFrom<unknown>(...jitters), fc.constantFrom("25%", "100%")),
    });
    fc.assert(
      fc.property(settings, fc.integer({ min: 2, max: 9 }), fc.nat(), (written, attempts, seed) => {
        const { retry } = clientOf({ retry: { attempts, backoff: written } });
        const { waits, inAll } = sheetOf({ retry: { attempts, backoff: written } }).calls;
        const random = new Streams(seed, 0).sequence("waits");
        let all = 0;
        waits.forEach(({ least_s, most_s }, i) => {
          const wait = backoff(retry.backoff, i + 1, random);
          all += wait;
          expect(wait).toBeGreaterThanOrEqual(least_s);
          expect(wait).toBeLessThanOrEqual(most_s);
        });
        expect(waits).toHaveLength(attempts - 1);
        expect(all).toBeGreaterThanOrEqual(inAll.least_s - 1e-9);
        expect(all).toBeLessThanOrEqual(inAll.most_s + 1e-9);
      }),
    );
  });

  it("multiplies the attempts of two loops, and has the waits below in every call", () => {
    const fixed = { base: "1s", factor: 1, jitter: "none" };
    const { attempts, waiting } = sheetOf({ retry: { attempts: 4, backoff: fixed, nested: { attempts: 3, backoff: fixed } } });
    expect(attempts).toBe(12);
    expect(waiting).toEqual({ least_s: 3 + 4 * 2, most_s: 3 + 4 * 2 });
  });

  it.each([
    [{}, undefined],
    [{ timeout: { total: "30s" } }, 30],
    [{ timeout: { ttft: "20s", total: "30s" } }, 20],
    [{ timeout: { attempt: { ttft: "5s", total: "9s" } } }, 5],
    [{ timeout: { attempt: { total: "9s" } }, retry: { attempts: 3, backoff: { base: "1s", jitter: "none" } } }, 30],
    [{ timeout: { total: "20s", attempt: { total: "9s" } }, retry: { attempts: 3 } }, 20],
    [{ timeout: { attempt: { total: "9s" } }, retry: { attempts: 3, on: ["failed"] } }, 9],
    [
      {
        timeout: { attempt: { total: "9s" } },
        retry: { attempts: 3, on: ["failed"], nested: { attempts: 2, backoff: { base: "1s", jitter: "none" } } },
      },
      19,
    ],
  ])("of %j lasts so long at a target that never answers: %s", (written, seconds) => {
    expect(sheetOf(written).hung_s).toBe(seconds);
  });

  it("is said in words", () => {
    expect(rows({})).toEqual([
      [
        "One request at one target",
        "attempts: 1: it does not retry",
        "time-outs: none",
        "a request lasts: for ever where its target never answers: give timeout.total",
      ],
    ]);
    const written = {
      timeout: { ttft: "10s", attempt: { total: "60s" } },
      retry: {
        attempts: 2,
        on: ["throttled", "failed"],
        retryAfterBeyond: "giveUp",
        budget: "10%",
        nested: { attempts: 2, retryAfterMax: "0s", budget: { tokenBucket: { capacity: 500, cost: 5, timeoutCost: 10 } } },
      },
      breaker: {},
    };
    expect(rows(written)).toEqual([
      [
        "One request at one target",
        "attempts: up to 4: 2 calls of 2 attempts each",
        "retried, calls: after throttled, failed",
        "retry-after, calls: waited for up to 60 s; a longer one ends the retries",
        "budget, calls: a call earns 0.10 retries, of which 10 can be saved up",
        "retried, below: after whatever is no answer",
        "retry-after, below: is not read",
        "budget, below: 500 tokens: a retry takes 5, after a time-out 10, an answer returns 1",
        "waiting in all: 0 s to 1.5 s where no retry-after is sent",
        "time-outs: 60 s for an attempt, 10 s for the first token",
        "a request lasts: up to 10 s where its target never answers",
        "breaker opens: when 50 % of at least 10 calls within 10 s failed",
        "breaker closes: after 30 s, if 1 probe succeeded",
      ],
      ["Waits before retries", "1: 0 s: 500 ms"],
      ["Waits before retries of the library below, in each call", "1: 0 s: 500 ms"],
    ]);
  });
});
