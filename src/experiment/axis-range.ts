import { bytes, count, duration, formatQuantity, money, parseQuantity, type Quantity, rate, share } from "../base/units.ts";
import { exp, log } from "../kernel/elementary.ts";

/** What may be given as a range; of texts that are of several kinds the first counts, so that a bare number is a count. */
const quantities: readonly Quantity[] = [count, duration, rate, share, money, bytes];

const pattern = /^([^\s.]+(?:\.\d+[^\s.]*)?)\.\.([^\s.]+(?:\.\d+[^\s.]*)?)(?:\s+(log|linear|step)\s+(\S+))?$/;

/** Why a text that is a range gives no values. */
export class RangeMistake extends Error {}

/**
 * The values of a range as texts, both ends among them: every whole number of `0..6`, as many as asked for of `1s..60s log 7` (in equal
 * ratios) and `0s..60s linear 7` (in equal steps), or those of `10%..90% step 20%` (the last at most the end). Where both ends are whole
 * numbers, so are all values of `log` and `linear`, each once. Undefined of a text that is no range.
 * @param most values
 * @throws RangeMistake when there is no value, there are too many, or it cannot be told which
 */
export function rangeValues(text: string, most: number): string[] | undefined {
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const [, first, last, kind, amount] = match;
  const quantity = quantities.find((one) => parseQuantity(one, first) !== undefined && parseQuantity(one, last) !== undefined);
  if (quantity === undefined) return undefined;
  const from = parseQuantity(quantity, first)!;
  const to = parseQuantity(quantity, last)!;
  if (to < from) throw new RangeMistake("is a range that runs backwards");
  const whole = quantity === count && Number.isInteger(from) && Number.isInteger(to);
  if (kind === undefined && !whole) throw new RangeMistake("needs to say how many values, such as 1s..60s log 7, linear 7 or step 10s");
  const values =
    kind === "log" || kind === "linear"
      ? spaced(from, to, howMany(amount, most), kind)
      : stepped(from, to, kind === "step" ? stepOf(quantity, amount) : 1, most);
  const isWhole = whole && kind !== "step";
  const texts = values.map((value, i) => {
    if (i === 0) return first;
    if (value === to) return last;
    const near = kind === "log" && !isWhole ? Number(value.toPrecision(2)) : value;
    return written(quantity, isWhole ? Math.round(near) : Number(near.toPrecision(12)), last);
  });
  return [...new Set(texts)];
}

/** In the unit of another text, where that tells it in few digits. */
function written(quantity: Quantity, value: number, other: string): string {
  const unit = quantity.pattern.exec(other)![2];
  const amount = Number((value / quantity.units[unit]).toPrecision(12));
  const text = `${quantity === money ? "$" : ""}${amount}${unit}`;
  return String(amount).length > 5 ? formatQuantity(quantity, value) : text;
}

function howMany(text: string, most: number): number {
  const many = Number(text);
  if (!(Number.isInteger(many) && many >= 2)) throw new RangeMistake(`needs a whole number of values, at least 2, not \`${text}\``);
  if (many > most) throw new RangeMistake(`is a range of more than ${most} values`);
  return many;
}

function stepOf(quantity: Quantity, text: string): number {
  const step = parseQuantity(quantity, text);
  if (step === undefined || step <= 0) throw new RangeMistake(`needs a step above 0 such as ${quantity.example}, not \`${text}\``);
  return step;
}

function spaced(from: number, to: number, many: number, kind: "log" | "linear"): number[] {
  if (kind === "log" && from <= 0) throw new RangeMistake("cannot go from 0 in equal ratios: begin above 0, or write linear");
  return Array.from({ length: many }, (_, i) => {
    if (i === 0) return from;
    if (i === many - 1) return to;
    const part = i / (many - 1);
    return kind === "linear" ? from + part * (to - from) : exp(log(from) + part * (log(to) - log(from)));
  });
}

function stepped(from: number, to: number, step: number, most: number): number[] {
  // A step that divides the range must not miss its end by an error in the last digit.
  const steps = Math.floor((to - from) / step + 1e-9);
  if (steps >= most) throw new RangeMistake(`is a range of more than ${most} values`);
  return Array.from({ length: steps + 1 }, (_, i) => Number((from + i * step).toPrecision(12)));
}
