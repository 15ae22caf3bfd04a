import { PlanError } from "../../base/plan-error.ts";
import type { Assignment } from "../../scenario/document/assignments.ts";
import type { DecodedScenario } from "../../scenario/document/decode.ts";
import type { Axis } from "../result.ts";
import { costSettings, leastCost } from "./cost-bound.ts";
import { Lattice } from "./lattice.ts";

/** Decodes the plan with one value of each axis, and with what else is assigned. */
export type Decode = (values: readonly string[], more?: readonly Assignment[]) => DecodedScenario;

/** A plan that has one axis at some value and all others at their first; undefined where it contradicts itself. */
interface Probe {
  readonly axis: number;
  /** Of the value among the axis's. */
  readonly position: number;
  readonly decoded: DecodedScenario | undefined;
}

/** Most plans with a doubtful value that are decoded before the search; it comes across the others where they matter. */
const mostDoubtful = 1000;

/** The plans of a grid, decoded when they are asked for: a large grid would take longer to decode than to search. */
export class Candidates {
  readonly lattice: Lattice;
  readonly axes: readonly Axis[];
  /** Plans known to contradict themselves before anything is simulated. */
  readonly contradicting: readonly number[];
  private readonly decodeValues: Decode;
  /** By part of the bill the axes that it may depend on. */
  private readonly involved: ReadonlyMap<string, readonly number[]>;
  private readonly bills = new Map<string, number>();
  private readonly kept = new Map<number, DecodedScenario | undefined>();

  constructor(axes: readonly Axis[], decode: Decode, probes: readonly Probe[]) {
    this.axes = axes;
    this.lattice = new Lattice(axes);
    this.decodeValues = decode;
    this.involved = involvedAxes(axes, probes);
    const refused = probes.filter(({ decoded }) => decoded === undefined);
    const doubtful = Array.from({ length: this.lattice.size }, (_, plan) => plan).filter((plan) => {
      const positions = this.lattice.positionsOf(plan);
      return refused.some(({ axis, position }) => positions[axis] === position);
    });
    this.contradicting = doubtful.slice(0, mostDoubtful).filter((plan) => this.decoded(plan) === undefined);
  }

  valuesOf(plan: number): string[] {
    return this.lattice.positionsOf(plan).map((position, axis) => this.axes[axis].values[position]);
  }

  /** Undefined where the plan contradicts itself. */
  decoded(plan: number): DecodedScenario | undefined {
    if (!this.kept.has(plan))
      this.kept.set(
        plan,
        possible(() => this.decodeValues(this.valuesOf(plan))),
      );
    return this.kept.get(plan);
  }

  decodedWith(plan: number, more: readonly Assignment[]): DecodedScenario {
    return this.decodeValues(this.valuesOf(plan), more);
  }

  /** Dollars per month that the plan costs at least; undefined where it contradicts itself. */
  leastCost(plan: number): number | undefined {
    const positions = this.lattice.positionsOf(plan);
    const keys = [...this.involved].map(([part, axes]) => `${part} ${axes.map((axis) => positions[axis]).join(" ")}`);
    if (keys.some((key) => !this.bills.has(key))) {
      const decoded = this.decoded(plan);
      if (decoded === undefined) return undefined;
      const costs = leastCost(decoded.scenario);
      [...this.involved.keys()].forEach((part, i) => this.bills.set(keys[i], costs[part] ?? 0));
    }
    return keys.reduce((sum, key) => sum + this.bills.get(key)!, 0);
  }
}

/**
 * Decodes every value of every axis once, with the others at their first, so that mistakes are found before anything is simulated.
 * Values that go together with some others and not with these are no mistake.
 * @throws PlanError for a value that is a mistake by itself, and where everything contradicts itself
 */
export function probe(axes: readonly Axis[], decode: Decode): Probe[] {
  const first = axes.map(({ values }) => values[0]);
  let refused: PlanError | undefined;
  const probes = axes.flatMap(({ values }, axis) =>
    values.map((value, position): Probe => {
      const decoded = possible(
        () => decode(first.with(axis, value)),
        (error) => (refused ??= error),
      );
      return { axis, position, decoded };
    }),
  );
  if (refused !== undefined && probes.every(({ decoded }) => decoded === undefined)) throw refused;
  return probes;
}

function possible(decode: () => DecodedScenario, refused?: (error: PlanError) => void): DecodedScenario | undefined {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof PlanError) || error.details.code !== "contradiction") throw error;
    refused?.(error);
    return undefined;
  }
}

/** An axis is involved in a part of the bill when it sets something of that part, or when its values are seen to change it. */
function involvedAxes(axes: readonly Axis[], probes: readonly Probe[]): Map<string, number[]> {
  const settings = probes.map(({ axis, decoded }) => ({ axis, parts: decoded && costSettings(decoded.scenario) }));
  const parts = new Set(settings.flatMap((one) => Object.keys(one.parts ?? {})));
  return new Map(
    [...parts].map((part) => {
      const involved = axes.flatMap(({ path }, axis) => {
        if (`${path}.`.startsWith(`${part}.`) || part.startsWith(`${path}.`)) return axis;
        const seen = settings.filter((one) => one.axis === axis && one.parts !== undefined).map((one) => one.parts![part]);
        return new Set(seen).size > 1 ? axis : [];
      });
      return [part, involved] as const;
    }),
  );
}
