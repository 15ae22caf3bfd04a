import { EventQueue } from "../../kernel/event-queue.ts";
import { resized } from "../../kernel/slots.ts";
import { none } from "../../traffic/requests.ts";

/** Where each sequence stands in the calendar of its replica; one set serves all, since a sequence runs on one replica at a time. */
export class EndingLinks {
  /** The iteration after which it ends, and its neighbours in that place. */
  iteration = new Float64Array(0);
  earlier = new Int32Array(0);
  later = new Int32Array(0);
  /** Goes up when a sequence is taken out before it has got a place, so that its entry far ahead is recognised as void. */
  version = new Int32Array(0);
  /** 1 while it has no place yet. */
  far = new Uint8Array(0);

  resize(capacity: number): void {
    this.iteration = resized(this.iteration, capacity);
    this.earlier = resized(this.earlier, capacity);
    this.later = resized(this.later, capacity);
    this.version = resized(this.version, capacity);
    this.far = resized(this.far, capacity);
  }
}

/** Iterations ahead that have a place, at most; a power of two. A longest answer must not size the calendar of every replica. */
const mostPlaces = 4096;

/**
 * Which sequences of a replica end after which iteration: a ring with one place per iteration, each with its sequences in the order in
 * which they were entered. A word of bits for every 32 places tells which are taken, so that the next ending is found in a few steps.
 * Those that end beyond the ring wait in a queue until it has come near them.
 */
export class EndingCalendar {
  private readonly links: EndingLinks;
  private readonly ahead = new EventQueue(16);
  private places = 64;
  private placed = 0;
  private heads = new Int32Array(this.places).fill(none);
  private tails = new Int32Array(this.places).fill(none);
  private taken = new Int32Array(this.places / 32);

  constructor(links: EndingLinks) {
    this.links = links;
  }

  /** Enters a sequence. @param iteration after which it ends; @param now the iteration completed last, not after that one */
  enter(sequence: number, iteration: number, now: number): void {
    // Whoever waits for the same place was entered before, and comes before.
    if (this.ahead.length > 0) this.comeNear(now);
    while (iteration - now >= this.places && this.places < mostPlaces) this.widen();
    const { links } = this;
    links.iteration[sequence] = iteration;
    if (iteration - now < this.places) this.append(sequence);
    else {
      links.far[sequence] = 1;
      this.ahead.push(iteration, 0, sequence, links.version[sequence]);
    }
  }

  remove(sequence: number): void {
    const { links } = this;
    if (links.far[sequence] === 1) {
      links.far[sequence] = 0;
      links.version[sequence]++;
      return;
    }
    const place = links.iteration[sequence] & (this.places - 1);
    const before = links.earlier[sequence];
    const after = links.later[sequence];
    if (before === none) this.heads[place] = after;
    else links.later[before] = after;
    if (after === none) this.tails[place] = before;
    else links.earlier[after] = before;
    if (this.heads[place] === none) this.taken[place >> 5] &= ~(1 << (place & 31));
    this.placed--;
  }

  /** The first sequence entered for this iteration, the one completed last; `none` when there is none. */
  firstOf(iteration: number): number {
    if (this.ahead.length > 0) this.comeNear(iteration);
    return this.heads[iteration & (this.places - 1)];
  }

  /** The next iteration after `now` at which a sequence ends; there must be one. */
  nextAfter(now: number): number {
    if (this.ahead.length > 0) this.comeNear(now);
    if (this.placed === 0) return this.ahead.peekTime();
    const { taken, places } = this;
    const start = (now + 1) & (places - 1);
    let word = start >> 5;
    let bits = taken[word] & (-1 << (start & 31));
    while (bits === 0) {
      word = (word + 1) & ((places >> 5) - 1);
      bits = taken[word];
    }
    const place = (word << 5) + (31 - Math.clz32(bits & -bits));
    return now + 1 + ((place - start) & (places - 1));
  }

  /** Gives a place to whoever ends within the ring by now; the first that is still far ahead is one that is still here. */
  private comeNear(now: number): void {
    const { ahead, links } = this;
    while (ahead.length > 0) {
      const sequence = ahead.peekSubject();
      const gone = ahead.peekStamp() !== links.version[sequence];
      if (!gone && ahead.peekTime() - now >= this.places) return;
      ahead.pop();
      if (gone) continue;
      links.far[sequence] = 0;
      links.version[sequence]++;
      this.append(sequence);
    }
  }

  private append(sequence: number): void {
    const { iteration, earlier, later } = this.links;
    const place = iteration[sequence] & (this.places - 1);
    const last = this.tails[place];
    earlier[sequence] = last;
    later[sequence] = none;
    if (last === none) this.heads[place] = sequence;
    else later[last] = sequence;
    this.tails[place] = sequence;
    this.taken[place >> 5] |= 1 << (place & 31);
    this.placed++;
  }

  private widen(): void {
    const { heads } = this;
    this.places *= 2;
    this.placed = 0;
    this.heads = new Int32Array(this.places).fill(none);
    this.tails = new Int32Array(this.places).fill(none);
    this.taken = new Int32Array(this.places / 32);
    for (const head of heads) {
      let sequence = head;
      while (sequence !== none) {
        const next = this.links.later[sequence];
        this.append(sequence);
        sequence = next;
      }
    }
  }
}
