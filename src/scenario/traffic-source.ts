import type { Client } from "../client/client.ts";
import { createDistribution } from "../kernel/distributions/registry.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { type Arrivals, traceKey } from "../traffic/arrivals/arrivals.ts";
import { ClosedLoop } from "../traffic/arrivals/closed-loop.ts";
import { type ArrivalSources, openArrivals } from "../traffic/arrivals/open-arrivals.ts";
import type { Prefixes } from "../traffic/prefixes.ts";
import type { Questions } from "../traffic/questions.ts";
import { none, type Requests } from "../traffic/requests.ts";
import { SharedPrefix } from "../traffic/shared-prefix.ts";
import type { Trace } from "../traffic/trace.ts";
import { TraceChains } from "../traffic/trace-hashes.ts";
import { wholeTokens } from "../traffic/whole-tokens.ts";
import type { TrafficClass } from "./schema.ts";

/** What an arrival tells about its request. */
type Content = Pick<Arrivals, "inputTokens" | "outputTokens" | "prefix" | "row">;

const unknownContent: Content = { inputTokens: 0, outputTokens: 0, prefix: none, row: none };

/** What all classes of one replication have in common. */
export class TrafficSource implements ArrivalSources {
  readonly streams: Streams;
  readonly traces: ReadonlyMap<string, Trace>;
  readonly horizon: number;
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly prefixes: Prefixes;
  private readonly questions: Questions | undefined;
  /** By position of the class; there is none for classes whose requests do not wait for each other. */
  private readonly loops: (ClosedLoop | undefined)[] = [];
  /** Of each trace with hashes: two classes of one trace share what several of its prompts begin with. */
  private readonly chains = new Map<Trace, TraceChains>();

  /**
   * @param traces by `traceKey`
   * @param horizon seconds; what would arrive from then on may be left out
   * @param questions what is asked in traces with hashes, where somebody wants to know
   */
  constructor(
    simulation: Simulation,
    requests: Requests,
    prefixes: Prefixes,
    streams: Streams,
    traces: ReadonlyMap<string, Trace>,
    horizon: number,
    questions?: Questions,
  ) {
    this.simulation = simulation;
    this.requests = requests;
    this.prefixes = prefixes;
    this.streams = streams;
    this.traces = traces;
    this.horizon = horizon;
    this.questions = questions;
  }

  /**
   * Opens each request of a class at its arrival, which is scheduled one event ahead or, in a closed loop, when a client's last
   * request has ended; its lengths and its prefix are drawn at its arrival, before anything else can happen to it.
   */
  start(name: string, number: number, traffic: TrafficClass, client: Client): void {
    const { simulation, streams } = this;
    const open = this.opener(name, number, traffic);
    const { closedLoop, rateScale } = traffic.arrivals;
    if (closedLoop !== undefined) {
      const thoughts = streams.sequence(`traffic.${name}.arrivals`);
      const loop = new ClosedLoop(name, closedLoop, rateScale, simulation, thoughts, () => client.arrive(open(unknownContent)));
      this.loops[number] = loop;
      loop.start();
      return;
    }
    const arrivals = openArrivals(name, traffic.arrivals, this, (trace) => this.chainsOf(trace));
    const arrive = simulation.handler(() => {
      const request = open(arrivals);
      if (arrivals.advance()) simulation.at(arrivals.time, arrive);
      client.arrive(request);
    });
    if (arrivals.advance()) simulation.at(arrivals.time, arrive);
  }

  /** A request of a class has ended, whatever its outcome: in a closed loop its client goes on. */
  ended(trafficClass: number): void {
    this.loops[trafficClass]?.ended();
  }

  /** Opens a request that arrives now, with its lengths and its prefix. */
  private opener(name: string, number: number, traffic: TrafficClass): (content: Content) => number {
    const { simulation, requests, streams } = this;
    const input = traffic.inputTokens && createDistribution(traffic.inputTokens);
    const output = traffic.outputTokens && createDistribution(traffic.outputTokens);
    const inputRandom = streams.sequence(`traffic.${name}.inputTokens`);
    const outputRandom = streams.sequence(`traffic.${name}.outputTokens`);
    const maxOutput = traffic.maxOutput ?? Infinity;
    const shared = this.sharedPrefixOf(name, traffic);
    const questionOf = this.questionsOf(traffic);
    return (content) => {
      const inputTokens = input === undefined ? content.inputTokens : wholeTokens(input.sample(inputRandom));
      const outputTokens = output === undefined ? content.outputTokens : wholeTokens(output.sample(outputRandom));
      const request = requests.open(number, simulation.now, inputTokens, Math.min(maxOutput, outputTokens));
      if (shared !== undefined) shared.assign(request);
      else if (content.prefix !== none) this.assignHashes(request, content.prefix);
      if (questionOf !== undefined) requests.question[request] = questionOf(content.row);
      return request;
    };
  }

  private questionsOf({ arrivals }: TrafficClass): ((row: number) => number) | undefined {
    const trace = this.traces.get(traceKey(arrivals) ?? "");
    return trace && this.questions?.of(trace);
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
