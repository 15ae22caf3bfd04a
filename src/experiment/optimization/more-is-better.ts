import type { Axis } from "../result.ts";

/** Settings of which more is known to help and to cost, each with the reason. Elsewhere nothing is assumed. */
const known: readonly RegExp[] = [
  // A replica more takes load off the others, and is paid for all the time.
  /^pools\.[^.]+\.replicas$/,
  // What is there from the start needs not be waited for, and is paid for all the time.
  /^pools\.[^.]+\.replicas\.min$/,
  // A scaler that may go further shortens queues, and pays for what it starts.
  /^pools\.[^.]+\.replicas\.max$/,
  // Who is kept warm comes sooner, and is paid for while it waits.
  /^pools\.[^.]+\.warm\.size$/,
  // Each holds all vectors, so that reads wait less; each has its price.
  /^vectorStores\.[^.]+\.replicas$/,
  // Units that are bought raise the limit.
  /^(providers\.[^.]+\.limits|quotas\.[^.]+)(\.[^.]+)?\.units$/,
];

/** The order of an axis's values from less to more, as positions in it; undefined where nothing is known of more. */
export function orderOf({ path, values }: Axis): number[] | undefined {
  const numbers = values.map(Number);
  if (!known.some((one) => one.test(path)) || values.some((value, i) => value.trim() === "" || !Number.isFinite(numbers[i])))
    return undefined;
  return numbers.map((_, i) => i).toSorted((a, b) => numbers[a] - numbers[b]);
}
