/**
 * Writes in the order in which they came. Every replica carries out all of them, each at its own pace; what all have begun is forgotten.
 * Memory grows with how far the slowest replica lags behind.
 */
export class WriteLog {
  /** In a ring: place in the order of reads and writes, seconds that it takes, replicas that have yet to begin it. */
  private ranks = new Float64Array(64);
  private times = new Float64Array(64);
  private missing = new Int32Array(64);
  private first = 0;
  private end = 0;
  /** By replica: the next that it has to begin, counted from the first write of the run. */
  private readonly next: Float64Array;

  constructor(replicas: number) {
    this.next = new Float64Array(replicas);
  }

  /** @param rank larger than those before; @param time seconds for which it holds a slot of each replica */
  add(rank: number, time: number): void {
    if (this.end - this.first === this.ranks.length) this.grow();
    const at = this.end++ % this.ranks.length;
    this.ranks[at] = rank;
    this.times[at] = time;
    this.missing[at] = this.next.length;
  }

  /** Place in the order of reads and writes of the next that the replica has to begin; Infinity when there is none. */
  rankOfNext(replica: number): number {
    const next = this.next[replica];
    return next === this.end ? Infinity : this.ranks[next % this.ranks.length];
  }

  /** The replica begins its next, of which there must be one. @returns seconds that it takes */
  begin(replica: number): number {
    const at = this.next[replica]++ % this.ranks.length;
    // Replicas begin writes in order, so that those before it have been forgotten when it is missing nowhere.
    if (--this.missing[at] === 0) this.first++;
    return this.times[at];
  }

  private grow(): void {
    const { ranks, times, missing } = this;
    const size = ranks.length;
    this.ranks = new Float64Array(2 * size);
    this.times = new Float64Array(2 * size);
    this.missing = new Int32Array(2 * size);
    for (let one = this.first; one < this.end; one++) {
      this.ranks[one % (2 * size)] = ranks[one % size];
      this.times[one % (2 * size)] = times[one % size];
      this.missing[one % (2 * size)] = missing[one % size];
    }
  }
}
