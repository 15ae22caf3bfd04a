import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Attempts } from "../../src/traffic/attempts.ts";
import { outcomeCode, outcomes } from "../../src/traffic/outcome.ts";
import { none, Requests } from "../../src/traffic/requests.ts";

/** What comes and goes: true opens one, a number closes one of those that are open. */
const comingsAndGoings = fc.array(fc.oneof(fc.constant(true as const), fc.nat()), { maxLength: 400 });

describe("the request table", () => {
  it("keeps each request's row from open to close, and counts and lists those in flight in order of arrival", () => {
    fc.assert(
      fc.property(comingsAndGoings, (steps) => {
        const requests = new Requests();
        const open: { number: number; ordinal: number }[] = [];
        let ordinal = 0;
        for (const step of steps) {
          if (step === true) {
            const number = requests.open(ordinal % 3, ordinal / 8, ordinal + 1, ordinal + 2);
            expect(open.every((other) => other.number !== number)).toBe(true);
            requests.attempts[number] = ordinal + 3;
            open.push({ number, ordinal: ordinal++ });
          } else if (open.length > 0) {
            requests.close(open.splice(step % open.length, 1)[0].number);
          }
        }
        expect(requests.inFlight).toBe(open.length);
        expect(requests.pending()).toEqual(open.map(({ number }) => number));
        for (const { number, ordinal: arrived } of open) {
          const row = [
            requests.ordinal,
            requests.arrivedAt,
            requests.inputTokens,
            requests.outputTokens,
            requests.trafficClass,
            requests.attempts,
          ];
          expect(row.map((column) => column[number])).toEqual([arrived, arrived / 8, arrived + 1, arrived + 2, arrived % 3, arrived + 3]);
        }
      }),
    );
  });

  it("keeps its columns when it grows", () => {
    const requests = new Requests();
    const numbers = Array.from({ length: 5000 }, (_, i) => requests.open(i % 5, i, i, 2 * i));
    expect(new Set(numbers).size).toBe(5000);
    expect(numbers.every((number, i) => requests.arrivedAt[number] === i && requests.outputTokens[number] === 2 * i)).toBe(true);
    expect(requests.pending()).toEqual(numbers);
  });

  it("starts a row anew for the next that uses its number", () => {
    const requests = new Requests();
    const first = requests.open(1, 5, 6, 7);
    for (const column of [requests.attempts, requests.attempt, requests.calls, requests.stage]) column[first] = 9;
    requests.verdict[first] = outcomeCode.served;
    requests.close(first);
    expect(requests.pending()).toEqual([]);
    const second = requests.open(0, 8, 1, 1);
    expect(second).toBe(first);
    const fresh = [requests.ordinal, requests.attempts, requests.attempt, requests.calls, requests.stage, requests.verdict];
    expect(fresh.map((column) => column[second])).toEqual([1, 0, none, 0, 0, outcomeCode.timedOut]);
  });

  it("stays as small as what is in flight", () => {
    const requests = new Requests();
    for (let i = 0; i < 100_000; i++) requests.close(requests.open(0, i, 1, 1));
    expect(requests.ordinal.length).toBe(1024);
  });
});

describe("the attempt table", () => {
  it("gives the users of one number different serials, and none while nobody has it", () => {
    const attempts = new Attempts();
    const first = attempts.open(3, 4, 5, 6, 7, 8);
    const serial = attempts.serial[first];
    attempts.abandoned[first] = 1;
    attempts.firstTokenAt[first] = 2;
    attempts.close(first);
    expect([attempts.serial[first], attempts.inFlight]).toEqual([none, 0]);
    const second = attempts.open(0, 1, 0, 1, 1, 1);
    expect(second).toBe(first);
    expect(attempts.serial[second]).not.toBe(serial);
    expect([attempts.abandoned[second], attempts.firstTokenAt[second], attempts.inFlight]).toEqual([0, NaN, 1]);
  });

  it("keeps its columns when it grows, and tells who keeps columns beside it", () => {
    const attempts = new Attempts();
    const capacities: number[] = [];
    attempts.onResize((capacity) => capacities.push(capacity));
    const numbers = Array.from({ length: 3000 }, (_, i) => attempts.open(i, i + 1, i + 4, i % 4, i + 2, i + 3));
    expect(capacities).toEqual([1024, 2048, 4096]);
    for (const [i, number] of numbers.entries()) {
      const row = [
        attempts.serial,
        attempts.request,
        attempts.number,
        attempts.turn,
        attempts.inputTokens,
        attempts.outputTokens,
        attempts.salt,
      ];
      expect(row.map((column) => column[number])).toEqual([i, i, i + 1, i % 4, i + 2, i + 3, i + 4]);
    }
    expect(attempts.serial.subarray(3000).every((serial) => serial === none)).toBe(true);
  });
});

it("every outcome has a code of its own, its position", () => {
  expect(outcomes.map((outcome) => outcomeCode[outcome])).toEqual(outcomes.map((_, position) => position));
});
