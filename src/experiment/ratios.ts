/** A sum over so many; null of nothing. */
export function ratio(sum: number, count: number): number | null {
  return count === 0 ? null : sum / count;
}

/** A part of a whole; 0 of nothing. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
