import type * as z from "zod";
import { count, settings } from "../../../base/settings.ts";
import { checkOutages, outageShape, Outages } from "../../../kernel/outages.ts";
import type { Member } from "../member.ts";
import type { FaultKind } from "./fault.ts";

const zoneLossSettings = settings({
  zones: count({ min: 1, max: 100, whole: true }).prefault(3).describe("zones over which the replicas are spread"),
  ...outageShape,
}).superRefine(checkOutages);

/**
 * A whole zone is lost for a while, each as likely as the others, with every replica in it. A replica is started in the zone
 * that has fewest, of equals the first; while a zone is lost in the others, and where there is no other, when it is back.
 */
export const zoneLoss: FaultKind<z.infer<typeof zoneLossSettings>> = {
  settings: zoneLossSettings,
  create({ zones, ...outage }, fleet, _, times) {
    const inZone: Member[][] = Array.from({ length: zones }, () => []);
    let lost = -1;
    const replicasIn = (zone: number) => (inZone[zone] = inZone[zone].filter(({ state }) => state !== "gone"));
    const outages = new Outages(
      fleet.simulation,
      outage,
      times,
      () => {
        lost = Math.floor(times.uniform() * zones);
        fleet.lose(replicasIn(lost));
      },
      () => {
        lost = -1;
        fleet.restock();
      },
    );
    return {
      outages,
      launched(member) {
        const open = Array.from({ length: zones }, (_zone, zone) => zone).filter((zone) => zone !== lost);
        const sizes = open.map((zone) => replicasIn(zone).length);
        inZone[open[sizes.indexOf(Math.min(...sizes))]].push(member);
      },
      stockOut: () => (outages.ongoing && zones === 1 ? "wait" : undefined),
    };
  },
};
