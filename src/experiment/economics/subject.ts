import { mapValues } from "../../base/records.ts";
import type { ExactCacheSettings } from "../../cache/exact-cache-settings.ts";
import type { SemanticCacheSettings } from "../../cache/semantic-cache-settings.ts";
import type { TokensByTier } from "../../cost/token-money.ts";
import type { Scenario } from "../../scenario/schema.ts";
import { share } from "../ratios.ts";
import type { Summary } from "../summary.ts";
import { namesOnPaths, withoutCache } from "./without-cache.ts";

/** A cache whose worth is asked for, and the two scenarios that tell it. */
export interface Subject {
  /** A response cache by its name; "openai prompt cache", "gpus prefix cache". */
  readonly name: string;
  readonly without: Scenario;
  /** With the cache, in which nothing is ever found. */
  readonly fruitless: Scenario;
  /** Of its look-ups, or of the tokens that it was asked for. */
  readonly hitShare: (summary: Summary) => number;
  /** Numbers of the classes that may ask it; undefined where a request does not hit or miss as a whole. */
  readonly classes: readonly number[] | undefined;
  /** Whether it may cost anything to have it. */
  readonly priced: boolean;
}

/** Response caches; and prompt and prefix caches that had anything to keep. */
export function subjectsOf(scenario: Scenario, summaries: readonly Summary[]): Subject[] {
  const responses = Object.entries(scenario.caches).map(([name, cache]): Subject => {
    const never = cache.kind === "exact" ? fruitlessExact(cache) : fruitlessSemantic(cache);
    return {
      name,
      without: withoutCache(scenario, name),
      fruitless: { ...scenario, caches: { ...scenario.caches, [name]: never } },
      hitShare: ({ meters }) => share(meters.caches[name].hits, meters.caches[name].lookups),
      classes: Object.values(scenario.traffic).flatMap(({ path }, number) => (path.includes(name) ? [number] : [])),
      priced: true,
    };
  });
  const used = (amount: (summary: Summary) => number): boolean => summaries.some((summary) => amount(summary) > 0);
  const prompts = Object.entries(scenario.providers).flatMap(([name, provider]): Subject[] => {
    const { promptCache } = provider;
    const billed = (summary: Summary, kind: keyof TokensByTier["base"]): number => tokens(summary.meters.providers[name].billed, kind);
    if (promptCache === undefined || !used((summary) => billed(summary, "cached") + billed(summary, "written"))) return [];
    const changed = (kept: typeof promptCache | undefined): Scenario => ({
      ...scenario,
      providers: { ...scenario.providers, [name]: { ...provider, promptCache: kept } },
    });
    return [
      {
        name: `${name} prompt cache`,
        without: changed(undefined),
        fruitless: changed({ ...promptCache, ttl: shortestTtl }),
        hitShare: (summary) => share(billed(summary, "cached"), billed(summary, "input")),
        classes: undefined,
        priced: true,
      },
    ];
  });
  const prefixes = Object.entries(scenario.pools).flatMap(([name, pool]): Subject[] => {
    if (pool.engine.prefixCache === undefined || !used(({ meters }) => meters.pools[name].prefixHits)) return [];
    const engine = { ...pool.engine, prefixCache: undefined };
    const without = { ...scenario, pools: { ...scenario.pools, [name]: { ...pool, engine } } };
    const hitShare = ({ meters }: Summary) => share(meters.pools[name].prefixHits, meters.pools[name].prefixTokens);
    return [{ name: `${name} prefix cache`, without, fruitless: without, hitShare, classes: undefined, priced: false }];
  });
  return [...responses, ...prompts, ...prefixes];
}

/** What is written to a prompt cache is paid for as ever, and is gone before anybody reads it. */
const shortestTtl = 1e-9;

/** The same for all that are equal but for what they find, so that a sweep over that simulates it once. */
function fruitlessExact({ kind, latency, perHour }: ExactCacheSettings): ExactCacheSettings {
  return { kind, hitRate: 0, latency, deterministicShare: 1, perHour };
}

/** Questions are embedded, looked up and written as ever; thresholds and what they find are gone. */
function fruitlessSemantic(cache: SemanticCacheSettings): SemanticCacheSettings {
  const nothing = { similarity: undefined, hitRate: 0, wrongHitRate: undefined, measuredAt: undefined, threshold: 1 };
  return { ...cache, ...nothing, wrongAnswerPenalty: 0 };
}

/** Pools and providers that embed for caches and do nothing else. */
export function embeddersOf(scenario: Scenario): ReadonlySet<string> {
  const onPaths = namesOnPaths(scenario);
  const named = Object.values(scenario.caches).flatMap((cache) => (cache.kind === "semantic" ? [cache.embedding] : []));
  return new Set(named.filter((one) => typeof one === "string").filter((one) => !onPaths.has(one)));
}

/** Whether plans differ in how any cache is set. */
export function differInCaches(scenarios: readonly Scenario[]): boolean {
  const texts = scenarios.map(({ caches, providers, pools }) =>
    JSON.stringify([
      caches,
      mapValues(providers, ({ promptCache }) => promptCache ?? null),
      mapValues(pools, ({ engine }) => engine.prefixCache ?? null),
    ]),
  );
  return new Set(texts).size > 1;
}

/** Of usual and of long prompts together. */
function tokens({ base, above }: TokensByTier, kind: keyof TokensByTier["base"]): number {
  return base[kind] + above[kind];
}
