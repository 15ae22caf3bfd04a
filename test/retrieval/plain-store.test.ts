import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Streams } from "../../src/kernel/random.ts";
import { Agenda } from "../laws/plain-agenda.ts";
import { type AskedRead, type EndedRead, readAll, settingsOf } from "./drive.ts";
import { plainStore } from "./plain-store.ts";
import { arbitraryLoad, arbitraryStore } from "./random-store.ts";

const horizon = 60;

function plainly(given: Record<string, unknown>, reads: readonly AskedRead[], writesAt: readonly number[]) {
  const agenda = new Agenda();
  const store = plainStore(settingsOf(given), agenda, new Streams(3, 0));
  const results: EndedRead[] = reads.map(() => ({ ending: "open", endedAt: NaN, complete: false, told: 0 }));
  reads.forEach(({ at, leavesAt }, i) => {
    agenda.at(at, () => {
      const read = store.read(i, (ending, complete) => {
        results[i] = { ending, endedAt: agenda.now, complete, told: results[i].told + 1 };
      });
      if (leavesAt === undefined) return;
      agenda.at(leavesAt, () => {
        if (results[i].ending !== "open") return;
        results[i] = { ending: "left", endedAt: agenda.now, complete: false, told: 0 };
        store.leave(read);
      });
    });
  });
  for (const at of writesAt) agenda.at(at, () => store.write());
  agenda.run(horizon);
  return { results, counts: store.counts() };
}

describe("a vector store", () => {
  it("ends every read as, and when, a plain one does that looks for everything anew at every step", () => {
    const seen = { found: 0, failed: 0, shed: 0, left: 0, open: 0, incomplete: 0 };
    fc.assert(
      fc.property(arbitraryStore, arbitraryLoad, (given, { reads, writesAt }) => {
        const { results, store } = readAll(given, reads, { until: horizon, horizon, writesAt });
        const plain = plainly(given, reads, writesAt);
        results.forEach(({ ending, endedAt, complete, told }, i) => {
          expect({ ending, complete, told }).toEqual({
            ending: plain.results[i].ending,
            complete: plain.results[i].complete,
            told: plain.results[i].told,
          });
          if (ending !== "open") expect(endedAt).toBeCloseTo(plain.results[i].endedAt, 6);
          seen[ending]++;
          if (ending === "found" && !complete) seen.incomplete++;
        });
        expect({ vectors: store.vectors, refused: store.refusedWrites, backfilled: store.backfilled }).toEqual(plain.counts);
      }),
      { numRuns: 300 },
    );
    for (const ending of ["found", "failed", "shed", "left", "incomplete"] as const) expect(seen[ending]).toBeGreaterThan(100);
  });
});
