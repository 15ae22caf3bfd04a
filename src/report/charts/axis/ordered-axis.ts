/** An axis whose values have an order: a number, a duration, a share, a rate or money, from the least to the most. */
import type { Axis } from "../../../experiment/result.ts";
import { dollars, seconds, target } from "../../../base/format.ts";
import { count, duration, money, parseQuantity, type Quantity, rate, share } from "../../../base/units.ts";
import { differingPaths, inWords, leavesOf, textAt } from "../../axis-leaves.ts";
import { tickNumber } from "../scale.ts";

export interface OrderedAxis {
  /** What was varied, down to the quantity within a mapping: `pools.gpus.coldStart.constant`. */
  readonly path: string;
  /** The same in words: "cold start". */
  readonly name: string;
  /** One per value of the axis, in its order: seconds, a share of 1, dollars, per second, or a bare number. */
  readonly numbers: readonly number[];
  readonly print: (value: number) => string;
  /** To follow "holds up to": "a cold start of 60 s", "warm size 2". */
  readonly phrase: (value: number) => string;
}

/** Fewer values than this show no course. */
const fewest = 3;

/** Undefined unless all values are different quantities of one kind. A bare 0 belongs to every kind. */
export function orderedAxis({ path, label, values }: Axis): OrderedAxis | undefined {
  const leaves = values.map(leavesOf);
  const differing = differingPaths(leaves);
  const [leaf] = differing;
  if (values.length < fewest || leaf === undefined || differing.length > 1) return undefined;
  const texts = leaves.flatMap((one) => textAt(one, leaf) ?? []);
  const read = quantityOf(texts);
  if (texts.length < values.length || read === undefined || new Set(read.numbers).size < values.length) return undefined;
  const last = leaf.split(".").at(-1) ?? "";
  // `constant` says nothing that the setting's own name does not say.
  const name = inWords(leaf === "" || last === "constant" ? label : `${label} ${last}`);
  const { print } = read;
  const article = /^[aeiou]/i.test(name) ? "an" : "a";
  return {
    path: leaf === "" ? path : `${path}.${leaf}`,
    name,
    numbers: read.numbers,
    print,
    phrase: (value) => (read.bare ? `${name} ${print(value)}` : `${article} ${name} of ${print(value)}`),
  };
}

interface Read {
  readonly numbers: readonly number[];
  /** Whether the numbers have no unit. */
  readonly bare: boolean;
  readonly print: (value: number) => string;
}

/** Bare numbers are counts first, since only a percent sign makes them shares. */
function quantityOf(texts: readonly string[]): Read | undefined {
  const kinds: readonly { quantity: Quantity; print: (value: number) => string }[] = [
    { quantity: count, print: tickNumber },
    { quantity: duration, print: seconds },
    { quantity: share, print: target },
    { quantity: money, print: dollars },
    { quantity: rate, print: ratePrinter(texts) },
  ];
  for (const { quantity, print } of kinds) {
    const numbers = texts.flatMap((text) => (text === "0" ? 0 : (parseQuantity(quantity, text) ?? [])));
    if (numbers.length === texts.length) return { numbers, bare: quantity === count, print };
  }
  return undefined;
}

/** In the unit that the first rate is written in, since 5/m is read more easily than 0.0833/s. */
function ratePrinter(texts: readonly string[]): (value: number) => string {
  const unit = texts.map((text) => rate.pattern.exec(text)?.[2]).find((found) => found !== undefined) ?? "/s";
  return (value) => `${tickNumber(value / rate.units[unit])}${unit}`;
}
