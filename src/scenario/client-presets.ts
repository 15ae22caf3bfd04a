import { duration, parseQuantity } from "../base/units.ts";
import { type Mapping, type Path, valueAt } from "./document/path.ts";

/**
 * A preset without its time-out of an attempt where the class's own deadline comes first, as under an application that waits less long
 * than the library below it: it would never strike. Values that are no durations are left to the schema.
 */
export function withinDeadline(preset: Mapping, beside: Mapping): Mapping {
  const ofAttempt = secondsAt(preset, ["timeout", "attempt", "total"]);
  const deadline = secondsAt(beside, ["timeout", "total"]);
  if (ofAttempt === undefined || deadline === undefined || ofAttempt <= deadline) return preset;
  const timeout = preset["timeout"] as Mapping;
  const { total: _, ...attempt } = timeout["attempt"] as Mapping;
  return { ...preset, timeout: { ...timeout, attempt } };
}

function secondsAt(settings: Mapping, path: Path): number | undefined {
  const written = valueAt(settings, path);
  return typeof written === "string" ? parseQuantity(duration, written) : undefined;
}
