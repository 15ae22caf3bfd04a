import type { LineLinks } from "../line-links.ts";
import type { WaitingLine } from "../waiting-line.ts";

/** An order in which attempts wait: one file and one line in the registry each. */
export interface LineOrder {
  /** Makes an empty line; lines of one set of links may be many, and an attempt is in one at a time. */
  create(links: LineLinks): WaitingLine;
}
