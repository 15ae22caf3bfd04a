import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** All files of a folder, by name, with what they hold. */
export function filesIn(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.toSorted().map((name) => [name, readFileSync(join(folder, name), "base64")]));
}
