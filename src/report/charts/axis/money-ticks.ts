/** Ticks of money that read alike: all in dollars, all in thousands or all in millions, without needless zeros. */
import { type Scale, tickNumber } from "../scale.ts";

export function moneyTicks({ high }: Scale): (value: number) => string {
  const [size, unit] = high >= 1e6 ? [1e6, "M"] : high >= 1e4 ? [1e3, "k"] : [1, ""];
  return (value) => (value === 0 ? "$0" : `$${tickNumber(value / size)}${unit}`);
}
