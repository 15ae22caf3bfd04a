import type { Client } from "../client/client.ts";
import { createDistribution } from "../kernel/distributions/registry.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { type Arrivals, traceKey } from "../traffic/arrivals/arrivals.ts";
import { ClosedLoop } from "../traffic/arrivals/closed-loop.ts";
import { type ArrivalSources, openArrivals } from "../traffic/arrivals/open-arrivals.ts";
import { oneTurn } from "../traffic/conversation/conversation-settings.ts";
import { Conversations } from "../traffic/conversation/conversations.ts";
import { scaledTokens, wholeTokens } from "../traffic/lengths.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import type { Prefixes } from "../traffic/prefixes.ts";
import type { Questions } from "../traffic/questions.ts";
import { none, type Requests } from "../traffic/requests.ts";
import { SharedPrefix } from "../traffic/shared-prefix.ts";
import type { Trace } from "../traffic/trace.ts";
import { TraceChains } from "../traffic/trace-hashes.ts";
import { withScaledLengths } from "./class-lengths.ts";
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
  /** By position of the class, of those whose arrivals are beginnings of conversations. */
  private readonly conversations: (Conversations | undefined)[] = [];
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
   * request or conversation has ended; its lengths and its prefix are drawn at its arrival, before anything else can happen to it.
   */
  start(name: string, number: number, given: TrafficClass, client: Client): void {
    const { simulation, streams } = this;
    const traffic = withScaledLengths(given);
    const open = this.opener(name, number, traffic, (request) => client.arrive(request));
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

  /** A request has ended and is not closed yet: its conversation goes on, or else, in a closed loop, its client. @param outcome a code of `outcomes` */
  ended(request: number, outcome: number): void {
    const number = this.requests.trafficClass[request];
    const conversations = this.conversations[number];
    if (conversations !== undefined && !conversations.ended(request, outcome === outcomeCode.served)) return;
    this.loops[number]?.ended();
  }

  /** Opens a request that arrives now, with its lengths and its prefix. @param send takes those that follow it in a conversation */
  private opener(name: string, number: number, traffic: TrafficClass, send: (request: number) => void): (content: Content) => number {
    const { simulation, requests, streams } = this;
    const firstPrompt = traffic.conversation?.firstPrompt ?? traffic.inputTokens;
    const input = firstPrompt && createDistribution(firstPrompt);
    const output = traffic.outputTokens && createDistribution(traffic.outputTokens);
    const inputRandom = streams.sequence(`traffic.${name}.inputTokens`);
    const outputRandom = streams.sequence(`traffic.${name}.outputTokens`);
    const { inputScale, outputScale, maxOutput = Infinity } = traffic;
    const shared = this.sharedPrefixOf(name, traffic);
    const questionOf = this.questionsOf(traffic);
    const conversations = this.conversationsOf(name, number, traffic, shared, send);
    this.conversations[number] = conversations;
    return (content) => {
      const prompt = input === undefined ? scaledTokens(content.inputTokens, inputScale) : wholeTokens(input.sample(inputRandom));
      const wanted = output === undefined ? scaledTokens(content.outputTokens, outputScale) : wholeTokens(output.sample(outputRandom));
      const answer = Math.min(maxOutput, wanted);
      if (conversations !== undefined) return conversations.begin(prompt, answer);
      const request = requests.open(number, simulation.now, prompt, answer);
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

  private conversationsOf(
    name: string,
    trafficClass: number,
    { agent, arrivals, conversation, inputTokens, outputTokens, maxOutput = Infinity }: TrafficClass,
    shared: SharedPrefix | undefined,
    send: (request: number) => void,
  ): Conversations | undefined {
    // The prompt of an agent's turn holds those of the turns before, as that of a conversation does; a trace's hashes say other things.
    const given = conversation ?? (agent !== undefined && arrivals.hashBlock === undefined ? oneTurn : undefined);
    if (given === undefined || inputTokens === undefined || outputTokens === undefined) return undefined;
    const message = createDistribution(inputTokens);
    const answer = createDistribution(outputTokens);
    const setup = { name, trafficClass, given, message, answer, maxOutput, shared, send };
    return new Conversations(setup, this.simulation, this.requests, this.prefixes, this.streams);
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
