import { mapValues } from "../base/records.ts";
import { hash32 } from "../kernel/hash.ts";
import { traceKey } from "../traffic/arrivals/arrivals.ts";
import { confidence } from "./estimate.ts";
import type { Plan } from "./plan.ts";
import type { Point, Result } from "./result.ts";
import type { Traces } from "./runner.ts";
import type { Settled } from "./settled.ts";
import { doubtsAboutSettling } from "./settling-doubts.ts";
import { warningsOn } from "./warnings.ts";

/** What an experiment is told about the program that runs it. */
export interface Context {
  readonly version: string;
  /** The command that repeats the run. */
  readonly command: string;
  readonly traces: Traces;
  /** What the plans had left open, and how it was settled. */
  readonly settled?: Settled;
}

/** Parts of a result that only some kinds of experiment have, in the order in which they are written. */
const parts = [
  "best",
  "verification",
  "slowerEngines",
  "readiness",
  "stuck",
  "blastRadius",
  "optimization",
  "capacity",
  "forecast",
  "explanation",
  "warmUp",
  "precision",
] as const;

/** What sets one kind of experiment apart from another; a part that is undefined or an empty list is left out. */
type Findings = Pick<Result, "kind" | "axes" | "differences" | "advice"> & {
  readonly [Part in (typeof parts)[number] | "watched"]?: Result[Part] | undefined;
};

/** A result with all that lets it be repeated and doubted: seed, hash, profiles, warnings. */
export function assemble(
  plans: readonly Plan[],
  points: readonly Point[],
  own: Findings,
  { version, command, traces, settled = {} }: Context,
): Result {
  const { scenario } = plans[0].decoded;
  const findings: Findings = { ...own, ...settled };
  const { kind, axes, watched, differences, advice } = findings;
  const found = parts.filter((part) => isThere(findings[part]));
  return {
    schema: "headroom/result/1",
    kind,
    name: scenario.name,
    version,
    scenarioHash: hashOf(plans, traces),
    seed: scenario.seed,
    command,
    horizon_s: scenario.horizon,
    warmup_s: scenario.warmup,
    replications: scenario.replications,
    ...(scenario.batches === undefined ? {} : { batches: scenario.batches }),
    confidence,
    profiles: profilesOf(plans),
    axes,
    points,
    ...(watched === undefined ? {} : { watched }),
    differences,
    ...Object.fromEntries(found.map((part) => [part, findings[part]])),
    advice,
    warnings: [...doubtsAboutSettling(settled, scenario.warmup), ...warningsOn(plans, points, watched, traces)],
  };
}

function isThere(part: unknown): boolean {
  return Array.isArray(part) ? part.length > 0 : part !== undefined;
}

/** Sixteen hexadecimal digits of all settings and of what the traces hold; where a trace lies does not count. */
export function hashOf(plans: readonly Plan[], traces: Traces): string {
  const scenarios = plans.map(({ decoded: { scenario } }) => {
    const traffic = mapValues(scenario.traffic, (one) => {
      const { trace: _, ...arrivals } = one.arrivals;
      return { ...one, arrivals, trace: traces.get(traceKey(one.arrivals) ?? "")?.hash };
    });
    return { ...scenario, traffic };
  });
  const text = JSON.stringify(scenarios);
  return [1, 2].map((salt) => hash32(text, salt).toString(16).padStart(8, "0")).join("");
}

/** Every profile that some plan rests on, once. */
function profilesOf(plans: readonly Plan[]): Result["profiles"] {
  const all = new Map(
    plans.flatMap(({ decoded }) => decoded.profiles.map((profile) => [`${profile.path} ${profile.name}`, profile] as const)),
  );
  return [...all.values()];
}
