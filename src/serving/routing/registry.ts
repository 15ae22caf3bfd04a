import { chosen, duration, namedOneOf } from "../../base/settings.ts";
import type { RandomSource } from "../../kernel/random.ts";
import { kvAware } from "./kv-aware.ts";
import { leastOutstanding } from "./least-outstanding.ts";
import { powerOfTwo } from "./power-of-two.ts";
import { prefixAffinity } from "./prefix-affinity.ts";
import { random } from "./random.ts";
import { roundRobin } from "./round-robin.ts";
import type { RoutedAttempt, Router, RouterPolicy } from "./router.ts";

/** Rules by which attempts are sent to replicas, by the name a scenario uses. */
export const routers = { leastOutstanding, roundRobin, random, powerOfTwo, kvAware, prefixAffinity };

export const routerNames = Object.keys(routers) as (keyof typeof routers)[];

export const routingSettings = namedOneOf(
  {
    leastOutstanding: routers.leastOutstanding.settings,
    roundRobin: routers.roundRobin.settings,
    random: routers.random.settings,
    powerOfTwo: routers.powerOfTwo.settings,
    kvAware: routers.kvAware.settings,
    prefixAffinity: routers.prefixAffinity.settings,
  },
  { staleness: duration().prefault("0s").describe("the router looks at the replicas anew when what it knows of them is older than that") },
);

export function createRouter(decoded: Readonly<Record<string, unknown>>, source: RandomSource, attempts: RoutedAttempt): Router {
  const [name, settings] = chosen(decoded, routerNames);
  return (routers[name as keyof typeof routers] as RouterPolicy).create(settings, source, attempts);
}
