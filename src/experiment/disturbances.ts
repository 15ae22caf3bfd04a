import { askedTargets } from "../scenario/clients.ts";
import { calledOnTheWay, partsOf, namedParts } from "../scenario/path/parts.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Spike } from "../traffic/arrivals/spikes.ts";

/** Something that is planned to disturb a class for a while, in seconds since the start of the run. */
export interface Disturbance {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  /** When the next one begins, one of a spike that is looked at no more too; Infinity when none does. */
  readonly until: number;
}

type Span = Omit<Disturbance, "until">;

/** Of a spike that comes again and again so many are looked at, the first. */
const mostOfOne = 24;

/**
 * Spikes of a class's arrivals, and scripted faults of the pools and providers that it may ask, on the way too, that read its prompts, and
 * of the vector stores that it reads, in order of time. Those that overlap or touch are one. Dips of the traffic disturb nobody.
 */
export function disturbancesOf(scenario: Scenario, className: string): Disturbance[] {
  const { traffic, pools, providers, horizon } = scenario;
  const { arrivals, path, client } = traffic[className];
  const spikes = (arrivals.spikes ?? []).filter(({ factor }) => factor > 1);
  const found = spikes.flatMap((spike) => timesOf(spike, horizon));
  const asked = [...askedTargets({ path, client }), ...calledOnTheWay({ path }, scenario)];
  const readers = asked.flatMap((target) => (Object.hasOwn(pools, target) ? (pools[target].prefill?.pool ?? []) : []));
  for (const target of new Set([...asked, ...readers])) {
    const settings = Object.hasOwn(pools, target) ? pools[target] : providers[target];
    for (const [fault, given] of Object.entries(settings.faults)) {
      const { at, lasts } = scriptOf(given);
      for (const from of at) if (from < horizon) found.push({ what: `${fault} of ${target}`, from, to: from + lasts });
    }
  }
  for (const store of storesRead(scenario, className)) found.push(...troublesOf(scenario, store));
  const apart = merged(found.toSorted((a, b) => a.from - b.from));
  return apart.map(({ what, from, to }, i) => {
    return { what, from, to, until: Math.min(apart[i + 1]?.from ?? Infinity, ...spikes.map((spike) => nextOf(spike, to))) };
  });
}

/** Those that are a stage of the class's path, or that its caches look into. */
function storesRead(scenario: Scenario, className: string): ReadonlySet<string> {
  const parts = partsOf(scenario.traffic[className], scenario).flatMap(namedParts);
  return new Set(
    parts.flatMap(({ kind, name }) => {
      if (kind === "store") return [name];
      const cache = kind === "cache" ? scenario.caches[name] : undefined;
      return cache?.kind === "semantic" ? [cache.store] : [];
    }),
  );
}

/** Scripted rebuilds, which replicas may do in turn, and outages of a vector store. */
function troublesOf({ vectorStores, horizon }: Scenario, name: string): Span[] {
  const { rebuild, outages, replicas } = vectorStores[name];
  const times = rebuild?.replicas === "inTurn" ? replicas : 1;
  const spans = [
    { what: `rebuild of ${name}`, script: scriptOf(rebuild), times },
    { what: `outages of ${name}`, script: scriptOf(outages), times: 1 },
  ];
  return spans.flatMap(({ what, script: { at, lasts }, times: turns }) =>
    at.filter((from) => from < horizon).map((from) => ({ what, from, to: from + lasts * turns })),
  );
}

function timesOf(spike: Spike, horizon: number): Span[] {
  const found: Span[] = [];
  for (let from = spike.at; from < horizon && found.length < mostOfOne; from = beginning(spike, found.length)) {
    found.push({ what: "spike", from, to: from + spike.lasts });
  }
  return found;
}

/** When a spike begins for the nth time, from 0; Infinity when it does not come so often. */
function beginning({ at, every }: Spike, nth: number): number {
  return nth === 0 ? at : at + nth * (every ?? Infinity);
}

/** When a spike begins next, at a moment or after it. */
function nextOf(spike: Spike, moment: number): number {
  const { at, every = Infinity } = spike;
  return at >= moment ? at : beginning(spike, Math.max(1, Math.ceil((moment - at) / every)));
}

/** When a fault begins and how long it lasts each time, where its settings say so; faults by chance have no script. */
function scriptOf(fault: unknown): { readonly at: readonly number[]; readonly lasts: number } {
  if (typeof fault !== "object" || fault === null || !("at" in fault) || !("lasts" in fault)) return { at: [], lasts: 0 };
  const { at, lasts } = fault;
  return Array.isArray(at) && typeof lasts === "number"
    ? { at: at.filter((from) => typeof from === "number"), lasts }
    : { at: [], lasts: 0 };
}

function merged(inOrder: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const next of inOrder) {
    const last = apart.at(-1);
    if (last === undefined || next.from > last.to) {
      apart.push(next);
      continue;
    }
    const what = last.what.split(" and ").includes(next.what) ? last.what : `${last.what} and ${next.what}`;
    apart[apart.length - 1] = { what, from: last.from, to: Math.max(last.to, next.to) };
  }
  return apart;
}
