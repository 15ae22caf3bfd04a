import { seconds, thousands } from "../../base/format.ts";
import { PlanError } from "../../base/plan-error.ts";
import type { TimePairs } from "../../experiment/calibration/errors.ts";
import { isPlausible, largestRatio, type Medians, mediansOf } from "../../experiment/calibration/plausibility.ts";
import type { MeasurementColumns, MeasurementRole } from "./measurement-columns.ts";
import type { Measurements } from "./measurements-file.ts";

/** Seconds of each unit that a number may be in. */
const units = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const;

const unitNames = Object.keys(units) as (keyof typeof units)[];

const kinds = ["tpot", "ttft"] as const;

/**
 * @param pairs what was measured beside what the base profile takes
 * @param base its name
 * @param map as it was given
 * @throws PlanError when times are so far from the base's that their unit must be another; the TTFT of requests is spared, which depends
 * on how long they wait in line
 */
export function requirePlausible(measured: Measurements, pairs: readonly TimePairs[], base: string, map: string | undefined): void {
  const what = measured.requests === undefined ? "rows" : "requests";
  const found = kinds.map((kind) => ({ kind, medians: mediansOf(pairs, kind) }));
  const judged = found.filter(({ kind, medians }) => medians !== undefined && (kind === "tpot" || what === "rows"));
  const wrong = (judged.length > 0 ? judged : found).find(({ medians }) => medians !== undefined && !isPlausible(medians));
  if (wrong === undefined) return;
  const medians = wrong.medians!;
  throw new PlanError({
    code: "wrong-unit",
    place: { file: measured.file },
    message:
      `the measured ${wrong.kind.toUpperCase()}, ${seconds(medians.measured)} at the median, is ${timesOf(medians)} the ` +
      `${seconds(medians.simulated)} that ${base} takes for the same ${what}: from 1/${largestRatio} to ${largestRatio} times can be right`,
    hint: (isByUnit(medians) ? hintFor(measured.columns, found, map) : undefined) ?? `is ${base} the model and the GPU that were measured?`,
  });
}

/** Whether a power of a thousand brings the times near the base's, so that the unit is likelier to be wrong than the engine. */
function isByUnit({ measured, simulated }: Medians): boolean {
  const thousandfold = Math.log(measured / simulated) / Math.log(1000);
  return Math.abs(thousandfold - Math.round(thousandfold)) < 1 / 3;
}

function timesOf({ measured, simulated }: Medians): string {
  return measured > simulated ? `${thousands(measured / simulated)} times` : `1/${thousands(simulated / measured)} of`;
}

/** A map that reads the columns in the units which bring them nearest to the base; undefined where that is the one they are read in. */
function hintFor(
  columns: MeasurementColumns,
  found: readonly { readonly kind: "tpot" | "ttft"; readonly medians: Medians | undefined }[],
  map: string | undefined,
): string | undefined {
  const changes = found.flatMap(({ kind, medians }) => {
    return rolesOf(kind, columns).flatMap((role) => {
      const clock = columns.clock(role);
      const unit = medians === undefined || clock === "datetime" ? clock : nearestUnit(medians, clock);
      return unit === clock ? [] : [{ role, name: columns.name(role), unit }];
    });
  });
  if (changes.length === 0) return undefined;
  const others = map?.split(",").filter((part) => !changes.some(({ role }) => part.split("=")[0].trim() === role)) ?? [];
  const parts = [...others, ...changes.map(({ role, name, unit }) => `${role}=${name}:${unit}`)];
  const renamed = changes.map(({ name, unit }) => `${name.replace(/[_ (](s|ms|us|ns)\)?$/, "")}_${unit}`);
  return `--map "${parts.join(",")}" reads ${changes[0].unit}, as do columns named ${renamed.join(", ")}`;
}

/** The columns that a time is told by. */
function rolesOf(kind: "tpot" | "ttft", columns: MeasurementColumns): MeasurementRole[] {
  if (kind === "ttft") return columns.has("ttft") || !columns.has("first") ? ["ttft"] : ["first", "arrival"];
  if (columns.has("concurrency")) return ["tpot"];
  return columns.has("total") || !columns.has("last") ? ["total"] : ["last"];
}

function nearestUnit({ measured, simulated }: Medians, clock: keyof typeof units): keyof typeof units {
  const farness = (unit: keyof typeof units): number => Math.abs(Math.log(((measured / simulated) * units[unit]) / units[clock]));
  return unitNames.reduce((best, unit) => (farness(unit) < farness(best) ? unit : best));
}
