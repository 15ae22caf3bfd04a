import { outcomeCode } from "../traffic/outcome.ts";
import { type Failure, failures } from "./retry/retry-settings.ts";

/** A list of endings as flags by code of `outcomes`. */
export function codes(list: readonly Failure[]): boolean[] {
  const flags: boolean[] = [];
  for (const failure of failures) flags[outcomeCode[failure]] = list.includes(failure);
  return flags;
}
