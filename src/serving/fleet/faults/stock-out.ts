import * as z from "zod";
import { settings } from "../../../base/settings.ts";
import { checkOutages, outageShape, Outages } from "../../../kernel/outages.ts";
import type { FaultKind } from "./fault.ts";

const stockOutSettings = settings({
  ...outageShape,
  effect: z
    .enum(["wait", "fail"])
    .prefault("wait")
    .describe(
      "wait: a start gets its GPUs when they are back; fail: it is not made, and asked for again at the next decision or when they are back",
    ),
}).superRefine(checkOutages);

/** GPUs are not to be had for a while: nothing can be started from nothing, while the warm pool can still be drawn on. */
export const stockOut: FaultKind<z.infer<typeof stockOutSettings>> = {
  settings: stockOutSettings,
  create(given, fleet, _, times) {
    const outages = new Outages(
      fleet.simulation,
      given,
      times,
      () => {},
      () => fleet.restock(),
    );
    return { outages, stockOut: () => (outages.ongoing ? given.effect : undefined) };
  },
};
