import type { Plan } from "../src/experiment/plan.ts";

/** Settings of distributions that are no times. */
const withoutUnit = new Set(["cv", "weight"]);

/** The plan with every start of its pool, from nothing or from warm, taking `factor` times as long; spreads stay in proportion. */
export function withStartsTaking(factor: number, plan: Plan, pool: string): Plan {
  const { scenario } = plan.decoded;
  const { coldStart, ...others } = scenario.pools[pool];
  const pools = { ...scenario.pools, [pool]: { ...others, coldStart: scaled(coldStart, factor) } };
  return { ...plan, decoded: { ...plan.decoded, scenario: { ...scenario, pools } } };
}

function scaled<T>(part: T, factor: number): T {
  if (typeof part === "number") return (part * factor) as T;
  if (Array.isArray(part)) return part.map((one: unknown) => scaled(one, factor)) as T;
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part).map(([key, value]: [string, unknown]) => [
    key,
    withoutUnit.has(key) ? value : scaled(value, factor),
  ]);
  return Object.fromEntries(entries) as T;
}
