import type { Scenario } from "../../scenario/schema.ts";
import { scaledColdStarts } from "./cold-starts.ts";
import { scaledCorpora } from "./corpora.ts";
import { scaledEngineSpeed } from "./engine-speed.ts";
import { scaledHitRates } from "./hit-rates.ts";
import type { Input } from "./input.ts";
import { scaledLengths } from "./lengths.ts";
import { scaledLimiters, scaledLimits } from "./limits.ts";
import { priceInputs } from "./price-inputs.ts";
import { scaledProviderLatency } from "./provider-latency.ts";
import { scaledReplicas } from "./replicas.ts";
import { scaledRetrievalTime } from "./retrieval-time.ts";
import { scaledStoreReplicas, scaledWarm } from "./spares.ts";
import { scaledTimeouts } from "./timeouts.ts";
import { scaledTraffic } from "./traffic.ts";

/** A kind of quantity: one file with its scaling, and one line here. */
interface InputKind {
  /** After the name of what has it. */
  readonly what: string;
  readonly scaled: (scenario: Scenario, factor: number, of: readonly string[]) => Scenario;
  /** Names of what has it. */
  readonly of: (scenario: Scenario) => readonly string[];
  /** Of whole numbers: the number, or the bounds of one. */
  readonly counts?: (scenario: Scenario, name: string) => readonly number[];
}

const kinds: readonly InputKind[] = [
  { what: "traffic", scaled: scaledTraffic, of: ({ traffic }) => Object.keys(traffic) },
  { what: "prompt length", scaled: (given, input, of) => scaledLengths(given, { input }, of), of: ({ traffic }) => Object.keys(traffic) },
  { what: "answer length", scaled: (given, output, of) => scaledLengths(given, { output }, of), of: ({ traffic }) => Object.keys(traffic) },
  { what: "patience", scaled: scaledTimeouts, of: ({ traffic }) => those(traffic, ({ client }) => hasTimeouts(client)) },
  { what: "own limiter", scaled: scaledLimiters, of: limitersInUse },
  { what: "engine speed", scaled: scaledEngineSpeed, of: ({ pools }) => Object.keys(pools) },
  {
    what: "replicas",
    scaled: scaledReplicas,
    of: ({ pools }) => Object.keys(pools),
    counts: ({ pools }, name) => [pools[name].replicas.min, pools[name].replicas.max],
  },
  { what: "cold start", scaled: scaledColdStarts, of: ({ pools }) => those(pools, ({ coldStart }) => coldStart !== undefined) },
  {
    what: "warm replicas",
    scaled: scaledWarm,
    of: ({ pools }) => those(pools, ({ warm }) => (warm?.size ?? 0) > 0),
    counts: ({ pools }, name) => [pools[name].warm!.size],
  },
  { what: "latency", scaled: scaledProviderLatency, of: ({ providers }) => Object.keys(providers) },
  { what: "limits", scaled: scaledLimits, of: ({ providers }) => those(providers, ({ limits }) => limits !== undefined) },
  { what: "quota", scaled: scaledLimits, of: ({ providers }) => once(Object.values(providers).map(({ quota }) => quota)) },
  { what: "read time", scaled: scaledRetrievalTime, of: ({ vectorStores }) => Object.keys(vectorStores) },
  {
    what: "replicas",
    scaled: scaledStoreReplicas,
    of: ({ vectorStores }) => Object.keys(vectorStores),
    counts: ({ vectorStores }, name) => [vectorStores[name].replicas],
  },
  {
    what: "vectors",
    scaled: scaledCorpora,
    of: ({ vectorStores }) => those(vectorStores, ({ memory, reembed }) => (memory ?? reembed) !== undefined),
  },
  { what: "hit rate", scaled: scaledHitRates, of: ({ caches }) => those(caches, ({ hitRate = 0 }) => hitRate > 0) },
];

/** Every quantity of a scenario that may turn out to be another: what arrives, what serves it, what it costs. */
export function inputsOf(scenario: Scenario): Input[] {
  return [...kinds.flatMap((kind) => kind.of(scenario).map((name) => inputOf(kind, name, scenario))), ...priceInputs(scenario)];
}

function inputOf({ what, scaled, counts }: InputKind, name: string, scenario: Scenario): Input {
  const input: Input = { name: `${name} ${what}`, scaled: (factor) => scaled(scenario, factor, [name]) };
  if (counts === undefined) return input;
  // As a scaled scenario has them, whose own rules say how far down they go.
  const text = (one: Scenario): string => [...new Set(counts(one, name))].join("–");
  return { ...input, moved: (factor) => `${text(scenario)} to ${text(input.scaled(factor))}` };
}

function hasTimeouts({ timeout }: Scenario["traffic"][string]["client"]): boolean {
  return (timeout.ttft ?? timeout.total ?? timeout.attempt.ttft ?? timeout.attempt.total) !== undefined;
}

function limitersInUse({ traffic, gateways }: Scenario): string[] {
  const own = those(traffic, ({ client }) => client.limiter !== undefined);
  const shared = once(Object.values(traffic).map(({ client }) => client.gateway));
  return [...own, ...shared.filter((name) => gateways[name].limiter !== undefined)];
}

function those<T>(record: Readonly<Record<string, T>>, has: (value: T) => boolean): string[] {
  return Object.keys(record).filter((name) => has(record[name]));
}

/** Each name once, in order. */
function once(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names)].filter((name) => name !== undefined);
}
