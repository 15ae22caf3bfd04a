/** What requests met before their targets, and what the vector stores among it did. */
import { absent, amount, percent, seconds } from "../base/format.ts";
import { percentWithInterval, withInterval } from "../experiment/interval-text.ts";
import type { Point } from "../experiment/result.ts";
import { type DataTable, left, line, nameAndNumbers, right } from "./data-table.ts";

export function stages({ classes }: Point): DataTable {
  const lines = Object.entries(classes).flatMap(([name, { stages: all }]) =>
    Object.entries(all).flatMap(([stage, { mean_s, p95_s, p99_s, without }]) => {
      // A cache that answers at once is told of where the caches are.
      if ((p99_s?.mean ?? 0) === 0 && without.mean === 0) return [];
      return [line(name, stage, ...[mean_s, p95_s, p99_s].map((one) => withInterval(one, seconds)), withInterval(without, amount))];
    }),
  );
  const columns = [left("class"), left("stage"), right("mean"), right("p95"), right("p99"), right("without")];
  const note =
    "Times of requests that came to a stage before their targets, whatever came of it; of those still there at the end the time so far. Without: requests served without what it gives.";
  return { caption: "Stages before the targets", columns, lines, note };
}

export function vectorStores({ vectorStores: all }: Point): DataTable {
  const lines = Object.entries(all).map(([name, store]) => {
    const { reads, failed, shed, left: gone, incomplete, read_s, utilisation, memoryShare, rebuilds } = store;
    const counts = [reads, failed, shed, gone, incomplete].map(({ mean }) => amount(Math.round(mean)));
    const memory = memoryShare === null ? absent : percent(memoryShare.mean, 1);
    return line(name, ...counts, withInterval(read_s, seconds), percentWithInterval(utilisation, 1), memory, amount(rebuilds.mean));
  });
  const heads = ["reads", "failed", "shed", "given up", "incomplete", "mean read", "slots held", "memory", "rebuilds"];
  const note =
    "Reads are per replication; those given up took longer than their callers waited, and are not in the mean; incomplete ones found only what was re-embedded already. Slots are held by reads and writes, in the mean over time; memory is what vectors take of the limit at the end.";
  return { caption: "Vector stores", columns: nameAndNumbers("store", ...heads), lines, note };
}
