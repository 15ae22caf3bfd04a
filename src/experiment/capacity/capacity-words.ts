import { dollars } from "../../base/format.ts";
import { percentWithInterval } from "../interval-text.ts";
import type { Break, CapacityResult } from "../capacity-result.ts";

/** How much more traffic the system takes, and what breaks beyond it: one to three sentences. */
export function capacitySentences(found: CapacityResult): string[] {
  const again = found.again;
  const unsteady =
    again === null
      ? []
      : [
          `More traffic is not always worse here: at ${again.kept} times the traffic the SLO is kept, though it is missed at ${again.missed}.`,
        ];
  return [headroomSentence(found), ...breakSentences(found), ...unsteady];
}

/** The factor as a planner reads it: "1.84". */
export function factorText(factor: number): string {
  return factor.toPrecision(3);
}

function headroomSentence(found: CapacityResult): string {
  const { factor, low, high, least, largest } = found;
  if (high === least) return `The SLO is missed even at ${least} times the traffic, the least tried.`;
  if (factor === null && low === largest) return `The SLO is surely kept up to ${largest} times the traffic, the largest multiple tried.`;
  const sure = [
    low === null ? "surely kept at no multiple tried" : `surely kept up to ${low}`,
    high === null ? `surely missed at none up to ${largest}` : `surely missed from ${high} on`,
  ].join(", ");
  if (factor !== null) return `Headroom: ${factorText(factor)}${marginText(low, high)} times the traffic keeps the SLO (${sure}).`;
  if (high !== null)
    return `The SLO is kept at no multiple tried, from ${least} to ${largest} times the traffic, and surely missed from ${high} on.`;
  const kept = found.breaks === null ? "keep the SLO at all multiples tried" : "keep the SLO at no multiple tried";
  return `The replications' means ${kept}, from ${least} to ${largest} times the traffic, but it is not sure (${sure}); add replications.`;
}

/** Half of the span in which it is not sure whether the SLO is kept; nothing where that has no end. */
function marginText(low: number | null, high: number | null): string {
  return low === null || high === null ? "" : ` ± ${Number(((high - low) / 2).toPrecision(2))}`;
}

function breakSentences({ breaks, binding, remedies, high }: CapacityResult): string[] {
  if (breaks === null) return [];
  const { at, kind } = breaks;
  const first = `What breaks first is ${breaks.className} ${breaks.text}`;
  const reached = `at ${at} times the traffic ${reachedThere(breaks)}`;
  if (kind === "cost") return [`${first}: ${reached}.`];
  const helping = remedies.find(({ resource }) => resource === binding);
  if (helping !== undefined) {
    const kept = helping.verdict === "met" ? " and keep the SLO" : "";
    return [`${first}, for want of ${binding}: ${reached}, with twice as many ${percentWithInterval(helping.attained)}${kept}.`];
  }
  if (remedies.length === 0) return [`${first}: ${reached}.`];
  const unsure = remedies.every(({ gain }) => gain.low === undefined)
    ? "one replication cannot tell what for want of"
    : "twice as much of no resource alone helps for sure";
  return [`${first}: ${reached}; ${unsure}${high === null ? ", and the SLO is not surely missed there" : ""}.`];
}

function reachedThere({ kind, attained }: Break): string {
  return kind === "cost" ? `${dollars(attained.mean)} a month is spent` : `${percentWithInterval(attained)} of the requests meet it`;
}
