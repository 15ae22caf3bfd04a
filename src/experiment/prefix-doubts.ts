import { askedTargets } from "../scenario/clients.ts";
import type { Scenario } from "../scenario/schema.ts";

type Caching = Pick<Scenario, "pools" | "providers">;

/** What prompts have in common matters only where a pool or a provider keeps something of what it has read, and the reverse. */
export function doubtsAboutPrefixes({ traffic, pools, providers }: Scenario): string[] {
  const classes = Object.entries(traffic).map(([name, { sharedPrefix, conversation, agent, arrivals, path, client }]) => {
    const setting = sharedPrefix !== undefined ? "sharedPrefix" : arrivals.hashBlock !== undefined ? "hashBlock" : undefined;
    return { name, setting, alike: (setting ?? conversation ?? agent) !== undefined, targets: askedTargets({ path, client }) };
  });
  const uncached = classes
    .filter(({ setting, targets }) => setting !== undefined && !targets.some((target) => cachesPrefixes(target, { pools, providers })))
    .map(
      ({ name, setting }) =>
        `${name}: its ${setting} changes nothing, since nothing that reads its prompts has a prefixCache or promptCache`,
    );
  const unshared = Object.entries(providers)
    .filter(([name, { promptCache }]) => {
      return promptCache !== undefined && !classes.some(({ alike, targets }) => alike && targets.includes(name));
    })
    .map(
      ([name]) =>
        `${name}: its promptCache keeps nothing, since no class that calls it has a sharedPrefix, a conversation, an agent or hashBlock`,
    );
  return [...uncached, ...unshared];
}

function cachesPrefixes(target: string, { pools, providers }: Caching): boolean {
  if (Object.hasOwn(providers, target)) return providers[target].promptCache !== undefined;
  if (!Object.hasOwn(pools, target)) return false;
  const { prefill, engine } = pools[target];
  return (prefill === undefined ? engine : pools[prefill.pool].engine).prefixCache !== undefined;
}
