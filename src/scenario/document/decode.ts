import * as z from "zod";
import { PlanError, type PlanErrorDetails } from "../../base/plan-error.ts";
import { profileSlots, type Scenario, scenarioSchema } from "../schema.ts";
import { automatic } from "../warm-up.ts";
import { applyAssignments, type Assigned, type Assignment } from "./assignments.ts";
import { blame, type Written } from "./blame.ts";
import { freeze } from "./freeze.ts";
import { type Mistake, mistakesOf } from "./mistake.ts";
import { isMapping, startsWith } from "./path.ts";
import { type Catalogue, expandProfiles, type ProfileUse } from "./profiles.ts";
import { readSource } from "./source.ts";

export interface DecodeInput {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly text: string;
  /** Values from the command line, in the order in which they were given. */
  readonly assignments?: readonly Assignment[];
  readonly catalogue: Catalogue;
  /** A path as it is written in the file, or in a flag, as one that can be opened. */
  resolveFile(path: string, from: "file" | "flag"): string;
}

export interface DecodedScenario {
  readonly scenario: Scenario;
  readonly profiles: readonly ProfileUse[];
  /** There where the warm-up is still to be found, as `warmup: auto` asks; until then it is 0 in the scenario. */
  readonly warmup?: typeof automatic;
}

/**
 * Decodes a scenario: assignments over the file, profiles into their places, then every value checked and every default
 * written out. The scenario is frozen.
 * @throws PlanError for the first mistake by line, which lists the others
 */
export function decodeScenario(input: DecodeInput): DecodedScenario {
  const source = readSource(input.file, input.text);
  const raw = source.value;
  if (!isMapping(raw)) {
    const message = raw === null || raw === undefined ? "is empty" : "must be a mapping of settings";
    const place = source.place([], "value") ?? { file: input.file };
    throw new PlanError({ code: "wrong-type", message, place, hint: "a scenario has name, horizon, traffic and what serves it" });
  }
  const assigned = applyAssignments(raw, input.assignments ?? [], scenarioSchema, profileSlots);
  const { used, mistakes } = expandProfiles(raw, scenarioSchema, profileSlots, input.catalogue);
  const written: Written = { source, assigned, used, root: raw };
  if (mistakes.length > 0) throw firstOf(mistakes, written);
  resolveTraces(raw, assigned, input);

  const decoded = z.safeDecode(scenarioSchema, raw as z.input<typeof scenarioSchema>);
  if (!decoded.success) throw firstOf(mistakesOf(decoded.error.issues, raw, scenarioSchema), written);
  const result = { scenario: freeze(decoded.data), profiles: used.map(({ use }) => use) };
  return raw["warmup"] === automatic ? { ...result, warmup: automatic } : result;
}

function resolveTraces(raw: Record<string, unknown>, assigned: readonly Assigned[], input: DecodeInput): void {
  const traffic = raw["traffic"];
  if (!isMapping(traffic)) return;
  for (const [name, settings] of Object.entries(traffic)) {
    const arrivals = isMapping(settings) ? settings["arrivals"] : undefined;
    if (!isMapping(arrivals) || typeof arrivals["trace"] !== "string" || arrivals["trace"] === "") continue;
    const path = ["traffic", name, "arrivals", "trace"];
    const from = assigned.some(({ at }) => startsWith(path, at)) ? "flag" : "file";
    arrivals["trace"] = input.resolveFile(arrivals["trace"], from);
  }
}

/** Others than the first are listed, up to so many. */
const listed = 5;

function firstOf(mistakes: readonly Mistake[], written: Written): PlanError {
  const details = mistakes.map((mistake) => blame(mistake, written));
  const position = ({ place }: PlanErrorDetails) => [place?.line ?? 0, place?.column ?? 0] as const;
  details.sort((a, b) => position(a)[0] - position(b)[0] || position(a)[1] - position(b)[1]);
  const [first, ...rest] = details as [PlanErrorDetails, ...PlanErrorDetails[]];
  const others = rest.slice(0, listed).map(oneLine);
  if (rest.length > listed) others.push(`and ${rest.length - listed} more`);
  return new PlanError(others.length === 0 ? first : { ...first, others });
}

function oneLine({ place, path, message, value }: PlanErrorDetails): string {
  const where = place?.line === undefined ? place?.file : `line ${place.line}`;
  return [where, path, `${message}${value === undefined ? "" : ` (found ${value})`}`].filter((part) => part !== undefined).join(": ");
}
