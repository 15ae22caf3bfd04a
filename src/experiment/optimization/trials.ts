import type { DecodedScenario } from "../../scenario/document/decode.ts";
import type { Plan, Simulated } from "../plan.ts";
import type { Axis } from "../result.ts";
import type { Finished, Runner } from "../runner.ts";
import type { Summary } from "../summary.ts";
import type { Candidates } from "./candidates.ts";
import { type DemandCase, withDemand } from "./demand-case.ts";

/** One replication of a plan in one case of demand. */
export interface Unit {
  readonly demand: number;
  readonly replication: number;
}

/** What the search needs of it. */
export interface Sample {
  readonly unit: Unit;
  readonly usd: number;
  /** Shares of their error budgets that the objectives have left, in the order of classes and their objectives. */
  readonly budgets: readonly number[];
  /** Whether some class with objectives had no request, so that nothing is known of it. */
  readonly silent: boolean;
}

/** What was simulated of the plans so far, each replication once. */
export class Trials {
  readonly candidates: Candidates;
  readonly cases: readonly DemandCase[];
  readonly replications: number;
  /** Replications simulated. */
  count = 0;
  private readonly runner: Runner;
  private readonly samples = new Map<number, Sample[]>();
  private readonly finished = new Map<string, Finished>();
  private readonly scenarios = new Map<string, DecodedScenario>();

  constructor(candidates: Candidates, cases: readonly DemandCase[], replications: number, runner: Runner) {
    this.candidates = candidates;
    this.cases = cases;
    this.replications = replications;
    this.runner = runner;
  }

  /** In the order in which they were simulated; empty before. */
  of(plan: number): readonly Sample[] {
    return this.samples.get(plan) ?? [];
  }

  /** Plans of which anything was simulated, in the order in which they were tried. */
  tried(): number[] {
    return [...this.samples.keys()];
  }

  isWhole(plan: number): boolean {
    return this.of(plan).length === this.cases.length * this.replications;
  }

  /** Simulates these replications of a plan that can be, but for those that are there. */
  async run(plan: number, units: readonly Unit[]): Promise<void> {
    const samples = this.samples.get(plan) ?? [];
    this.samples.set(plan, samples);
    const missing = units.filter((unit) => !this.finished.has(keyOf(plan, unit)));
    const done = await Promise.all(missing.map((unit) => this.simulate(plan, unit)));
    done.forEach((finished, i) => {
      this.finished.set(keyOf(plan, missing[i]), finished);
      samples.push(sampleOf(this.decoded(plan, missing[i].demand), finished.summary, missing[i]));
    });
    this.count += missing.length;
  }

  /** A plan in one case, all of whose replications are there. */
  simulated(plan: number, demand: number, axes: readonly Axis[]): Simulated {
    const replications = Array.from({ length: this.replications }, (_, replication) =>
      this.finished.get(keyOf(plan, { demand, replication }))!,
    );
    return { plan: this.plan(plan, demand, axes), replications };
  }

  /** @param axes those of the grid, and that of the demand where there are several cases */
  plan(number: number, demand: number, axes: readonly Axis[]): Plan {
    const own = this.candidates.valuesOf(number);
    const values = axes.length > own.length ? [...own, this.cases[demand].name] : own;
    return { name: axes.map(({ label }, i) => `${label} ${values[i]}`).join(", "), values, decoded: this.decoded(number, demand) };
  }

  private simulate(plan: number, { demand, replication }: Unit): Promise<Finished> {
    const { scenario } = this.decoded(plan, demand);
    const latencies = Object.keys(scenario.caches).length > 0;
    return this.runner.run({ scenario, replication, series: replication === 0, requests: false, latencies });
  }

  private decoded(plan: number, demand: number): DecodedScenario {
    const key = `${plan} ${demand}`;
    let decoded = this.scenarios.get(key);
    if (decoded === undefined) {
      const { assignments } = this.cases[demand];
      const own = assignments.length === 0 ? this.candidates.decoded(plan)! : this.candidates.decodedWith(plan, assignments);
      decoded = withDemand(own, this.cases[demand]);
      this.scenarios.set(key, decoded);
    }
    return decoded;
  }
}

function keyOf(plan: number, { demand, replication }: Unit): string {
  return `${plan} ${demand} ${replication}`;
}

function sampleOf({ scenario }: DecodedScenario, { classes, money }: Summary, unit: Unit): Sample {
  const judged = Object.entries(scenario.traffic).filter(([, { slo }]) => slo.length > 0);
  return {
    unit,
    usd: money.total.usd_per_month,
    budgets: judged.flatMap(([name]) => classes[name].budgetsLeft),
    silent: judged.some(([name]) => classes[name].counts.offered === 0),
  };
}
