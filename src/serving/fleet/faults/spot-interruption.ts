import type * as z from "zod";
import { duration, settings } from "../../../base/settings.ts";
import { createDistribution } from "../../../kernel/distributions/registry.ts";
import type { FaultKind } from "./fault.ts";

const spotInterruptionSettings = settings({
  every: duration({ above: 0 }).describe("mean time until a spot replica is taken away, exponential, whatever it is doing"),
  notice: duration().prefault("2m").describe("from the notice to the end; a replica that serves drains in this time"),
});

/** A provider takes its spot capacity back. What is still running when the notice is over fails. */
export const spotInterruption: FaultKind<z.infer<typeof spotInterruptionSettings>> = {
  settings: spotInterruptionSettings,
  create({ every, notice }, fleet, fates) {
    const life = createDistribution({ exponential: { mean: every } });
    const interrupt = fleet.simulation.handler((number) => {
      const member = fleet.members[number];
      if (member.state !== "gone") fleet.interrupt(member, notice);
    });
    return {
      launched(member) {
        if (member.spot) fleet.simulation.after(life.sample(fates.of(member.number)), interrupt, member.number);
      },
    };
  },
};
