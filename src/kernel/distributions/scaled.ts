import type { DistributionSettings } from "./registry.ts";

/** Settings that say how values spread or how parts are weighed, whatever the values' size. */
const shapes: ReadonlySet<string> = new Set(["cv", "weight"]);

/** The distribution of `factor` times the value, bounds included; by 1 the settings themselves. @param factor above 0 */
export function scaledDistribution(settings: DistributionSettings, factor: number): DistributionSettings {
  return factor === 1 ? settings : (scaledValue(settings, factor) as DistributionSettings);
}

function scaledValue(value: unknown, factor: number): unknown {
  if (typeof value === "number") return value * factor;
  if (Array.isArray(value)) return value.map((one) => scaledValue(one, factor));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapes.has(key) ? one : scaledValue(one, factor)]));
}
