import type { Trouble } from "../experiment/retrieval-result.ts";

/** What goes wrong with vector stores, as tables and charts call it. */
export const troubleWords: Readonly<Record<Trouble, string>> = {
  rebuild: "index rebuild",
  outage: "outage",
  reembedding: "re-embedding",
  memory: "memory short",
};
