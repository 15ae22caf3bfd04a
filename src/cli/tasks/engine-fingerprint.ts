import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The rooms whose code decides what comes out of a replication. */
const rooms = ["base", "kernel", "traffic", "serving", "provider", "client", "cache", "retrieval", "cost", "scenario", "experiment"];

/** Packages whose code does too. */
const packages = ["pure-rand", "simple-statistics"];

let known: string | undefined;

/** Sixteen hexadecimal digits of the code that simulates, as it is installed: two builds of the same digits come to the same results. */
export function engineFingerprint(): string {
  known ??= fingerprint();
  return known;
}

function fingerprint(): string {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const ending = extname(import.meta.url);
  const hash = createHash("sha256");
  const { dependencies } = JSON.parse(readFileSync(join(root, "..", "package.json"), "utf8")) as { dependencies: Record<string, string> };
  hash.update(JSON.stringify(packages.map((name) => dependencies[name])));
  for (const room of rooms) {
    const files = readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(ending) && !file.endsWith(".d.ts"))
      .map((file) => file.replaceAll("\\", "/"))
      .toSorted();
    for (const file of files) {
      const content = readFileSync(join(root, room, file));
      hash.update(`${room}/${file} ${content.length}\n`).update(content);
    }
  }
  return hash.digest("hex").slice(0, 16);
}
