import { mapValues } from "../../base/records.ts";

/** The record with those of the names given changed, and with none left as it is; of all unless names are given. */
export function changed<T>(
  record: Readonly<Record<string, T>>,
  names: readonly string[] | undefined,
  change: (value: T, name: string) => T,
): Record<string, T> {
  return mapValues(record, (value, name) => (names === undefined || names.includes(name) ? change(value, name) : value));
}
