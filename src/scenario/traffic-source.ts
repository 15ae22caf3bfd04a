import type { Client } from "../client/client.ts";
import { createDistribution } from "../kernel/distributions/registry.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { type Arrivals, traceKey } from "../traffic/arrivals/arrivals.ts";
import { renewalArrivals } from "../traffic/arrivals/renewal.ts";
import { traceArrivals } from "../traffic/arrivals/trace-arrivals.ts";
import type { Prefixes } from "../traffic/prefixes.ts";
import { none, type Requests } from "../traffic/requests.ts";
import { SharedPrefix } from "../traffic/shared-prefix.ts";
import type { Trace } from "../traffic/trace.ts";
import { TraceChains } from "../traffic/trace-hashes.ts";
import type { TrafficClass } from "./schema.ts";

/** What all classes of one replication have in common. */
export class TrafficSource {
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly prefixes: Prefixes;
  private readonly streams: Streams;
  private readonly traces: ReadonlyMap<string, Trace>;
  /** Of each trace with hashes: two classes of one trace share what several of its prompts begin with. */
  private readonly chains = new Map<Trace, TraceChains>();

  /** @param traces by `traceKey` */
  constructor(simulation: Simulation, requests: Requests, prefixes: Prefixes, streams: Streams, traces: ReadonlyMap<string, Trace>) {
    this.simulation = simulation;
    this.requests = requests;
    this.prefixes = prefixes;
    this.streams = streams;
    this.traces = traces;
  }

  /**
   * Opens each request of a class at its arrival, one event ahead; its lengths and its prefix are drawn then, before anything
   * else can happen to it.
   */
  start(name: string, number: number, traffic: TrafficClass, client: Client): void {
    const { simulation, requests, streams } = this;
    const arrivals = this.arrivalsOf(name, traffic);
    const input = traffic.inputTokens && createDistribution(traffic.inputTokens);
    const output = traffic.outputTokens && createDistribution(traffic.outputTokens);
    const inputRandom = streams.sequence(`traffic.${name}.inputTokens`);
    const outputRandom = streams.sequence(`traffic.${name}.outputTokens`);
    const maxOutput = traffic.maxOutput ?? Infinity;
    const shared = this.sharedPrefixOf(name, traffic);

    const arrive = simulation.handler(() => {
      const inputTokens = input === undefined ? arrivals.inputTokens : tokens(input.sample(inputRandom));
      const outputTokens = output === undefined ? arrivals.outputTokens : tokens(output.sample(outputRandom));
      const request = requests.open(number, simulation.now, inputTokens, Math.min(maxOutput, outputTokens));
      if (shared !== undefined) shared.assign(request);
      else if (arrivals.prefix !== none) this.assignHashes(request, arrivals.prefix);
      if (arrivals.advance()) simulation.at(arrivals.time, arrive);
      client.arrive(request);
    });
    if (arrivals.advance()) simulation.at(arrivals.time, arrive);
  }

  private arrivalsOf(name: string, traffic: TrafficClass): Arrivals {
    const { trace: file, rate, cv, rateScale } = traffic.arrivals;
    const random = this.streams.sequence(`traffic.${name}.arrivals`);
    if (file === undefined) return renewalArrivals(rate! * rateScale, cv ?? 1, random);
    const trace = this.traces.get(traceKey(traffic.arrivals)!)!;
    return traceArrivals(trace, rateScale, random, this.chainsOf(trace));
  }

  private sharedPrefixOf(name: string, { sharedPrefix }: TrafficClass): SharedPrefix | undefined {
    if (sharedPrefix === undefined) return undefined;
    return new SharedPrefix(sharedPrefix, this.requests, this.prefixes, this.streams.keyed(`traffic.${name}.sharedPrefix`));
  }

  private chainsOf(trace: Trace): TraceChains | undefined {
    if (trace.hashes === undefined) return undefined;
    let chains = this.chains.get(trace);
    if (chains === undefined) this.chains.set(trace, (chains = new TraceChains(trace.hashes, this.prefixes)));
    return chains;
  }

  /** The prompt begins with the blocks of a row of the trace, or as many of them as a prompt of another length has. */
  private assignHashes(request: number, chain: number): void {
    const { requests, prefixes } = this;
    const blocks = prefixes.segments(chain);
    if (blocks === 0) return;
    requests.prefix[request] = chain;
    requests.prefixTokens[request] = Math.min(requests.inputTokens[request], blocks * prefixes.tokens(chain, 0));
  }
}

/** No prompt or answer is longer, whatever a long tail draws: beyond every context there is, and within what columns hold. */
const mostTokens = 100_000_000;

/** A drawn length as a whole number of tokens, at least one. */
function tokens(length: number): number {
  return Math.min(mostTokens, Math.max(1, Math.round(length)));
}
