/**
 * Finds the least loaded of many, the first of equals: a tree over their loads, each node with the smaller one of the two below it. The
 * root is node 1 and below node i are 2i and 2i + 1; the leaves are filled up with Infinity to a power of two.
 */
export class LeastLoaded {
  private leaves = 1;
  private smallest = new Float64Array(2).fill(Infinity);

  /** Starts anew with these loads. O(n) */
  reset(loads: ArrayLike<number>): void {
    let leaves = 1;
    while (leaves < loads.length) leaves *= 2;
    if (2 * leaves > this.smallest.length) this.smallest = new Float64Array(2 * leaves);
    this.leaves = leaves;
    const { smallest } = this;
    for (let i = 0; i < leaves; i++) smallest[leaves + i] = i < loads.length ? loads[i] : Infinity;
    for (let node = leaves - 1; node > 0; node--) smallest[node] = Math.min(smallest[2 * node], smallest[2 * node + 1]);
  }

  /** O(log n), and less where a node's smallest load stays what it was: nothing above it changes either. */
  set(position: number, load: number): void {
    const { smallest } = this;
    let node = this.leaves + position;
    let least = load;
    while (node > 0 && smallest[node] !== least) {
      smallest[node] = least;
      least = Math.min(least, smallest[node ^ 1]);
      node >>= 1;
    }
  }

  /** Position of the first of those with the smallest load, of at least one. O(log n) */
  get first(): number {
    const { smallest, leaves } = this;
    let node = 1;
    while (node < leaves) {
      node *= 2;
      if (smallest[node + 1] < smallest[node]) node++;
    }
    return node - leaves;
  }
}
