import type * as z from "zod";
import { duration, settings } from "../../../base/settings.ts";
import { createDistribution } from "../../../kernel/distributions/registry.ts";
import type { FaultKind } from "./fault.ts";

const crashSettings = settings({
  every: duration({ above: 0 }).describe(
    "mean time that a ready replica serves until its process crashes, exponential; one that drains does not",
  ),
});

/** A replica's process ends: what it served fails, and it loads, compiles and warms again on its node. */
export const crash: FaultKind<z.infer<typeof crashSettings>> = {
  settings: crashSettings,
  create({ every }, fleet, fates) {
    const life = createDistribution({ exponential: { mean: every } });
    const crashes: number[] = [];
    const fail = fleet.simulation.handler((number, epoch) => {
      const member = fleet.members[number];
      if (member.epoch === epoch) fleet.crash(member);
    });
    return {
      becameReady(member) {
        const earlier = crashes[member.number] ?? 0;
        crashes[member.number] = earlier + 1;
        fleet.simulation.after(life.sample(fates.of(member.number, 0, earlier)), fail, member.number, member.epoch);
      },
    };
  },
};
