import distance from "damerau-levenshtein";

/** The known name that a mistyped one most likely meant, or undefined when none is near (more than a third of it differs). */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(Math.max(name.length, 3) / 3));
  for (const candidate of known) {
    const steps = distance(name.toLowerCase(), candidate.toLowerCase()).steps;
    if (steps <= fewest && (best === undefined || steps < fewest)) {
      best = candidate;
      fewest = steps;
    }
  }
  return best;
}

/** "did you mean `seed`?" when a known name is near, otherwise the list of what is known. */
export function nameHint(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? `known here: ${[...known].sort().join(", ")}` : `did you mean \`${near}\`?`;
}
