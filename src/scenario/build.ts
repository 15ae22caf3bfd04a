import { mapValues } from "../base/records.ts";
import { ExactCache } from "../cache/exact-cache.ts";
import { SemanticCache } from "../cache/semantic-cache.ts";
import type { Client } from "../client/client.ts";
import type { RequestEnd } from "../client/client-setup.ts";
import { dispatch, dispatchFromCache, dispatchFromStore } from "../client/dispatch.ts";
import type { Gate } from "../client/gate/gate.ts";
import type { EmbeddingMeter } from "../client/pipeline/node.ts";
import { StageTasks } from "../client/pipeline/stage-tasks.ts";
import type { Measurement } from "../kernel/level.ts";
import { Streams } from "../kernel/random.ts";
import { Simulation } from "../kernel/simulation.ts";
import { Provider } from "../provider/provider.ts";
import { VectorStore } from "../retrieval/vector-store.ts";
import type { Pool } from "../serving/pool.ts";
import { Sequences } from "../serving/replica/sequences.ts";
import { Attempts } from "../traffic/attempts.ts";
import { Questions } from "../traffic/questions.ts";
import type { Requests } from "../traffic/requests.ts";
import type { AttemptListener } from "../traffic/target.ts";
import type { Trace } from "../traffic/trace.ts";
import { wirePools } from "./pools.ts";
import { wireQuotas } from "./quotas.ts";
import { futureArrivals } from "./future-arrivals.ts";
import { lookupOf } from "./lookups.ts";
import { cannedServer } from "./path/stage-settings.ts";
import type { Scenario } from "./schema.ts";
import { TrafficSource } from "./traffic-source.ts";
import { wireClients } from "./wire-clients.ts";

/** A scenario wired into a simulation, ready to run. */
export interface System {
  readonly simulation: Simulation;
  readonly requests: Requests;
  readonly attempts: Attempts;
  readonly pools: Readonly<Record<string, Pool>>;
  readonly providers: Readonly<Record<string, Provider>>;
  readonly caches: Readonly<Record<string, ExactCache | SemanticCache>>;
  readonly vectorStores: Readonly<Record<string, VectorStore>>;
  /** What semantic caches had embedded somewhere that is never short of capacity, by cache. */
  readonly embeddings: Readonly<Record<string, EmbeddingMeter>>;
  /** By traffic class; so are the gates that classes have for themselves. */
  readonly clients: Readonly<Record<string, Client>>;
  readonly gateways: Readonly<Record<string, Gate>>;
  readonly gates: Readonly<Record<string, Gate>>;
}

/** Names of all that can serve a request; a request's `servedBy` is a position in this list. */
export function serverNames({ caches, pools, providers, traffic }: Scenario): string[] {
  const canned = Object.values(traffic).some(({ client }) => Object.values(client.degrade).some((rung) => rung.canned !== undefined));
  return [...Object.keys(caches), ...Object.keys(pools), ...Object.keys(providers), ...(canned ? [cannedServer] : [])];
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

  const tasks = new StageTasks(requests);
  const fromStore = dispatchFromStore(requests, tasks, clients);
  const vectorStores = mapValues(
    scenario.vectorStores,
    (settings, name) => new VectorStore(name, settings, simulation, streams, measurement, fromStore),
  );
  const fromCache = dispatchFromCache(requests, clients);
  const caches = mapValues(scenario.caches, (settings, name) =>
    settings.kind === "exact"
      ? new ExactCache(name, settings, simulation, streams, measurement, fromCache)
      : new SemanticCache(name, settings, simulation, streams, measurement),
  );
  const lookups = mapValues(scenario.caches, (settings, name) =>
    lookupOf(caches[name], settings.kind === "semantic" ? () => vectorStores[settings.store].write() : undefined),
  );
  const embeddings = mapValues(scenario.caches, () => ({ tokens: 0 }));
  const { pools, targets } = wirePools(scenario.pools, simulation, sequences, streams, measurement, listener, (pool) =>
    futureArrivals(scenario, replication, traces, pool),
  );
  const quotas = wireQuotas(scenario, simulation, streams);
  const providers = mapValues(
    scenario.providers,
    (settings, name) => new Provider(name, simulation, attempts, settings, quotas[name], streams, measurement, listener),
  );

  const questions = Object.values(scenario.caches).some(({ keys }) => keys?.trace !== undefined) ? new Questions() : undefined;
  const source = new TrafficSource(simulation, requests, attempts.prefixes, streams, traces, scenario.horizon, questions);
  const ended: RequestEnd = (request, outcome, servedBy, firstTokenAt, endedAt) => {
    end(request, outcome, servedBy, firstTokenAt, endedAt);
    source.ended(request, outcome);
  };
  const reachable = { ...targets, ...providers };
  const servers = { caches: lookups, targets: reachable, stores: vectorStores, embeddings, names: serverNames(scenario) };
  const ground = { simulation, requests, attempts, tasks, streams, measurement, end: ended };
  const { gateways, gates } = wireClients(scenario, servers, ground, clients);
  Object.entries(scenario.traffic).forEach(([name, traffic], number) => source.start(name, number, traffic, clients[number]));
  const byClass = Object.fromEntries(Object.keys(scenario.traffic).map((name, number) => [name, clients[number]]));
  return { simulation, requests, attempts, pools, providers, caches, vectorStores, embeddings, clients: byClass, gateways, gates };
}
