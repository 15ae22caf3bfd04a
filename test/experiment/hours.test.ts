import { describe, expect, it } from "vitest";
import { HourTally, hoursResult } from "../../src/experiment/hours.ts";
import { metBy } from "../../src/experiment/objectives.ts";
import type { Outcome } from "../../src/traffic/outcome.ts";
import { recorded } from "./recorded.ts";
import { overflowing } from "./overflowing.ts";
import { scenarioOf } from "./systems.ts";

const scenario = scenarioOf(overflowing, { horizon: "3h", warmup: "0s", "traffic.chat.slo": '["total p90 < 2s", "cost < $1/month"]' });

/** So many requests in a row from a moment on, of which so many are late. */
function requests(from: number, count: number, late: number, outcome: Outcome = "served") {
  return Array.from({ length: count }, (_, i) => ({
    arrivedAt: from + i,
    outcome,
    firstTokenAt: from + i,
    endedAt: from + i + (i < late ? 3 : 1),
  }));
}

function tallied(...fates: Parameters<typeof recorded>[0][]) {
  const recorder = recorded(fates.flat());
  const { chat } = scenario.traffic;
  const tally = new HourTally(chat, scenario);
  for (let request = 0; request < recorder.count; request++) {
    tally.add(
      recorder,
      request,
      Uint8Array.from(chat.slo, (objective) => Number(metBy(objective, recorder, request))),
    );
  }
  return tally.summary();
}

const eighth = (3 * 3600) / 24;

describe("an SLO over time", () => {
  it("is kept in the windows in which as many met each objective as must", () => {
    const hours = tallied(requests(0, 40, 4), requests(eighth, 40, 5), requests(2 * eighth, 10, 10));
    const { window_s, keptShare, worst } = hoursResult([hours], scenario)!;
    expect(window_s).toBe(450);
    expect(keptShare).toEqual({ mean: 1 / 3 });
    // The third window has too few requests to be called the worst.
    expect(worst).toEqual({ from_s: 450, attainment: 35 / 40 });
  });

  it("is worst where it is over all replications together", () => {
    const a = tallied(requests(0, 40, 8), requests(eighth, 40, 6));
    const b = tallied(requests(0, 40, 0), requests(eighth, 40, 6));
    const { keptShare, worst } = hoursResult([a, b], scenario)!;
    expect(keptShare?.mean).toBe(0.25);
    expect(worst).toEqual({ from_s: 450, attainment: 68 / 80 });
  });

  it("leaves out who was in flight at the end, and is of an hour at most", () => {
    expect(hoursResult([tallied(requests(0, 40, 0), requests(eighth, 40, 0, "unfinished"))], scenario)?.worst?.attainment).toBe(1);
    expect(hoursResult([tallied()], { ...scenario, horizon: 30 * 86_400 })?.window_s).toBe(3600);
    expect(hoursResult([tallied()], scenario)).toEqual({ window_s: 450, keptShare: null, worst: null });
  });

  it("is nothing without an objective on requests", () => {
    const free = scenarioOf(overflowing, { "traffic.chat.slo": '["cost < $1/month"]' });
    expect(hoursResult([new HourTally(free.traffic["chat"], free).summary()], free)).toBeNull();
  });
});
