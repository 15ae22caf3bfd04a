/** The record with each value converted; the keys and their order stay. */
export function mapValues<A, B>(record: Readonly<Record<string, A>>, convert: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value, key)]));
}
