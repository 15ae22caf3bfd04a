import * as fc from "fast-check";
import { expect, it } from "vitest";
import { lifecycleStates } from "../../src/serving/fleet/lifecycle.ts";
import { priorities } from "../../src/traffic/priority.ts";
import { type PlainArrival, type PlainPoolSettings, type PlainRun, type PlainTracking, playPoolPlainly } from "./plain-pool.ts";
import { PoolDriver } from "./pool-driver.ts";

const cases = Number(process.env["HEADROOM_CASES"] ?? 1000);

/** When a run is looked at; some attempts may still be there. */
const until = 300;

/** A feature that is off in half of the pools, so that every mix of features is met. */
const sometimes = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined, freq: 2 });

/** Whole and half seconds, so that things often happen at the same moment. */
const halves = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min: min * 2, max: max * 2 }).map((half) => half / 2);

const phaseNames = ["provisioning", "pulling", "loading", "compiling", "warming"];

/** Outages one after the other; some touch. */
const outages = fc
  .record({ gaps: fc.array(halves(0, 40), { minLength: 1, maxLength: 3 }), lasts: halves(0.5, 20) })
  .map(({ gaps, lasts }) => {
    let end = 0;
    const at = gaps.map((gap) => {
      const begin = end + gap;
      end = begin + lasts;
      return begin;
    });
    return { at, lasts };
  });

const incident = fc.record({
  at: halves(0, 60),
  kind: fc.constantFrom("crash" as const, "interruption" as const),
  nth: fc.nat(5),
  notice: halves(0, 8),
});

const common = {
  servers: fc.integer({ min: 1, max: 3 }),
  service: halves(0.5, 12),
  routing: fc.constantFrom("leastOutstanding" as const, "roundRobin" as const),
  order: fc.constantFrom("fifo" as const, "lifo" as const, "priority" as const, "shortestPromptFirst" as const),
  capacity: sometimes(
    fc
      .record({ places: fc.nat(8), normal: fc.constantFrom(0.25, 0.5, 0.75, 1), low: fc.constantFrom(0.25, 0.5, 1) })
      .filter(({ low, normal }) => low <= normal),
  ),
  bound: sometimes(
    fc.oneof(
      fc.record({ maxWait: halves(0.5, 20) }),
      fc.tuple(halves(0.5, 5), halves(0.5, 10)).map(([target, more]) => ({ target, interval: target + more })),
    ),
  ),
  concurrency: fc
    .record({ perReplica: sometimes(fc.integer({ min: 1, max: 4 })), total: sometimes(fc.integer({ min: 1, max: 8 })) })
    .filter(({ perReplica, total }) => (perReplica ?? 0) <= (total ?? Infinity)),
  onCancel: fc.constantFrom("finish" as const, "abort" as const),
  phases: fc
    .tuple(...phaseNames.map((name) => sometimes(halves(0.5, 6).map((seconds) => ({ name, seconds })))))
    .map((phases) => phases.filter((phase) => phase !== undefined)),
  warm: sometimes(fc.record({ size: fc.nat(2), resume: halves(0, 4) })),
  deadline: sometimes(halves(0, 10)),
  stockOut: sometimes(
    fc.tuple(outages, fc.constantFrom("wait" as const, "fail" as const)).map(([{ at, lasts }, effect]) => ({ at, lasts, effect })),
  ),
  zoneLoss: sometimes(outages),
  incidents: fc.oneof(fc.constant([]), fc.array(incident, { maxLength: 4 })),
};

const tracking: fc.Arbitrary<PlainTracking> = fc.record({
  metric: fc.constantFrom("concurrency" as const, "queueLength" as const),
  target: fc.integer({ min: 1, max: 6 }),
  every: halves(0.5, 6),
  lag: fc.oneof(fc.constant(0), halves(0, 10)),
  tolerance: fc.constantFrom(0, 0.25),
  scaleDownAfter: halves(0, 15),
});

const pool: fc.Arbitrary<PlainPoolSettings> = fc.oneof(
  fc.record({ ...common, min: fc.integer({ min: 1, max: 3 }), more: fc.constant(0) }),
  fc.record({ ...common, min: fc.nat(2), more: fc.integer({ min: 1, max: 3 }), tracking }),
);

const arrivals: fc.Arbitrary<PlainArrival[]> = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.constant(0), halves(0, 1), halves(0, 8)),
      prompt: fc.integer({ min: 1, max: 4 }),
      priority: fc.constantFrom("high" as const, "normal" as const, "low" as const),
      again: fc.constantFrom(false, false, true),
      stays: fc.option(halves(0, 20), { nil: undefined, freq: 3 }),
    }),
    { minLength: 1, maxLength: 40, size: "max" },
  )
  .map((rows) => {
    let at = 0;
    return rows.map(({ gap, stays, ...one }) => ({ ...one, at: (at += gap), leavesAt: stays === undefined ? undefined : at + stays }));
  });

const timeOf = (time: number | undefined): string | undefined => (time === undefined ? undefined : `${time}s`);
const per = (share: number): string => `${share * 100}%`;
const timesOf = ({ at, lasts }: { at: readonly number[]; lasts: number }): object => ({ at: at.map(timeOf), lasts: timeOf(lasts) });

function scenarioSettings(given: PlainPoolSettings): object {
  const { bound, capacity, stockOut, tracking: scaling, warm, zoneLoss } = given;
  return {
    engine: { station: { servers: given.servers, service: { constant: timeOf(given.service) } } },
    replicas: { min: given.min, max: given.min + given.more },
    coldStart: {
      phases: Object.fromEntries(given.phases.map(({ name, seconds }) => [name, { constant: timeOf(seconds) }])),
      ...(warm && { resume: { paused: { constant: timeOf(warm.resume) } } }),
    },
    ...(warm && { warm: { size: warm.size, state: "paused" } }),
    ...(scaling && {
      scaling: {
        targetTracking: {
          metric: scaling.metric,
          target: scaling.target,
          every: timeOf(scaling.every),
          lag: timeOf(scaling.lag),
          tolerance: per(scaling.tolerance),
          scaleDownAfter: timeOf(scaling.scaleDownAfter),
        },
      },
    }),
    routing: given.routing,
    queue: {
      order: given.order,
      ...(capacity && { capacity: capacity.places, shedAbove: { normal: per(capacity.normal), low: per(capacity.low) } }),
      ...(bound &&
        ("maxWait" in bound
          ? { maxWait: timeOf(bound.maxWait) }
          : { sojourn: { target: timeOf(bound.target), interval: timeOf(bound.interval) } })),
    },
    concurrency: given.concurrency,
    drain: { deadline: timeOf(given.deadline) },
    faults: {
      ...(stockOut && { stockOut: { ...timesOf(stockOut), effect: stockOut.effect } }),
      ...(zoneLoss && { zoneLoss: { ...timesOf(zoneLoss), zones: 1 } }),
    },
    onCancel: given.onCancel,
  };
}

/** The same attempts through the settings of a scenario and the engine. */
function playForReal(given: PlainPoolSettings, sent: readonly PlainArrival[]): PlainRun {
  const driver = new PoolDriver(scenarioSettings(given));
  const { attempts, pool: real, simulation, visits } = driver;
  const { fleet } = real;
  const send = real.send.bind(real);
  real.send = (attempt) => {
    attempts.priority[attempt] = priorities.indexOf(sent[attempts.request[attempt] % sent.length].priority);
    send(attempt);
  };
  const ends: { visit: number; ending: PlainRun["ends"][number]["ending"]; at: number }[] = [];
  driver.onEnd = (visit) => {
    const ending = visits[visit].ending as PlainRun["ends"][number]["ending"];
    ends.push({ visit, ending, at: simulation.now });
    if (ending === "dropped" || !sent[visit]?.again) return;
    const reply = visit + sent.length;
    visits[reply] = { arrivedAt: simulation.now, firstTokenAt: NaN, endedAt: NaN, ending: "open", retryAfter: NaN };
    real.send(attempts.open(reply, reply, 0, 0, sent[visit].prompt, 1));
  };
  for (const { at, kind, nth, notice } of given.incidents) {
    const strike = simulation.handler(() => {
      const candidates = kind === "crash" ? fleet.ready : fleet.members.filter(({ state }) => state !== "gone" && state !== "requested");
      if (candidates.length === 0) return;
      const member = candidates[nth % candidates.length];
      if (kind === "crash") fleet.crash(member);
      else fleet.interrupt(member, notice);
    });
    simulation.at(at, strike);
  }
  for (const { at, prompt, leavesAt } of sent) driver.arrive({ at, prompt, ...(leavesAt === undefined ? {} : { leavesAt }) });
  driver.run(until);
  const seconds = Object.fromEntries(lifecycleStates.map((state) => [state, fleet.accounts.levels[state].area(until)]));
  return { ends, seconds };
}

/** At one moment, only who fails before whom is told. */
const byVisit = ({ ends }: PlainRun): PlainRun["ends"] => [...ends].sort((a, b) => a.visit - b.visit);

const failures = ({ ends }: PlainRun): number[] => ends.filter(({ ending }) => ending === "failed").map(({ visit }) => visit);

it("every attempt ends as and when a plain reading of the settings says, and replicas spend as long in every state", () => {
  fc.assert(
    fc.property(pool, arrivals, (given, sent) => {
      const [plain, real] = [playPoolPlainly(given, sent, until), playForReal(given, sent)];
      expect(byVisit(real)).toEqual(byVisit(plain));
      expect(failures(real)).toEqual(failures(plain));
      for (const state of lifecycleStates) expect([state, real.seconds[state]]).toEqual([state, plain.seconds[state] ?? 0]);
    }),
    { numRuns: cases },
  );
});

it("these pools end attempts in every way and have replicas in every state", () => {
  const runs = fc.sample(fc.tuple(pool, arrivals), { numRuns: 100, seed: 5 }).map(([given, sent]) => playPoolPlainly(given, sent, until));
  expect(new Set(runs.flatMap(({ ends }) => ends.map(({ ending }) => ending)))).toEqual(new Set(["finished", "shed", "failed", "dropped"]));
  const lived = lifecycleStates.filter((state) => runs.some(({ seconds }) => (seconds[state] ?? 0) > 0));
  expect(lived).toEqual(lifecycleStates);
});
