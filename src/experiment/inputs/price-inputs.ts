import type { Scenario } from "../../scenario/schema.ts";
import { replicaHourPrice } from "../../serving/pool-price.ts";
import type { Money } from "../money.ts";
import type { Input } from "./input.ts";
import { scaledPrices } from "./prices.ts";

/** The prices of whatever costs something. */
export function priceInputs(scenario: Scenario): Input[] {
  const { pools, providers, vectorStores, caches } = scenario;
  const price = (name: string, dollars: (money: Money) => number): Input => ({
    name: `${name} price`,
    scaled: (factor) => scaledPrices(scenario, factor, [name]),
    dollars,
  });
  const priced = Object.keys(pools).filter((name) => replicaHourPrice(pools[name]) !== undefined);
  const nodes = Object.keys(vectorStores).filter(
    (name) => vectorStores[name].perReplicaHour > 0 || vectorStores[name].reembed !== undefined,
  );
  const kept = Object.keys(caches).filter((name) => caches[name].perHour > 0 || caches[name].kind === "semantic");
  return [
    ...priced.map((name) => price(name, (money) => money.pools[name].total)),
    ...Object.keys(providers).map((name) => price(name, (money) => money.providers[name].total)),
    ...nodes.map((name) => price(name, (money) => money.vectorStores[name])),
    ...kept.map((name) => price(name, (money) => money.caches[name] + money.embeddings[name])),
  ];
}
