import type { Axis } from "../result.ts";

/** Settings of which more is known to help every request and to cost more, and why. Elsewhere nothing is assumed. */
const known: readonly { readonly path: RegExp; readonly why: string }[] = [
  { path: /^pools\.[^.]+\.replicas$/, why: "a replica more takes load off the others, and is paid for all the time" },
  { path: /^pools\.[^.]+\.replicas\.min$/, why: "what is there from the start needs not be waited for, and is paid for all the time" },
  { path: /^pools\.[^.]+\.replicas\.max$/, why: "a scaler that may go further shortens queues, and pays for what it starts" },
  { path: /^pools\.[^.]+\.warm\.size$/, why: "who is kept warm comes sooner, and is paid for while it waits" },
  { path: /^vectorStores\.[^.]+\.replicas$/, why: "each holds all vectors, so that reads wait less; each has its price" },
  { path: /^(providers\.[^.]+\.limits|quotas\.[^.]+)(\.[^.]+)?\.units$/, why: "units that are bought raise the limit" },
];

/** The order of an axis's values from less to more, as positions in it; undefined where nothing is known of more. */
export function orderOf({ path, values }: Axis): number[] | undefined {
  const numbers = values.map(Number);
  if (!known.some((one) => one.path.test(path)) || values.some((value, i) => value.trim() === "" || !Number.isFinite(numbers[i])))
    return undefined;
  return numbers.map((_, i) => i).toSorted((a, b) => numbers[a] - numbers[b]);
}

/** Why more of an axis helps and costs; undefined where nothing is known. */
export function whyMore({ path }: Axis): string | undefined {
  return known.find((one) => one.path.test(path))?.why;
}
