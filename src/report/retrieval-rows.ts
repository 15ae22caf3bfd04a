/** Rows of a table over time for stages before the targets and for vector stores, each with columns of its own. */
import type { Point } from "../experiment/result.ts";

type Row = (string | number | null)[];

const stageColumns = ["class", "stage_mean_s"] as const;
const storeColumns = ["reads", "reads_failed", "utilisation"] as const;

/** Only where there is a stage, or a vector store. */
export function retrievalColumns({ series: { classes, vectorStores } }: Point): string[] {
  const staged = Object.values(classes).some(({ stages }) => Object.keys(stages).length > 0);
  return [...(staged ? stageColumns : []), ...(Object.keys(vectorStores).length > 0 ? storeColumns : [])];
}

/** @param between how many columns lie between the window's start and these */
export function retrievalRows(point: Point, between: number): Row[] {
  const { window_s, classes, vectorStores } = point.series;
  const blanks = Array.from({ length: between }, () => null);
  const ofStages = Object.entries(classes).flatMap(([className, { stages }]) =>
    Object.entries(stages).flatMap(([name, means]) =>
      means.map((mean, i): Row => [point.name, "stage", name, i * window_s, ...blanks, className, mean]),
    ),
  );
  const before = [...blanks, ...(ofStages.length > 0 ? stageColumns.map(() => null) : [])];
  const ofStores = Object.entries(vectorStores).flatMap(([name, { reads, failed, utilisation }]) =>
    reads.map((count, i): Row => [point.name, "vectorStore", name, i * window_s, ...before, count, failed[i], utilisation[i]]),
  );
  return [...ofStages, ...ofStores];
}
