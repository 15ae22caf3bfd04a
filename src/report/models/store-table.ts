import { amount, seconds, shortAmount, thousands } from "../../base/format.ts";
import { type DataTable, left, line } from "../data-table.ts";
import type { ReadSheet, StoreSheet } from "./store-sheet.ts";

/** What a vector store comes to, for `models show`. */
export function storeTable({ slots, indexed, slowed, scanned, vectors, memory }: StoreSheet): DataTable {
  const lines = [
    line("reads", readsText(indexed)),
    line("slowed by a rebuild", readsText(slowed)),
    ...(scanned === undefined ? [] : [line("of what is not indexed", readsText(scanned))]),
    line("vectors", thousands(vectors)),
  ];
  if (memory !== undefined) {
    const { used_bytes, limit_bytes, pressureFrom_vectors: pressed, most_vectors: most } = memory;
    const gigabytes = (bytes: number) => amount(bytes / 1e9);
    lines.push(
      line("memory", `${gigabytes(used_bytes)} of ${gigabytes(limit_bytes)} GB`),
      line("room", `for ${shortAmount(most)} vectors; reads begin to miss memory at ${shortAmount(pressed)}`),
    );
  }
  const note = `No more than: all ${thousands(slots)} slots read and nothing else; near that reads wait.`;
  return { caption: "One replica", columns: [left("figure"), left("value")], lines, note };
}

function readsText({ mean_s, most_per_s }: ReadSheet): string {
  return `${seconds(mean_s)} in the mean, no more than ${amount(most_per_s)} a second`;
}
