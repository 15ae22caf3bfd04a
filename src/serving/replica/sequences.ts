import type { Attempts } from "../../traffic/attempts.ts";
import { resized } from "../../kernel/slots.ts";
import { EndingLinks } from "./ending-calendar.ts";
import { LineLinks } from "../admission/line-links.ts";

export const sequenceState = { waiting: 0, reading: 1, decoding: 2 } as const;

/** What replicas know of the attempts they serve, in columns beside those of `Attempts`; shared by all replicas. */
export class Sequences {
  readonly attempts: Attempts;
  readonly lines: LineLinks;
  readonly endings = new EndingLinks();
  state = new Uint8Array(0);
  /** 1 once the first iteration with it has begun; a preemption does not undo it. */
  started = new Uint8Array(0);
  /** Seconds; when it joined the line, where a batch waits to be filled. */
  joinedAt = new Float64Array(0);
  /** Goes up when an attempt leaves a station or a KV link, so that what was planned for it before is recognised as void. */
  version = new Int32Array(0);
  /** Tokens that must be read: the prompt, and after a preemption also the tokens that had been produced. */
  prompt = new Int32Array(0);
  read = new Int32Array(0);
  /** Tokens produced; while decoding, those before the iteration numbered `since`, with which it began. */
  produced = new Int32Array(0);
  since = new Float64Array(0);
  /** Tells the iterations in which it needs KV blocks while it decodes. */
  residue = new Int32Array(0);
  /** 1 when the prompt was read elsewhere, which has yielded the first token: the replica gets the KV and decodes. */
  received = new Uint8Array(0);
  /** How many tokens of its prefix it uses, which the prefix cache therefore keeps. */
  heldTokens = new Int32Array(0);
  /** Neighbours in the batch, in order of admission. */
  older = new Int32Array(0);
  newer = new Int32Array(0);
  /** Seconds of the replica's time spent on it, in shares of its tokens in each batch. */
  cost = new Float64Array(0);

  constructor(attempts: Attempts) {
    this.attempts = attempts;
    this.lines = new LineLinks(attempts);
    attempts.onResize((capacity) => this.resize(capacity));
  }

  private resize(capacity: number): void {
    this.lines.resize(capacity);
    this.endings.resize(capacity);
    this.state = resized(this.state, capacity);
    this.started = resized(this.started, capacity);
    this.joinedAt = resized(this.joinedAt, capacity);
    this.version = resized(this.version, capacity);
    this.prompt = resized(this.prompt, capacity);
    this.read = resized(this.read, capacity);
    this.produced = resized(this.produced, capacity);
    this.since = resized(this.since, capacity);
    this.residue = resized(this.residue, capacity);
    this.received = resized(this.received, capacity);
    this.heldTokens = resized(this.heldTokens, capacity);
    this.older = resized(this.older, capacity);
    this.newer = resized(this.newer, capacity);
    this.cost = resized(this.cost, capacity);
  }
}
