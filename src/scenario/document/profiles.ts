import type * as z from "zod";
import { nameHint, nearest } from "../../base/nearest.ts";
import { errorMistakes, profileError, type ProfileError } from "../profile-error.ts";
import type { Mistake } from "./mistake.ts";
import { dotted, isMapping, type Mapping, type Path } from "./path.ts";
import { kindsAt } from "./schema-walk.ts";

/** Where a scenario may name a profile; `*` in `at` matches any key. */
export interface ProfileSlot {
  readonly at: readonly string[];
  readonly kind: string;
  /** The field's own key for the profile's name, which may stand in the place of `extends`. */
  readonly alias?: string | undefined;
  /** Parts of the scenario whose own names may stand here too: such a name is no profile's. */
  readonly yields?: readonly string[];
  /** What is left of a profile's settings beside what the scenario gives, where some of them make no sense any more. */
  fit?(settings: Mapping, beside: Mapping): Mapping;
}

/** Profiles as they stand in `models/`, by kind and name. */
export interface Catalogue {
  find(kind: string, name: string): unknown;
  names(kind: string): readonly string[];
  /** Why a name that has the form of a profile is none, with its hint; undefined where it is merely not known. */
  refusal?(kind: string, name: string): Refusal | undefined;
  /** A profile made from what stands in the slot instead of a name, such as `roofline`; undefined where nothing is to be made. */
  derive?(kind: string, written: Mapping): Derived | undefined;
}

export type Refusal = Pick<Mistake, "code" | "message" | "hint">;

/** What was made, under which name it is reported, and what stood beside it; or what is wrong, at paths below the slot. */
export type Derived =
  | { readonly profile: Mapping; readonly name: string; readonly beside: Mapping }
  | { readonly mistakes: readonly Mistake[] };

/** A fact that the scenario rests on: which profile, where, and what it is known from. */
export interface ProfileUse {
  readonly path: string;
  readonly name: string;
  /** datasheet, measured, fitted, derived or assumed. */
  readonly how: string;
  readonly source: string;
  readonly asOf: string;
  readonly error?: ProfileError | undefined;
  /** Laws of the profile that the scenario changes: stepTime, or the phases of a cold start. */
  readonly changed?: readonly string[];
}

/** The profile's name, and which of its laws the scenario changes. */
export function titleOf({ name, changed = [] }: ProfileUse): string {
  return changed.length === 0 ? name : `${name}, ${changed.join(" and ")} changed here`;
}

/** What a profile says about itself beside its settings. */
export const profileMetadata = ["source", "asOf", "how", "notes", "error", "aliases"] as const;

export interface UsedProfile {
  readonly at: Path;
  readonly kind: string;
  /** The key below `at` that holds the name where a mapping stands there. */
  readonly nameKey: string;
  readonly use: ProfileUse;
}

/** Among so many mistakes nobody reads for a name that was meant, which takes time for each of the names that there are. */
const mostHinted = 100;

/** Puts profiles in the place of their names, with what the scenario says beside `extends` on top. Changes `value`. */
export function expandProfiles(
  value: unknown,
  schema: z.ZodType,
  slots: readonly ProfileSlot[],
  catalogue: Catalogue,
): { readonly used: UsedProfile[]; readonly mistakes: Mistake[] } {
  const used: UsedProfile[] = [];
  const mistakes: Mistake[] = [];
  for (const slot of slots) {
    for (const { holder, key, at } of holders(value, slot.at, [])) {
      if (namesPart(holder[key], value, slot)) continue;
      const nameKey = nameKeyOf(holder[key], slot);
      const found = profileAt(holder[key], at, slot, nameKey, catalogue);
      if (found === undefined) continue;
      if ("mistakes" in found) {
        const parts = typeof holder[key] === "string" && mistakes.length < mostHinted ? partNames(value, slot) : [];
        mistakes.push(...found.mistakes.map((mistake) => besideParts(mistake, String(holder[key]), parts, slot)));
        continue;
      }
      const { profile, name, beside } = found;
      const { settings } = splitProfile(profile);
      const wrong = mistakesBelow([...at, "error"], errorMistakes(profile["error"]));
      mistakes.push(...wrong);
      // What was measured of a profile says nothing about one whose laws the scenario changes.
      const changed = Object.keys(beside).filter((field) => isMapping(profile[field]));
      const error = wrong.length === 0 && changed.length === 0 ? profileError(profile["error"]) : undefined;
      const use = useOf(profile, name, at, error);
      used.push({ at, kind: slot.kind, nameKey, use: changed.length === 0 ? use : { ...use, changed } });
      holder[key] = overridden(slot.fit?.(settings, beside) ?? settings, beside, schema, at);
    }
  }
  return { used, mistakes };
}

function namesPart(written: unknown, scenario: unknown, { yields = [] }: ProfileSlot): boolean {
  if (typeof written !== "string" || !isMapping(scenario)) return false;
  return yields.some((part) => isMapping(scenario[part]) && Object.hasOwn(scenario[part], written));
}

/** Names of the scenario's own parts that may stand in a slot. */
function partNames(scenario: unknown, { yields = [] }: ProfileSlot): string[] {
  return yields.flatMap((part) => (isMapping(scenario) && isMapping(scenario[part]) ? Object.keys(scenario[part]) : []));
}

/** A name that is no profile's may have been meant as one of the scenario's own parts. */
function besideParts(mistake: Mistake, name: string, parts: readonly string[], { yields = [] }: ProfileSlot): Mistake {
  if (mistake.code !== "unknown-name" || parts.length === 0) return mistake;
  const near = nearest(name, parts);
  return {
    ...mistake,
    message: `${mistake.message}, and none of the ${yields.join(" and ")} has that name`,
    hint: near === undefined ? `${mistake.hint}; ${yields.join(" and ")}: ${parts.toSorted().join(", ")}` : `did you mean \`${near}\`?`,
  };
}

/** Keys under which the name of a slot's profile may stand. */
export function nameKeys({ alias }: Pick<ProfileSlot, "alias">): string[] {
  return alias === undefined ? ["extends"] : ["extends", alias];
}

/** The key that holds the name; the first that could where none does. */
function nameKeyOf(written: unknown, slot: ProfileSlot): string {
  const [first, ...others] = nameKeys(slot);
  return others.find((key) => isMapping(written) && Object.hasOwn(written, key)) ?? first;
}

/** The profile that a slot names or describes; undefined where the settings are written out. */
function profileAt(written: unknown, at: Path, slot: ProfileSlot, nameKey: string, catalogue: Catalogue): Derived | undefined {
  const { kind } = slot;
  if (!isMapping(written)) return typeof written === "string" ? named(written, {}, at, kind, catalogue) : undefined;
  if (Object.hasOwn(written, nameKey)) {
    if (nameKeys(slot).every((key) => key === nameKey || !Object.hasOwn(written, key))) {
      const beside = Object.fromEntries(Object.entries(written).filter(([key]) => key !== nameKey));
      return named(written[nameKey], beside, [...at, nameKey], kind, catalogue);
    }
    const hint = `${nameKeys(slot).join(" and ")} both name the profile: leave one out`;
    return { mistakes: [{ path: [...at, nameKey], code: "contradiction", message: "the profile is named twice", hint, at: "key" }] };
  }
  const derived = catalogue.derive?.(kind, written);
  // A profile may be pasted whole, as a calibration writes it, with what it says about itself.
  if (derived === undefined && Object.hasOwn(written, "how")) return { profile: written, name: "written here", beside: {} };
  if (derived === undefined || !("mistakes" in derived)) return derived;
  return { mistakes: mistakesBelow(at, derived.mistakes) };
}

/** Mistakes of a part of a scenario, at their paths in the whole. */
export function mistakesBelow(at: Path, mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.map((mistake) => Object.assign({}, mistake, { path: [...at, ...mistake.path] }));
}

function named(name: unknown, beside: Mapping, path: Path, kind: string, catalogue: Catalogue): Derived {
  const mistake = nameMistake(name, kind, catalogue, path);
  return mistake === undefined
    ? { profile: catalogue.find(kind, name as string) as Mapping, name: name as string, beside }
    : { mistakes: [mistake] };
}

/** The settings of a profile, and what it says about itself beside them. */
export function splitProfile(profile: Mapping): { readonly settings: Mapping; readonly about: Mapping } {
  const isAbout = ([field]: [string, unknown]) => (profileMetadata as readonly string[]).includes(field);
  const entries = Object.entries(profile);
  return {
    settings: Object.fromEntries(entries.filter((entry) => !isAbout(entry))),
    about: Object.fromEntries(entries.filter(isAbout)),
  };
}

function useOf(profile: Mapping, name: string, at: Path, error: ProfileError | undefined): ProfileUse {
  const text = (field: "how" | "source" | "asOf") => String(profile[field] ?? "");
  return {
    path: dotted(at),
    name,
    how: text("how"),
    source: text("source"),
    asOf: text("asOf"),
    ...(error === undefined ? {} : { error }),
  };
}

function nameMistake(name: unknown, kind: string, catalogue: Catalogue, path: Path): Mistake | undefined {
  if (typeof name !== "string") return { path, code: "wrong-type", message: "must be the name of a profile", at: "value" };
  if (catalogue.find(kind, name) !== undefined) return undefined;
  const refusal = catalogue.refusal?.(kind, name);
  if (refusal !== undefined) return { ...refusal, path, at: "value" };
  const names = catalogue.names(kind);
  const list = [...names].sort().join(", ");
  const near = nameHint(name, names);
  const hint = near.startsWith("known here") ? `known here: ${list}` : `${near} Known here: ${list}`;
  return {
    path,
    code: "unknown-name",
    message: `there is no profile \`${name}\` among the ${kind.replace("-", " ")}`,
    hint,
    at: "value",
  };
}

/** Every place that matches a pattern, with the mapping that holds it. */
function holders(value: unknown, pattern: readonly string[], at: Path): { holder: Mapping; key: string; at: Path }[] {
  if (!isMapping(value)) return [];
  const [first, ...rest] = pattern as [string, ...string[]];
  const keys = first === "*" ? Object.keys(value) : Object.hasOwn(value, first) ? [first] : [];
  return keys.flatMap((key) => (rest.length === 0 ? [{ holder: value, key, at: [...at, key] }] : holders(value[key], rest, [...at, key])));
}

/** The profile with the overrides merged in, mapping by mapping; another kind of a choice, such as another distribution, replaces the first. */
function overridden(profile: unknown, overrides: unknown, schema: z.ZodType, at: Path): unknown {
  if (!isMapping(profile) || !isMapping(overrides)) return overrides;
  if (kindsAt(schema, at).some((kind) => Object.hasOwn(overrides, kind) && !Object.hasOwn(profile, kind))) return overrides;
  const merged: Mapping = { ...profile };
  for (const [key, value] of Object.entries(overrides)) {
    merged[key] = Object.hasOwn(profile, key) ? overridden(profile[key], value, schema, [...at, key]) : value;
  }
  return merged;
}

/** The slot at a path; undefined where no profile may be named. */
export function slotAt(path: Path, slots: readonly ProfileSlot[]): ProfileSlot | undefined {
  return slots.find(({ at }) => at.length === path.length && at.every((key, i) => key === "*" || key === path[i]));
}
