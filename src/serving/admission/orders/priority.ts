import type { LineOrder } from "./line-order.ts";
import { SortedLine } from "./sorted-line.ts";

/** Classes of high priority before those of normal and low (`traffic/priority.ts`); first come, first served within one priority. */
export const priority: LineOrder = {
  create: (links) => new SortedLine(links, (attempt) => links.attempts.priority[attempt]),
};
