import type * as z from "zod";
import { settings, share } from "../../base/settings.ts";
import { checkOutages, outageShape, Outages } from "../../kernel/outages.ts";
import type { LimiterLaw } from "./limiter.ts";

const exogenousSettings = settings({
  ...outageShape,
  refused: share().describe("share of the calls that are refused while capacity is short"),
});

/**
 * Capacity that is shared with others and at times short for reasons of theirs, as with Vertex's dynamic shared quota: then a
 * share of the calls is refused, each by its own chance, whatever we send. A refused call may come back when the shortage is
 * over, though an earlier try may be lucky.
 */
export const exogenous: LimiterLaw<z.infer<typeof exogenousSettings>> = {
  reads: [],
  needs: [],
  settings: exogenousSettings,
  check: checkOutages,
  create(_, given, { stream, simulation, streams }) {
    const times = streams.sequence(`${stream}.times`);
    const chance = streams.keyed(`${stream}.refused`);
    const nothing = (): void => {};
    const shortages = new Outages(simulation, given, times, nothing, nothing);
    return {
      wait(now, { number, turn, salt }) {
        if (!shortages.ongoing || chance.of(number, turn, salt).uniform() >= given.refused) return 0;
        // Shortages that touch are one span of several times `lasts`.
        return given.lasts - ((now - shortages.spans.at(-1)!.begin) % given.lasts);
      },
      take: nothing,
    };
  },
};
