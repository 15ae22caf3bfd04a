import type { Distribution } from "../../kernel/distributions/distribution.ts";
import { asDistribution, createDistribution } from "../../kernel/distributions/registry.ts";
import type { KeyedRandom, Streams } from "../../kernel/random.ts";
import type { Simulation } from "../../kernel/simulation.ts";
import { resized, Slots } from "../../kernel/slots.ts";
import { longestLength, wholeTokens } from "../lengths.ts";
import type { Prefixes } from "../prefixes.ts";
import { none, type Requests } from "../requests.ts";
import type { SharedPrefix } from "../shared-prefix.ts";
import { type ConversationSettings, wholeTurns } from "./conversation-settings.ts";

/** What the turns of one class are made of. */
interface ConversationSetup {
  /** Of the class, which names its streams, and its position in the scenario. */
  readonly name: string;
  readonly trafficClass: number;
  readonly given: ConversationSettings;
  /** Lengths of messages after the first, and of their answers as long as `maxOutput` lets them be. */
  readonly message: Distribution;
  readonly answer: Distribution;
  readonly maxOutput: number;
  readonly shared: SharedPrefix | undefined;
  /** Sends the request of a turn after the first. */
  readonly send: (request: number) => void;
}

/**
 * The conversations of one class. A turn's prompt is the prompt before it, the answer as it was really given, and a new message; it
 * comes one think time after that answer. A turn that was not served, whatever the reason, is the last.
 *
 * What prompts begin with is known to caches: the shared prefix of the first one, then a segment for each turn with its message and
 * its answer. Where old tokens are left out, all that stays behind the shared prefix stands in a new place and is new to caches.
 *
 * How many turns there are, and what is said and thought in each, goes by the number of the conversation and the turn. A conversation
 * keeps as many request numbers in a row as it has turns. So the same is said under every policy that is compared, and drawn for it
 * by targets and caches, unless the conversations themselves begin in another order, as those of a closed loop do.
 */
export class Conversations {
  private readonly setup: ConversationSetup;
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly prefixes: Prefixes;
  private readonly turnsDrawn: Distribution;
  private readonly thinkTime: Distribution;
  private readonly random: Readonly<Record<"turns" | "thinkTime" | "message" | "answer", KeyedRandom>>;
  /** Tokens: no prompt is longer, and what is left of one that would be. */
  private readonly most: number;
  private readonly retained: number;
  private readonly goOn: number;
  private begun = 0;
  private requestNumbers = 0;

  /** By conversation: its number in order of beginning, and the request number and the segment's key of its first turn. */
  private number = new Int32Array(0);
  private firstRequest = new Int32Array(0);
  private firstKey = new Float64Array(0);
  /** How many turns it has in all, and which one it is at, from 0. */
  private turns = new Int32Array(0);
  private turn = new Int32Array(0);
  /** Tokens of the last prompt and its answer. */
  private said = new Int32Array(0);
  /** The chain that its prompts begin with, and how many tokens its settled segments have. */
  private chain = new Int32Array(0);
  private settled = new Int32Array(0);
  /** Tokens of the shared prefix, and its key; no key without tokens. */
  private front = new Int32Array(0);
  private frontKey = new Float64Array(0);
  private readonly slots = new Slots((capacity) => this.resize(capacity), 64);
  /** By request: whose turn it is. */
  private conversationOf = new Int32Array(0);

  constructor(setup: ConversationSetup, simulation: Simulation, requests: Requests, prefixes: Prefixes, streams: Streams) {
    this.setup = setup;
    this.simulation = simulation;
    this.requests = requests;
    this.prefixes = prefixes;
    const { given, name } = setup;
    this.turnsDrawn = createDistribution(asDistribution(given.turns));
    this.thinkTime = createDistribution(asDistribution(given.thinkTime));
    const keyed = (what: string): KeyedRandom => streams.keyed(`traffic.${name}.conversation.${what}`);
    this.random = { turns: keyed("turns"), thinkTime: keyed("thinkTime"), message: keyed("inputTokens"), answer: keyed("outputTokens") };
    this.most = given.mostTokens ?? longestLength;
    this.retained = Math.round(this.most * (given.retained ?? 1));
    this.goOn = simulation.handler((conversation) => this.takeTurn(conversation));
  }

  /** Opens the first request of a conversation. @param prompt tokens; @param answer tokens */
  begin(prompt: number, answer: number): number {
    const { requests, prefixes, setup, random } = this;
    const conversation = this.slots.acquire();
    const turns = wholeTurns(this.turnsDrawn.sample(random.turns.of(this.begun)));
    this.number[conversation] = this.begun++;
    this.firstRequest[conversation] = this.requestNumbers;
    this.requestNumbers += turns;
    this.firstKey[conversation] = prefixes.reserveKeys(turns);
    this.turns[conversation] = turns;
    this.turn[conversation] = 0;
    const request = this.open(conversation, Math.min(prompt, this.most), answer);
    setup.shared?.assign(request);
    const chain = requests.prefix[request];
    this.front[conversation] = chain === none ? 0 : requests.prefixTokens[request];
    this.frontKey[conversation] = chain === none ? none : prefixes.key(chain, 0);
    this.beginChain(conversation);
    this.cover(request, conversation);
    return request;
  }

  /** A request has ended, and its user thinks about the next message. @returns whether its conversation has ended with it */
  ended(request: number, served: boolean): boolean {
    const { requests, simulation, thinkTime, random, turn } = this;
    const conversation = this.conversationOf[request];
    if (!served || turn[conversation] + 1 === this.turns[conversation]) {
      this.slots.release(conversation);
      return true;
    }
    this.said[conversation] = requests.inputTokens[request] + requests.outputTokens[request];
    const thought = thinkTime.sample(random.thinkTime.of(this.number[conversation], turn[conversation]));
    simulation.after(thought, this.goOn, conversation);
    return false;
  }

  private takeTurn(conversation: number): void {
    const { setup, random, most, said } = this;
    const number = this.number[conversation];
    const turn = ++this.turn[conversation];
    const message = wholeTokens(setup.message.sample(random.message.of(number, turn)));
    const answer = Math.min(setup.maxOutput, wholeTokens(setup.answer.sample(random.answer.of(number, turn))));
    let prompt = said[conversation] + message;
    if (prompt > most) {
      prompt = Math.min(most, Math.max(this.retained, this.front[conversation] + message));
      this.beginChain(conversation);
    } else {
      this.lengthenChain(conversation);
    }
    const request = this.open(conversation, prompt, answer);
    this.cover(request, conversation);
    setup.send(request);
  }

  private open(conversation: number, prompt: number, answer: number): number {
    const { requests, simulation, setup } = this;
    const number = this.firstRequest[conversation] + this.turn[conversation];
    const request = requests.open(setup.trafficClass, simulation.now, prompt, answer, number);
    if (request >= this.conversationOf.length) this.conversationOf = resized(this.conversationOf, 2 * (request + 1));
    this.conversationOf[request] = conversation;
    return request;
  }

  /** A chain that goes on with this turn behind the shared prefix, and that no other chain begins like. */
  private beginChain(conversation: number): void {
    const { prefixes, front } = this;
    const chain = prefixes.add();
    this.chain[conversation] = chain;
    if (front[conversation] > 0) prefixes.grow(chain, this.frontKey[conversation], front[conversation]);
    this.settled[conversation] = front[conversation];
    this.addTurn(conversation);
  }

  /** The chain goes on with this turn, unless the one before has no token in it. */
  private lengthenChain(conversation: number): void {
    const { prefixes, settled, said, chain } = this;
    const length = said[conversation] - settled[conversation];
    if (length === 0) return;
    prefixes.settle(chain[conversation], length);
    settled[conversation] = said[conversation];
    this.addTurn(conversation);
  }

  /** As long as its message and its answer will be. */
  private addTurn(conversation: number): void {
    this.prefixes.grow(this.chain[conversation], this.firstKey[conversation] + this.turn[conversation], Infinity);
  }

  /** The chain covers the whole prompt, with what is retrieved or tools give on its way to a target. */
  private cover(request: number, conversation: number): void {
    this.requests.prefix[request] = this.chain[conversation];
    this.requests.prefixTokens[request] = longestLength;
  }

  private resize(capacity: number): void {
    this.number = resized(this.number, capacity);
    this.firstRequest = resized(this.firstRequest, capacity);
    this.firstKey = resized(this.firstKey, capacity);
    this.turns = resized(this.turns, capacity);
    this.turn = resized(this.turn, capacity);
    this.said = resized(this.said, capacity);
    this.chain = resized(this.chain, capacity);
    this.settled = resized(this.settled, capacity);
    this.front = resized(this.front, capacity);
    this.frontKey = resized(this.frontKey, capacity);
  }
}
