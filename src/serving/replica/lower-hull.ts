/** The largest convex function that lies nowhere above another, as the corners between which it is straight, by ascending x. */
export class LowerHull {
  readonly xs: number[] = [];
  private readonly ys: number[] = [];

  /** Of `value` at the whole numbers from 1 to `most`. */
  constructor(value: (x: number) => number, most: number) {
    const { xs, ys } = this;
    for (let x = 1; x <= most; x++) {
      const y = value(x);
      while (xs.length > 1 && this.lastLiesAbove(x, y)) {
        xs.pop();
        ys.pop();
      }
      xs.push(x);
      ys.push(y);
    }
  }

  /** Between 1 and `most`, at what need not be a whole number. */
  at(x: number): number {
    const { xs, ys } = this;
    let [low, high] = [0, xs.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (xs[middle] <= x) low = middle;
      else high = middle;
    }
    if (low === high) return ys[low];
    return ys[low] + ((ys[high] - ys[low]) * (x - xs[low])) / (xs[high] - xs[low]);
  }

  /** Whether the last corner does not lie below the straight line from the one before it to a new one. */
  private lastLiesAbove(x: number, y: number): boolean {
    const { xs, ys } = this;
    const last = xs.length - 1;
    return (ys[last] - ys[last - 1]) * (x - xs[last - 1]) >= (y - ys[last - 1]) * (xs[last] - xs[last - 1]);
  }
}
