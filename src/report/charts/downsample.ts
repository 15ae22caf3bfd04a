/**
 * Which windows to draw when there are more than the plot has columns: of each column the lowest and the highest, so that a
 * spike of one window is never lost, and always the first and the last. Nulls are kept only where a whole column is null.
 * O(n); indices rise.
 */
export function drawnIndices(values: readonly (number | null)[], columns: number): number[] {
  const n = values.length;
  if (n <= 2 * columns) return values.map((_, i) => i);
  const kept = new Set<number>([0, n - 1]);
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * n) / columns);
    const end = Math.floor(((column + 1) * n) / columns);
    let lowest = start;
    let highest = start;
    for (let i = start; i < end; i++) {
      const value = values[i] ?? null;
      if (value === null) continue;
      if (values[lowest] === null || value < values[lowest]!) lowest = i;
      if (values[highest] === null || value > values[highest]!) highest = i;
    }
    kept.add(lowest).add(highest);
  }
  return [...kept].toSorted((a, b) => a - b);
}

const wholeSteps = [1, 2, 5, 10, 15, 20, 30];

/** How many neighbouring windows to add up so that at most `columns` bars remain: a number that reads well, so that 1 min becomes 5 or 10. */
export function windowsPerBar(windows: number, columns: number): number {
  const least = Math.max(1, windows / columns);
  return wholeSteps.find((step) => step >= least) ?? Math.ceil(least / 60) * 60;
}
