/** What became of a plan in a search. */
export const fates = {
  /** Not decided yet. */
  open: 0,
  /** Its settings contradict each other. */
  impossible: 1,
  /** It costs at least as much as the plan found, whatever comes. */
  bound: 2,
  /** It has less than a plan that clearly misses. */
  less: 3,
  /** It misses, or cannot be sure to meet every objective any more. */
  missed: 4,
  /** It costs more than the plan found on the same requests. */
  dearer: 5,
  /** It has more than a plan that is dearer. */
  more: 6,
  /** It meets every objective, and was the cheapest so far. */
  met: 7,
  /** It was not to be chosen. */
  excluded: 8,
} as const;

export type Fate = keyof typeof fates;

export function countFates(marks: Uint8Array): Record<Fate, number> {
  const counts = Object.fromEntries(Object.keys(fates).map((fate) => [fate, 0])) as Record<Fate, number>;
  const names = Object.keys(fates) as Fate[];
  for (const mark of marks) counts[names[mark]]++;
  return counts;
}
