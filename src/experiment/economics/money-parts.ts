import { assert } from "../../base/assert.ts";
import type { MoneyPart } from "../cache-result.ts";
import type { Money } from "../money.ts";

export type MoneyParts = Record<MoneyPart, number>;

/**
 * What a month's money is spent on, in dollars; the parts add up to the total.
 * @param embedders pools and providers that do nothing but embed, whatever they are paid by
 */
export function partsOf({ pools, providers, caches, embeddings, vectorStores, total }: Money, embedders: ReadonlySet<string>): MoneyParts {
  const sum = <T>(all: Readonly<Record<string, T>>, embeds: boolean, amount: (one: T) => number): number =>
    Object.entries(all).reduce((dollars, [name, one]) => (embedders.has(name) === embeds ? dollars + amount(one) : dollars), 0);
  const parts = {
    pools: sum(pools, false, (one) => one.total),
    tokens: sum(providers, false, (one) => one.tokens),
    provisioned: sum(providers, false, (one) => one.provisioned),
    caches: totalOf(caches),
    embeddings: totalOf(embeddings) + sum(pools, true, (one) => one.total) + sum(providers, true, (one) => one.total),
    vectorStores: totalOf(vectorStores),
    wrongAnswers: total.wrong_usd_per_month,
    degradedAnswers: total.degradation_usd_per_month,
  };
  const all = Object.values(parts).reduce((dollars, one) => dollars + one, 0);
  assert(Math.abs(all - total.usd_per_month) <= 1e-9 * Math.abs(all), `parts of the money add up to it: ${all} and ${total.usd_per_month}`);
  return parts;
}

function totalOf(dollars: Readonly<Record<string, number>>): number {
  return Object.values(dollars).reduce((sum, one) => sum + one, 0);
}
