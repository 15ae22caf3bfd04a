import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReplicasView } from "../../../src/serving/routing/router.ts";
import { StaleView } from "../../../src/serving/routing/stale-view.ts";
import { loaded, replicas, type Seen, viewOf } from "./views.ts";

const all = (view: ReplicasView): readonly [Seen[], number] => [
  Array.from({ length: view.count }, (_, i) => ({ number: view.number(i), outstanding: view.outstanding(i), kvUse: view.kvUse(i) })),
  view.leastOutstanding(),
];

/** A fleet that changes, seen afresh and by a view of some staleness; counts how often the fresh one is asked for its least. */
function fleet(staleness: number) {
  const clock = { now: 0 };
  const state = { replicas: loaded([0]), version: 0, looks: 0 };
  const now = () => viewOf(state.replicas);
  const fresh: ReplicasView = {
    get count() {
      return state.replicas.length;
    },
    outstanding: (index) => now().outstanding(index),
    leastOutstanding: () => {
      state.looks++;
      return now().leastOutstanding();
    },
    kvUse: (index) => now().kvUse(index),
    number: (index) => now().number(index),
  };
  return { clock, state, fresh, stale: new StaleView(fresh, clock, staleness, () => state.version) };
}

describe("a stale view", () => {
  it("shows what was when it last looked: once its copy is too old, or other replicas are ready", () => {
    const event = fc.record({
      after: fc.nat(3),
      seen: replicas,
      kind: fc.constantFrom("loads", "replicas", "nothing"),
      asked: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 50 }), fc.integer({ min: 1, max: 5 }), (events, staleness) => {
        const { clock, state, fresh, stale } = fleet(staleness);
        let [shown, shownAt, shownVersion] = [all(fresh), -Infinity, 0];
        for (const { after, seen, kind, asked } of events) {
          clock.now += after;
          if (kind === "replicas") {
            state.replicas = seen;
            state.version++;
          } else if (kind === "loads") {
            state.replicas = state.replicas.map(({ number }, i) => ({ ...seen[i % seen.length], number }));
          }
          if (!asked) continue;
          const looks = clock.now - shownAt >= staleness || state.version !== shownVersion;
          if (looks) {
            [shown, shownAt, shownVersion] = [all(fresh), clock.now, state.version];
          }
          state.looks = 0;
          expect(all(stale)).toEqual(shown);
          expect(all(stale)).toEqual(shown);
          expect(state.looks).toBe(looks ? 1 : 0);
        }
      }),
    );
  });

  it("looks when it is first asked, whatever it is asked for, and again when its copy is exactly as old as it may be", () => {
    const questions: ((view: ReplicasView) => number)[] = [
      ({ count }) => count,
      (view) => view.outstanding(1),
      (view) => view.leastOutstanding(),
      (view) => view.kvUse(1),
      (view) => view.number(1),
    ];
    for (const ask of questions) {
      const { clock, state, stale } = fleet(2);
      const [early, late] = [loaded([3, 7]), [...loaded([5, 4, 0])].reverse()];
      state.replicas = early;
      expect(ask(stale)).toBe(ask(viewOf(early)));
      state.replicas = late;
      clock.now = 1.999;
      expect(ask(stale)).toBe(ask(viewOf(early)));
      clock.now = 2;
      expect(ask(stale)).toBe(ask(viewOf(late)));
    }
  });

  it("of no staleness shows what is", () => {
    const { state, fresh, stale } = fleet(0);
    fc.assert(
      fc.property(replicas, (seen) => {
        state.replicas = seen;
        expect(all(stale)).toEqual(all(fresh));
      }),
    );
  });

  it("has room for any number of replicas", () => {
    const { state, fresh, stale } = fleet(1);
    for (const count of [16, 17, 100, 3]) {
      state.replicas = loaded(Array.from({ length: count }, (_, i) => (i * 7) % count));
      state.version++;
      expect(all(stale)).toEqual(all(fresh));
    }
  });
});
