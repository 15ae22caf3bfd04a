import type { SimilaritySettings } from "../../cache/similarity.ts";
import { absent, percent } from "../../base/format.ts";
import { type DataTable, line, right } from "../data-table.ts";

/** Hits and wrong hits by threshold. */
export interface SimilaritySheet {
  readonly points: readonly {
    readonly threshold: number;
    readonly hits: number;
    readonly wrong: number;
    /** Of those who get an answer from the cache; absent where nobody does. */
    readonly wrongOfHits?: number;
  }[];
}

export function similaritySheet({ points }: SimilaritySettings): SimilaritySheet {
  return { points: points.map((point) => (point.hits > 0 ? Object.assign({ wrongOfHits: point.wrong / point.hits }, point) : point)) };
}

/** What a curve of similarity says at each of its thresholds, for `models show`. */
export function similarityTable({ points }: SimilaritySheet): DataTable {
  const lines = points.map(({ threshold, hits, wrong, wrongOfHits }) =>
    line(String(threshold), percent(hits, 1), percent(wrong), wrongOfHits === undefined ? absent : percent(wrongOfHits)),
  );
  const columns = ["threshold", "hits", "wrong", "of the hits"].map((name) => right(name));
  const note = "Hits, and wrong ones among them, are shares of the look-ups for which a like question is kept.";
  return { caption: "By threshold", columns, lines, note };
}
