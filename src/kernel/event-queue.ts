/**
 * The pending events of a simulation: a binary heap in columns, ordered by time and, at the same time, by rank.
 * Ranks are handed out in the order of scheduling, so that of two events at one moment the first scheduled comes first.
 *
 * `pop` and `push` are O(log n). `pop` leaves the event in the fields `time`, `handler`, `subject` and `stamp`: nothing is allocated.
 */
export class EventQueue {
  length = 0;
  /** The event popped last. */
  time = 0;
  handler = 0;
  subject = 0;
  stamp = 0;

  private nextRank = 0;
  /** The root was popped and its place is free: most events schedule another, which then goes straight there. */
  private rootIsFree = false;
  private times: Float64Array;
  private ranks: Float64Array;
  private handlers: Int32Array;
  private subjects: Int32Array;
  private stamps: Int32Array;

  constructor(capacity = 256) {
    this.times = new Float64Array(capacity);
    this.ranks = new Float64Array(capacity);
    this.handlers = new Int32Array(capacity);
    this.subjects = new Int32Array(capacity);
    this.stamps = new Int32Array(capacity);
  }

  /** A place in the order of scheduling, for an event that is decided now and pushed later. */
  rank(): number {
    return this.nextRank++;
  }

  /** Time of the next event; the queue must not be empty. */
  peekTime(): number {
    if (this.rootIsFree) this.fillRoot();
    return this.times[0];
  }

  /** Its subject and stamp; the queue must not be empty. */
  peekSubject(): number {
    if (this.rootIsFree) this.fillRoot();
    return this.subjects[0];
  }

  peekStamp(): number {
    if (this.rootIsFree) this.fillRoot();
    return this.stamps[0];
  }

  push(time: number, handler: number, subject: number, stamp: number, rank: number = this.nextRank++): void {
    if (this.rootIsFree) {
      this.rootIsFree = false;
      this.length++;
      this.sink(time, rank, handler, subject, stamp);
      return;
    }
    if (this.length === this.times.length) this.grow();
    const { times, ranks } = this;
    let hole = this.length++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (precedes(times[parent], ranks[parent], time, rank)) break;
      this.move(parent, hole);
      hole = parent;
    }
    this.place(hole, time, rank, handler, subject, stamp);
  }

  /** Takes the next event into the fields; false when none is left. */
  pop(): boolean {
    if (this.length === 0) return false;
    if (this.rootIsFree) this.fillRoot();
    this.time = this.times[0]!;
    this.handler = this.handlers[0]!;
    this.subject = this.subjects[0]!;
    this.stamp = this.stamps[0]!;
    this.length--;
    this.rootIsFree = true;
    return true;
  }

  private fillRoot(): void {
    this.rootIsFree = false;
    const last = this.length;
    if (last > 0) this.sink(this.times[last], this.ranks[last], this.handlers[last], this.subjects[last], this.stamps[last]);
  }

  /** Puts an event into the free root, or further down among the `length` that there are with it. */
  private sink(time: number, rank: number, handler: number, subject: number, stamp: number): void {
    const { times, ranks, length } = this;
    let hole = 0;
    for (let child = 1; child < length; child = 2 * hole + 1) {
      const sibling = child + 1;
      if (sibling < length && precedes(times[sibling], ranks[sibling], times[child], ranks[child])) child = sibling;
      if (precedes(time, rank, times[child], ranks[child])) break;
      this.move(child, hole);
      hole = child;
    }
    this.place(hole, time, rank, handler, subject, stamp);
  }

  private move(from: number, to: number): void {
    this.place(to, this.times[from], this.ranks[from], this.handlers[from], this.subjects[from], this.stamps[from]);
  }

  private place(at: number, time: number, rank: number, handler: number, subject: number, stamp: number): void {
    this.times[at] = time;
    this.ranks[at] = rank;
    this.handlers[at] = handler;
    this.subjects[at] = subject;
    this.stamps[at] = stamp;
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    this.times = widened(this.times, new Float64Array(capacity));
    this.ranks = widened(this.ranks, new Float64Array(capacity));
    this.handlers = widened(this.handlers, new Int32Array(capacity));
    this.subjects = widened(this.subjects, new Int32Array(capacity));
    this.stamps = widened(this.stamps, new Int32Array(capacity));
  }
}

function precedes(timeA: number, rankA: number, timeB: number, rankB: number): boolean {
  return timeA < timeB || (timeA === timeB && rankA < rankB);
}

function widened<Column extends Float64Array | Int32Array>(column: Column, wider: Column): Column {
  wider.set(column);
  return wider;
}
