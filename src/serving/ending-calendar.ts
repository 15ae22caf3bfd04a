import { resized } from "../kernel/slots.ts";
import { none } from "../traffic/requests.ts";

/** Where each sequence stands in the calendar of its replica; one set serves all, since a sequence runs on one replica at a time. */
export class EndingLinks {
  /** The iteration after which it ends, and its neighbours in that place. */
  iteration = new Int32Array(0);
  earlier = new Int32Array(0);
  later = new Int32Array(0);

  resize(capacity: number): void {
    this.iteration = resized(this.iteration, capacity);
    this.earlier = resized(this.earlier, capacity);
    this.later = resized(this.later, capacity);
  }
}

/**
 * Which sequences of a replica end after which iteration: a ring with one place per iteration, each with its sequences in the order in
 * which they were entered. A word of bits for every 32 places tells which are taken, so that the next ending is found in a few steps.
 */
export class EndingCalendar {
  private readonly links: EndingLinks;
  private places = 64;
  private heads = new Int32Array(this.places).fill(none);
  private tails = new Int32Array(this.places).fill(none);
  private taken = new Int32Array(this.places / 32);

  constructor(links: EndingLinks) {
    this.links = links;
  }

  /** Enters a sequence. @param iteration after which it ends; @param now the iteration completed last, before that one */
  enter(sequence: number, iteration: number, now: number): void {
    while (iteration - now >= this.places) this.widen();
    this.links.iteration[sequence] = iteration;
    this.append(sequence, iteration & (this.places - 1));
  }

  remove(sequence: number): void {
    const { iteration, earlier, later } = this.links;
    const place = iteration[sequence] & (this.places - 1);
    const before = earlier[sequence];
    const after = later[sequence];
    if (before === none) this.heads[place] = after;
    else later[before] = after;
    if (after === none) this.tails[place] = before;
    else earlier[after] = before;
    if (this.heads[place] === none) this.taken[place >> 5] &= ~(1 << (place & 31));
  }

  /** The first sequence entered for this iteration; `none` when there is none. */
  firstOf(iteration: number): number {
    return this.heads[iteration & (this.places - 1)];
  }

  /** The next iteration after `now` at which a sequence ends; there must be one. */
  nextAfter(now: number): number {
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

  private append(sequence: number, place: number): void {
    const { earlier, later } = this.links;
    const last = this.tails[place];
    earlier[sequence] = last;
    later[sequence] = none;
    if (last === none) this.heads[place] = sequence;
    else later[last] = sequence;
    this.tails[place] = sequence;
    this.taken[place >> 5] |= 1 << (place & 31);
  }

  private widen(): void {
    const { heads } = this;
    this.places *= 2;
    this.heads = new Int32Array(this.places).fill(none);
    this.tails = new Int32Array(this.places).fill(none);
    this.taken = new Int32Array(this.places / 32);
    for (const head of heads) {
      let sequence = head;
      while (sequence !== none) {
        const next = this.links.later[sequence];
        this.append(sequence, this.links.iteration[sequence] & (this.places - 1));
        sequence = next;
      }
    }
  }
}
