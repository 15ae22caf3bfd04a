/** A whole number times a factor, rounded; one that would not move moves by one. A factor of 1 moves nothing. */
export function movedCount(count: number, factor: number, least = 1): number {
  const rounded = Math.round(count * factor);
  if (factor === 1 || rounded !== count) return Math.max(least, rounded);
  return Math.max(least, factor > 1 ? count + 1 : count - 1);
}
