import { resized } from "../kernel/slots.ts";

/** Takes a request that has waited for another's answer. @param found whether that has come */
export type AwaitedListener = (request: number, found: boolean) => void;

/** Tells a request that it waits no more. */
const none = -1;

/**
 * Requests that wait for an answer to their key which others have asked for. They are served when the first of these has it; if none
 * gets it, all go on and ask.
 */
export class AwaitedAnswers {
  /** By key: requests that ask for its answer, and the last of those that wait, whose next is the first of them. */
  private asking: Int32Array;
  private last: Int32Array;
  /** By request: the two beside it in the ring of those that wait for the same. */
  private next = new Int32Array(0);
  private previous = new Int32Array(0);
  private readonly listener: AwaitedListener;

  /** @param count keys are whole numbers from 1, and few beyond it */
  constructor(count: number, listener: AwaitedListener) {
    this.asking = new Int32Array(count + 1);
    this.last = new Int32Array(count + 1).fill(none);
    this.listener = listener;
  }

  /** The request asks for the answer unless others do. @returns whether others do, so that it waits for theirs */
  join(request: number, key: number): boolean {
    this.makeRoomForKey(key);
    if (this.asking[key] === 0) {
      this.asking[key] = 1;
      return false;
    }
    this.makeRoom(request);
    const { last, next, previous } = this;
    const before = last[key];
    if (before === none) {
      next[request] = request;
      previous[request] = request;
    } else {
      next[request] = next[before];
      previous[next[before]] = request;
      next[before] = request;
      previous[request] = before;
    }
    last[key] = request;
    return true;
  }

  /** A request that waits leaves. */
  leave(request: number, key: number): void {
    const { last, next, previous } = this;
    if (next[request] === request) {
      last[key] = none;
      return;
    }
    next[previous[request]] = next[request];
    previous[next[request]] = previous[request];
    if (last[key] === request) last[key] = previous[request];
  }

  /** One that has asked has ended. @param answered whether it has its answer */
  settle(key: number, answered: boolean): void {
    const { asking, last } = this;
    asking[key]--;
    const end = last[key];
    if (end === none || (!answered && asking[key] > 0)) return;
    last[key] = none;
    let one = end;
    do {
      one = this.next[one];
      if (!answered) asking[key]++;
      this.listener(one, answered);
    } while (one !== end);
  }

  private makeRoomForKey(key: number): void {
    const { length } = this.asking;
    if (key < length) return;
    this.asking = resized(this.asking, 2 * key + 1);
    this.last = resized(this.last, 2 * key + 1).fill(none, length);
  }

  private makeRoom(request: number): void {
    if (request < this.next.length) return;
    const capacity = 2 * (request + 1);
    this.next = resized(this.next, capacity);
    this.previous = resized(this.previous, capacity);
  }
}
