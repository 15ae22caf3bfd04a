import type { Input } from "../inputs/input.ts";
import { inputsOf } from "../inputs/registry.ts";
import { estimate } from "../estimate.ts";
import type { Sensitivity, Swing } from "../explanation-result.ts";
import type { Simulated } from "../plan.ts";
import type { Runner } from "../runner.ts";
import type { Summary } from "../summary.ts";
import { type Figure, moneyFigure, pairedChange } from "./figures.ts";

const low = 0.8;
const high = 1.2;

/** Replications at each end of an input: one fewer than the system has, since there are many ends; from 1 to 3. */
export function replicationsOfEnds(replications: number): number {
  return Math.max(1, Math.min(3, replications - 1));
}

/** Each input of the system at both its ends, on the seeds of its first replications, by what it moves. */
export async function sensitivityOf({ plan, replications }: Simulated, attainment: Figure, runner: Runner): Promise<Sensitivity[]> {
  const { scenario } = plan.decoded;
  const before = replications.slice(0, replicationsOfEnds(replications.length)).map(({ summary }) => summary);
  const summariesAt = async (input: Input, factor: number): Promise<Summary[]> => {
    const changed = input.scaled(factor);
    const runs = before.map((_, replication) => runner.run({ scenario: changed, replication, series: false, requests: false }));
    return (await Promise.all(runs)).map(({ summary }) => summary);
  };
  const swingAt = async (input: Input, factor: number): Promise<Swing> => {
    const moved = input.moved?.(factor) ?? null;
    const { dollars } = input;
    // Nothing but money depends on a price, so that nothing needs to be simulated again.
    if (dollars !== undefined) return { moved, ...priced(before, dollars, factor) };
    const after = await summariesAt(input, factor);
    const [share, usd] = [attainment, moneyFigure].map((figure) => pairedChange(before, after, figure));
    return { moved, attainment: share, usd_per_month: usd };
  };
  const swings = inputsOf(scenario).map(async (input): Promise<Sensitivity> => {
    const [atLow, atHigh] = await Promise.all([swingAt(input, low), swingAt(input, high)]);
    return { input: input.name, low: atLow, high: atHigh };
  });
  return (await Promise.all(swings)).toSorted(
    (a, b) => spread(b, "attainment") - spread(a, "attainment") || spread(b, "usd_per_month") - spread(a, "usd_per_month"),
  );
}

function priced(before: readonly Summary[], dollars: NonNullable<Input["dollars"]>, factor: number): Omit<Swing, "moved"> {
  return {
    attainment: estimate(before.map(() => 0)),
    usd_per_month: estimate(before.map(({ money }) => (factor - 1) * dollars(money))),
  };
}

/** How far apart the ends are, the system as it is among them. */
function spread({ low: atLow, high: atHigh }: Sensitivity, key: "attainment" | "usd_per_month"): number {
  const ends = [0, atLow[key].mean, atHigh[key].mean];
  return Math.max(...ends) - Math.min(...ends);
}
