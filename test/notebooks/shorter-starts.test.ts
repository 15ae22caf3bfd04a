import { expect, it } from "vitest";
import { withStartsTaking } from "../../notebooks/shorter-starts.ts";
import { Streams } from "../../src/kernel/random.ts";
import { ColdStart } from "../../src/serving/fleet/cold-start.ts";
import { planOf } from "../experiment/systems.ts";

const system = `
name: starts
horizon: 1h
traffic: { chat: { arrivals: { rate: 1/s }, inputTokens: { constant: 1 }, outputTokens: { constant: 1 }, path: [gpus] } }
pools: { gpus: { engine: { station: { servers: 1, service: { constant: 1s } } }, replicas: 1, coldStart: 70b-kubernetes } }
`;

it("every start takes the given share of its time, whatever node it gets", () => {
  const before = planOf(system);
  const after = withStartsTaking(0.5, before, "gpus");
  const [long, short] = [before, after].map(
    ({ decoded }) => new ColdStart(decoded.scenario.pools["gpus"].coldStart, new Streams(1, 0).keyed("start")),
  );
  const [longPhases, shortPhases] = [new Float64Array(5), new Float64Array(5)];
  for (let i = 0; i < 50; i++) {
    long.fromNothing(longPhases);
    short.fromNothing(shortPhases);
    shortPhases.forEach((phase, k) => expect(phase).toBeCloseTo(longPhases[k] / 2, 9));
    expect(short.fromWarm("paused")).toBeCloseTo(long.fromWarm("paused") / 2, 9);
  }
});

it("nothing but the pool's starts is changed", () => {
  const before = planOf(system);
  const { coldStart: _, ...pool } = withStartsTaking(0.5, before, "gpus").decoded.scenario.pools["gpus"];
  const { coldStart: __, ...same } = before.decoded.scenario.pools["gpus"];
  expect(pool).toEqual(same);
});
