import { resized, Slots } from "../kernel/slots.ts";
import { causeCode } from "./cause.ts";
import { Prefixes } from "./prefixes.ts";
import { priorities } from "./priority.ts";
import { none } from "./requests.ts";

const normal = priorities.indexOf("normal");

/**
 * The attempts in flight: what is sent to a pool or a provider for a request. One request may cause several, and an attempt
 * whose client has left may outlive its request, so attempts have numbers of their own.
 */
export class Attempts {
  /** Distinguishes the users of one number over time; time-outs carry it. */
  serial = new Int32Array(0);
  /** The request it is for; only meaningful while the attempt is not abandoned. */
  request = new Int32Array(0);
  /** The request's number within its class, the class's salt, and how many attempts came before: the key of its random numbers. */
  number = new Int32Array(0);
  salt = new Int32Array(0);
  turn = new Int32Array(0);
  /** A position in `priorities`, normal unless set. */
  priority = new Uint8Array(0);
  inputTokens = new Int32Array(0);
  outputTokens = new Int32Array(0);
  /** The longest answer that the caller asks for, in tokens; Infinity unless set. */
  maxOutput = new Float64Array(0);
  /** The chain in `prefixes` that the prompt begins with, `none` unless set, and how many of the prompt's tokens it covers. */
  prefix = new Int32Array(0);
  prefixTokens = new Int32Array(0);
  readonly prefixes = new Prefixes();
  /** Seconds; NaN until the first token. */
  firstTokenAt = new Float64Array(0);
  /** Seconds; when it was sent, only meaningful where something wants to know. */
  sentAt = new Float64Array(0);
  /** Position among its path's targets of the one that it was sent to. */
  target = new Uint8Array(0);
  /** The next of those that are under way for the same request, in a ring; itself when it is alone. */
  sibling = new Int32Array(0);
  /** 1 when it was sent beside another that was slow. */
  beside = new Uint8Array(0);
  /** What its breaker calls the time in which it was sent; only meaningful with one. */
  epoch = new Int32Array(0);
  /** The task at a stage before the targets that it is sent for; `none` when it is sent for the answer itself. */
  task = new Int32Array(0);
  /** 1 once the client has left: what was done for it, and still is, was in vain. */
  abandoned = new Uint8Array(0);
  /** 1 when its target bills it; 1 when an earlier attempt of its request was billed, which its client says. */
  billed = new Uint8Array(0);
  rebilled = new Uint8Array(0);
  /** What its time goes to, a position in `causes`. */
  cause = new Uint8Array(0);
  private opened = 0;
  private readonly resizeListeners: ((capacity: number) => void)[] = [];
  private readonly slots = new Slots((capacity) => this.resize(capacity));

  get inFlight(): number {
    return this.slots.inUse;
  }

  /** Calls back now and whenever there is room for more, for rooms that keep columns of their own about attempts. */
  onResize(listener: (capacity: number) => void): void {
    this.resizeListeners.push(listener);
    listener(this.slots.capacity);
  }

  open(request: number, number: number, salt: number, turn: number, inputTokens: number, outputTokens: number): number {
    const attempt = this.slots.acquire();
    this.serial[attempt] = this.opened++ & 0x7fffffff;
    this.request[attempt] = request;
    this.number[attempt] = number;
    this.salt[attempt] = salt;
    this.turn[attempt] = turn;
    this.priority[attempt] = normal;
    this.inputTokens[attempt] = inputTokens;
    this.outputTokens[attempt] = outputTokens;
    this.maxOutput[attempt] = Infinity;
    this.cause[attempt] = causeCode.provider;
    this.prefix[attempt] = none;
    this.prefixTokens[attempt] = 0;
    this.firstTokenAt[attempt] = NaN;
    this.sibling[attempt] = attempt;
    this.beside[attempt] = 0;
    this.task[attempt] = none;
    this.rebilled[attempt] = 0;
    this.billed[attempt] = 0;
    this.abandoned[attempt] = 0;
    return attempt;
  }

  /** Marks an attempt as sent beside those under way for the same request, of which `first` was sent first. */
  placeBeside(attempt: number, first: number): void {
    const { sibling } = this;
    this.beside[attempt] = 1;
    let last = first;
    while (sibling[last] !== first) last = sibling[last];
    sibling[last] = attempt;
    sibling[attempt] = first;
  }

  /** Takes an attempt out of those under way for its request. @returns the one sent next or, after the last, first; or `none` */
  takeOut(attempt: number): number {
    const { sibling } = this;
    const other = sibling[attempt];
    if (other === attempt) return none;
    let before = other;
    while (sibling[before] !== attempt) before = sibling[before];
    sibling[before] = other;
    sibling[attempt] = attempt;
    return other;
  }

  close(attempt: number): void {
    this.serial[attempt] = none;
    this.slots.release(attempt);
  }

  private resize(capacity: number): void {
    this.serial = resized(this.serial, capacity).fill(none, this.serial.length);
    this.request = resized(this.request, capacity);
    this.number = resized(this.number, capacity);
    this.salt = resized(this.salt, capacity);
    this.turn = resized(this.turn, capacity);
    this.priority = resized(this.priority, capacity);
    this.inputTokens = resized(this.inputTokens, capacity);
    this.outputTokens = resized(this.outputTokens, capacity);
    this.maxOutput = resized(this.maxOutput, capacity);
    this.prefix = resized(this.prefix, capacity);
    this.prefixTokens = resized(this.prefixTokens, capacity);
    this.firstTokenAt = resized(this.firstTokenAt, capacity);
    this.sentAt = resized(this.sentAt, capacity);
    this.target = resized(this.target, capacity);
    this.sibling = resized(this.sibling, capacity);
    this.beside = resized(this.beside, capacity);
    this.epoch = resized(this.epoch, capacity);
    this.task = resized(this.task, capacity);
    this.rebilled = resized(this.rebilled, capacity);
    this.billed = resized(this.billed, capacity);
    this.abandoned = resized(this.abandoned, capacity);
    this.cause = resized(this.cause, capacity);
    for (const listener of this.resizeListeners) listener(capacity);
  }
}
