import { mapValues } from "../base/records.ts";
import { ExactCache } from "../cache/exact-cache.ts";
import { Client, type RequestEnd } from "../client/client.ts";
import type { Path } from "../client/path.ts";
import { dispatch } from "../client/dispatch.ts";
import { CountOverTime } from "../kernel/count-over-time.ts";
import { hash32 } from "../kernel/hash.ts";
import type { Measurement } from "../kernel/level.ts";
import { Streams } from "../kernel/random.ts";
import { Simulation } from "../kernel/simulation.ts";
import { Provider } from "../provider/provider.ts";
import type { Pool } from "../serving/pool.ts";
import { Sequences } from "../serving/replica/sequences.ts";
import { Attempts } from "../traffic/attempts.ts";
import { priorities } from "../traffic/priority.ts";
import type { Requests } from "../traffic/requests.ts";
import type { AttemptListener, Target } from "../traffic/target.ts";
import type { Trace } from "../traffic/trace.ts";
import { wirePools } from "./pools.ts";
import { futureArrivals } from "./future-arrivals.ts";
import { askedTargets } from "./clients.ts";
import type { Scenario, TrafficClass } from "./schema.ts";
import { TrafficSource } from "./traffic-source.ts";

/** A scenario wired into a simulation, ready to run. */
export interface System {
  readonly simulation: Simulation;
  readonly requests: Requests;
  readonly attempts: Attempts;
  readonly pools: Readonly<Record<string, Pool>>;
  readonly providers: Readonly<Record<string, Provider>>;
  readonly caches: Readonly<Record<string, ExactCache>>;
  /** By class. */
  readonly clients: Readonly<Record<string, Client>>;
  readonly gateways: Readonly<Record<string, GateCounts>>;
}

/** What a gate has counted: attempts that waited, the seconds they did, and attempts it refused. */
interface GateCounts {
  readonly waited: number;
  readonly waitSeconds: number;
  readonly shed: number;
}

/** Names of all that can serve a request; a request's `servedBy` is a position in this list. */
export function serverNames(scenario: Scenario): string[] {
  const canned = Object.values(scenario.traffic).some(({ client }) => Object.values(client.degrade).some((rung) => rung.canned));
  const servers = [...Object.keys(scenario.caches), ...Object.keys(scenario.pools), ...Object.keys(scenario.providers)];
  return canned ? [...servers, "canned"] : servers;
}

/**
 * Wires one replication. Randomness comes from streams named after what draws, so that two scenarios that share a seed
 * meet the same requests and the same fates wherever they are alike.
 * @param traces by `traceKey`
 * @param window seconds, of the series
 * @param requests the empty table of the requests in flight
 * @param end called for every request that ends before the horizon
 */
export function build(
  scenario: Scenario,
  replication: number,
  traces: ReadonlyMap<string, Trace>,
  window: number,
  requests: Requests,
  end: RequestEnd,
): System {
  const simulation = new Simulation();
  const streams = new Streams(scenario.seed, replication);
  const attempts = new Attempts();
  const sequences = new Sequences(attempts);
  const measurement: Measurement = { warmup: scenario.warmup, horizon: scenario.horizon, window };
  const clients: Client[] = [];
  const listener: AttemptListener = dispatch(simulation, requests, attempts, clients);

  const caches = mapValues(scenario.caches, (settings, name) => new ExactCache(name, settings, streams));
  const { pools, targets } = wirePools(scenario.pools, simulation, sequences, streams, measurement, listener, (pool) =>
    futureArrivals(scenario, replication, traces, pool),
  );
  const providers = mapValues(
    scenario.providers,
    (settings, name) => new Provider(name, simulation, attempts, settings, streams, listener),
  );

  const servers = { ...caches, ...targets, ...providers };
  const source = new TrafficSource(simulation, requests, attempts.prefixes, streams, traces, scenario.horizon);
  const ended: RequestEnd = (request, outcome, servedBy, firstTokenAt, endedAt) => {
    end(request, outcome, servedBy, firstTokenAt, endedAt);
    source.ended(requests.trafficClass[request]);
  };
  const numbers = new Map(serverNames(scenario).map((name, number) => [name, number]));
  Object.entries(scenario.traffic).forEach(([name, traffic], number) => {
    const path = pathOf(traffic, servers, numbers);
    const client = new Client(
      simulation,
      requests,
      attempts,
      path,
      traffic.client,
      hash32(name),
      priorities.indexOf(traffic.priority),
      traffic.maxOutput ?? Infinity,
      streams.keyed(`traffic.${name}.client`),
      ended,
      new CountOverTime(window, scenario.horizon),
    );
    clients.push(client);
    source.start(name, number, traffic, client);
  });
  const byName = Object.fromEntries(Object.keys(scenario.traffic).map((name, number) => [name, clients[number]]));
  return { simulation, requests, attempts, pools, providers, caches, clients: byName, gateways: {} };
}

type Server = ExactCache | Target;

function pathOf(traffic: TrafficClass, servers: Readonly<Record<string, Server>>, numbers: ReadonlyMap<string, number>): Path {
  const names = traffic.path.slice(0, -1) as string[];
  const targets = askedTargets(traffic);
  return {
    caches: names.map((name) => servers[name] as ExactCache),
    targets: targets.map((name) => servers[name] as Target),
    cacheNumbers: names.map((name) => numbers.get(name)!),
    targetNumbers: targets.map((name) => numbers.get(name)!),
    chains: [],
    outstanding: new Int32Array(0),
  };
}
