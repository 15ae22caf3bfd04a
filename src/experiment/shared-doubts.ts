import { stageNames } from "../scenario/path/parts.ts";
import type { Scenario } from "../scenario/schema.ts";
import { namesOnPaths } from "./economics/without-cache.ts";
import type { Plan } from "./plan.ts";

interface Shared {
  readonly what: string;
  /** What one does not do that nobody names, and what several do not. */
  readonly idle: readonly [one: string, several: string];
  readonly who: string;
  readonly given: (scenario: Scenario) => string[];
  readonly used: (scenario: Scenario) => Iterable<string | undefined>;
}

const withhold = ["holds nobody back", "hold nobody back"] as const;
const help = ["is never asked", "are never asked"] as const;

const shared: readonly Shared[] = [
  {
    what: "quota",
    idle: withhold,
    who: "provider",
    given: ({ quotas }) => Object.keys(quotas),
    used: ({ providers }) => Object.values(providers).map(({ quota }) => quota),
  },
  {
    what: "gateway",
    idle: withhold,
    who: "class",
    given: ({ gateways }) => Object.keys(gateways),
    used: ({ traffic }) => Object.values(traffic).map(({ client }) => client.gateway),
  },
  { what: "cache", idle: help, who: "path", given: ({ caches }) => Object.keys(caches), used: stagesOf },
  {
    what: "vector store",
    idle: help,
    who: "path or cache",
    given: ({ vectorStores }) => Object.keys(vectorStores),
    used: (scenario) => [
      ...stagesOf(scenario),
      ...Object.values(scenario.caches).map((cache) => (cache.kind === "semantic" ? cache.store : undefined)),
    ],
  },
  {
    what: "pipeline",
    idle: ["is never gone through", "are never gone through"],
    who: "path",
    given: ({ pipelines }) => Object.keys(pipelines),
    used: namesOnPaths,
  },
];

/** What is named for others to share does nothing unless somebody names it, in one of the plans at least: a sweep may choose among several. */
export function doubtsAboutShared(plans: readonly Plan[]): string[] {
  const scenarios = plans.map(({ decoded }) => decoded.scenario);
  return shared.flatMap(({ what, idle, who, given, used }) => {
    const names = new Set(scenarios.flatMap((scenario) => [...used(scenario)]));
    const unnamed = [...new Set(scenarios.flatMap(given))].filter((name) => !names.has(name));
    if (unnamed.length === 0) return [];
    const [plural, does, them] = unnamed.length === 1 ? ["", idle[0], "it"] : ["s", idle[1], "them"];
    return [`${unnamed.join(", ")}: the ${what}${plural} ${does}, since no ${who} names ${them}`];
  });
}

function stagesOf(scenario: Scenario): string[] {
  return Object.values(scenario.traffic).flatMap((one) => stageNames(one, scenario));
}
