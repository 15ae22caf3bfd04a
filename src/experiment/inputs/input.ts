import type { Scenario } from "../../scenario/schema.ts";
import type { Money } from "../money.ts";

/** One quantity that a scenario rests on. */
export interface Input {
  /** Unique within a scenario, in words: "chat traffic", "gpus engine speed". */
  readonly name: string;
  /** The scenario with so many times the quantity; by 1 the same. @param factor above 0 */
  scaled(factor: number): Scenario;
  /** What a whole number becomes, "2 to 3"; only of those. */
  readonly moved?: (factor: number) => string;
  /** Of a price: the dollars per month that are in proportion to it. Nothing else depends on it. */
  readonly dollars?: (money: Money) => number;
}
