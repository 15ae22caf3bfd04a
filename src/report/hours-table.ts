import { absent, percent, seconds } from "../base/format.ts";
import { percentWithInterval } from "../experiment/interval-text.ts";
import type { Point } from "../experiment/result.ts";
import { type DataTable, line, nameAndNumbers } from "./data-table.ts";

/** In how many hours each class kept its SLO, and its worst. */
export function hours({ classes }: Point): DataTable {
  const lines = Object.entries(classes).flatMap(([name, { hours: found }]) => {
    if (found === null) return [];
    const { window_s, keptShare, worst } = found;
    const kept = keptShare === null ? absent : percentWithInterval(keptShare, 0);
    const at = worst === null ? [absent, absent] : [percent(worst.attainment), seconds(worst.from_s)];
    return [line(name, seconds(window_s), kept, ...at)];
  });
  const columns = nameAndNumbers("class", "windows of", "SLO kept in", "worst attainment", "from");
  const note = "Kept is the share of windows in which every objective on requests was; the worst is over all replications.";
  return { caption: "The SLO over time", columns, lines, note };
}
