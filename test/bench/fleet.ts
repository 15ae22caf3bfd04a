/**
 * A pool with its router, its line, its accounts and its fleet: requests per CPU-second by the number of replicas, each of which has as much
 * to do. What a request costs beside its replica's iterations is an event of the queue and a place in the router's tree: both grow like
 * the logarithm of the replicas.
 */
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { Pool } from "../../src/serving/pool.ts";
import { type PoolSettings, poolSettings } from "../../src/serving/pool-settings.ts";
import { Sequences } from "../../src/serving/replica/sequences.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import type { Case } from "./measure.ts";
import { benchedEngine, capacity, inputTokens, outputTokens, poissonArrivals } from "./replica.ts";

const sizes = [8, 64, 512];
const requests = 400_000;
const load = 0.7;

export function fleetCases(): Case[] {
  const engine = benchedEngine();
  // A station is as cheap as a replica can be, so that what the pool itself costs shows.
  const station = { station: { servers: 1, service: { exponential: { mean: "1s" } } } };
  const byStation = sizes.map((replicas) => {
    const settings = poolSettings.parse({ engine: station, replicas });
    const arrivals = poissonArrivals(requests, load * replicas);
    return { name: `${replicas} stations, leastOutstanding`, requests, run: () => serve(arrivals, settings) };
  });
  const byRouter = ["leastOutstanding", "powerOfTwo", "random"].flatMap((routing) =>
    sizes.map((replicas) => {
      const arrivals = poissonArrivals(requests, load * replicas * capacity(engine));
      const pool = poolSettings.parse({ engine: station, replicas, routing });
      const settings = { ...pool, engine: { ...pool.engine, ...engine, station: undefined } };
      return { name: `${replicas} replicas, ${routing}`, requests, run: () => serve(arrivals, settings) };
    }),
  );
  return [...byStation, ...byRouter];
}

function serve(arrivals: Float64Array, settings: PoolSettings): void {
  const simulation = new Simulation();
  const attempts = new Attempts();
  const sequences = new Sequences(attempts);
  const horizon = 2 * arrivals[arrivals.length - 1] + 1000;
  const measurement = { warmup: 0, horizon, window: horizon };
  const listener = { spends: () => {}, firstToken: () => {}, ended: (attempt: number) => attempts.close(attempt) };
  const pool = new Pool("pool", simulation, sequences, settings, new Streams(1, 0), measurement, listener, () => 0);
  let next = 0;
  const arrive = simulation.handler(() => {
    const request = next++;
    if (next < arrivals.length) simulation.at(arrivals[next], arrive);
    pool.send(attempts.open(request, request, 0, 0, inputTokens, outputTokens));
  });
  simulation.at(arrivals[0], arrive);
  simulation.run(horizon);
  if (attempts.inFlight > 0) throw new Error("the fleet bench ends when everyone has been served");
}
