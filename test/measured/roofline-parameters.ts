import type { RooflineSettings } from "../../src/serving/roofline/efficiencies.ts";
import { type EngineName, engineNames } from "./roofline-rows.ts";

/**
 * A quantity that is fitted, in logits where it is a share, which so stays below 1, and in logarithms otherwise. Rows that say little
 * about it leave it near what it is taken to be beforehand.
 */
interface Quantity {
  readonly name: string;
  readonly share: boolean;
  /** Taken beforehand, and by how much it may be off: standard deviation of the logit or logarithm. */
  readonly prior: number;
  readonly spread: number;
  /** Where engines differ: by how much, as a standard deviation of the logarithm. */
  readonly engines?: number;
}

const share = (name: string, prior: number, spread: number): Quantity => ({ name, share: true, prior, spread });
const size = (name: string, prior: number, spread: number): Quantity => ({ name, share: false, prior, spread });
const host = (name: string, prior: number, spread = 1): Quantity => ({ ...size(name, prior, spread), engines: 0.5 });

const quantities: readonly Quantity[] = [
  share("weights", 0.8, 0.5),
  share("experts", 0.6, 0.7),
  share("kv", 0.7, 0.7),
  share("dense.bf16", 0.65, 0.5),
  share("dense.fp8", 0.55, 0.5),
  share("dense.fp4", 0.4, 0.5),
  share("experts.bf16", 0.5, 0.7),
  share("experts.fp8", 0.4, 0.7),
  share("experts.fp4", 0.3, 0.7),
  share("attention", 0.4, 0.7),
  share("unhidden", 0.5, 0.7),
  size("activationPasses", 8, 0.7),
  size("expertPasses", 4, 0.7),
  host("iteration", 1.5e-3),
  host("layer", 2e-5),
  host("expertLayer", 2e-5),
  host("promptLayer", 2e-4),
  host("promptExpertLayer", 2e-4),
  host("sequence", 4e-6),
  size("latency", 6e-6, 0.7),
  share("growth", 0.3, 0.7),
  share("link", 0.5, 0.7),
];

/** What a point of the search is made of: the quantities, then each engine's deviations from those that differ. */
interface Coordinate {
  readonly quantity: Quantity;
  readonly engine?: EngineName;
}

const coordinates: readonly Coordinate[] = [
  ...quantities.map((quantity) => ({ quantity })),
  ...quantities.filter(({ engines }) => engines !== undefined).flatMap((quantity) => engineNames.map((engine) => ({ quantity, engine }))),
];

/** What everything is taken to be beforehand. */
export const priorPoint: readonly number[] = coordinates.map(({ quantity: { prior, share: isShare }, engine }) => {
  if (engine !== undefined) return 0;
  return isShare ? Math.log(prior / (1 - prior)) : Math.log(prior);
});

const spreads = coordinates.map(({ quantity, engine }) => (engine === undefined ? quantity.spread : quantity.engines!));

/** How far a point is from what was taken beforehand, in standard deviations, by coordinate. */
export function deviations(point: readonly number[]): number[] {
  return point.map((value, i) => (value - priorPoint[i]) / spreads[i]);
}

/** Digits that efficiencies keep. */
const digits = 3;

/** What an engine's efficiencies are at a point, rounded as a profile states them. */
export function efficienciesAt(point: readonly number[], engine: EngineName, rounded = false): RooflineSettings {
  const value = (name: string): number => {
    const at = quantities.findIndex((quantity) => quantity.name === name);
    const own = coordinates.findIndex((coordinate) => coordinate.quantity === quantities[at] && coordinate.engine === engine);
    const coordinate = point[at] + (own < 0 ? 0 : point[own]);
    const exact = quantities[at].share ? 1 / (1 + Math.exp(-coordinate)) : Math.exp(coordinate);
    return rounded ? Number(exact.toPrecision(digits)) : exact;
  };
  const byPrecision = (of: string) => ({ bf16: value(`${of}.bf16`), fp8: value(`${of}.fp8`), fp4: value(`${of}.fp4`) });
  return {
    bandwidth: { weights: value("weights"), experts: value("experts"), kv: value("kv") },
    flops: { dense: byPrecision("dense"), experts: byPrecision("experts"), attention: value("attention") },
    unhidden: value("unhidden"),
    activationPasses: value("activationPasses"),
    expertPasses: value("expertPasses"),
    host: {
      iteration: value("iteration"),
      layer: value("layer"),
      expertLayer: value("expertLayer"),
      promptLayer: value("promptLayer"),
      promptExpertLayer: value("promptExpertLayer"),
      sequence: value("sequence"),
    },
    exchange: { latency: value("latency"), growth: value("growth"), bandwidth: value("link") },
  };
}
