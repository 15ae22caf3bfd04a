import { resized, Slots } from "../../kernel/slots.ts";
import { none, type Requests } from "../../traffic/requests.ts";

/** What requests have under way at stages before the targets, in columns indexed by the number that `open` gives. */
export class StageTasks {
  /** Distinguishes the users of one number over time; `none` while nobody uses it. */
  serial = new Int32Array(0);
  request = new Int32Array(0);
  /** Position of its node in the pipeline of its class. */
  node = new Int32Array(0);
  /** The group's task that it is a part of, or `none`. */
  parent = new Int32Array(0);
  /** Of a group: parts that have ended in order, or that have yet to end side by side. */
  count = new Int32Array(0);
  /** Attempts so far. */
  tries = new Int32Array(0);
  /** When it began. */
  startedAt = new Float64Array(0);
  /** The attempt, or the ticket of the read, that is under way; `none` between them. */
  underWay = new Int32Array(0);
  /** The code of `outcomes` after which it waits to try again; `none` while it does not. */
  waitsAfter = new Int32Array(0);
  /** What its breaker calls the time in which that was sent. */
  epoch = new Int32Array(0);
  /** The one of the same request that was begun before it, or `none`. */
  before = new Int32Array(0);
  private after = new Int32Array(0);
  private opened = 0;
  private readonly requests: Requests;
  private readonly slots = new Slots((capacity) => this.resize(capacity));

  constructor(requests: Requests) {
    this.requests = requests;
  }

  get inUse(): number {
    return this.slots.inUse;
  }

  open(request: number, node: number, parent: number, now: number): number {
    const task = this.slots.acquire();
    const { requests, before, after } = this;
    this.serial[task] = this.opened++ & 0x7fffffff;
    this.request[task] = request;
    this.node[task] = node;
    this.parent[task] = parent;
    this.count[task] = 0;
    this.tries[task] = 0;
    this.startedAt[task] = now;
    this.underWay[task] = none;
    this.waitsAfter[task] = none;
    const last = requests.task[request];
    before[task] = last;
    after[task] = none;
    if (last !== none) after[last] = task;
    requests.task[request] = task;
    return task;
  }

  close(task: number): void {
    const { requests, before, after } = this;
    const previous = before[task];
    const next = after[task];
    if (next === none) requests.task[this.request[task]] = previous;
    else before[next] = previous;
    if (previous !== none) after[previous] = next;
    this.serial[task] = none;
    this.slots.release(task);
  }

  private resize(capacity: number): void {
    this.serial = resized(this.serial, capacity).fill(none, this.serial.length);
    this.request = resized(this.request, capacity);
    this.node = resized(this.node, capacity);
    this.parent = resized(this.parent, capacity);
    this.count = resized(this.count, capacity);
    this.tries = resized(this.tries, capacity);
    this.startedAt = resized(this.startedAt, capacity);
    this.underWay = resized(this.underWay, capacity);
    this.waitsAfter = resized(this.waitsAfter, capacity);
    this.epoch = resized(this.epoch, capacity);
    this.before = resized(this.before, capacity);
    this.after = resized(this.after, capacity);
  }
}
