import type * as z from "zod";
import { nameHint } from "../../base/nearest.ts";
import type { Mistake } from "./mistake.ts";
import { dotted, isMapping, type Mapping, type Path } from "./path.ts";
import { kindsAt } from "./schema-walk.ts";

/** Where a scenario may name a profile; `*` in `at` matches any key. */
export interface ProfileSlot {
  readonly at: readonly string[];
  readonly kind: string;
}

/** Profiles as they stand in `models/`, by kind and name. */
export interface Catalogue {
  find(kind: string, name: string): unknown;
  names(kind: string): readonly string[];
}

/** A fact that the scenario rests on: which profile, where, and what it is known from. */
export interface ProfileUse {
  readonly path: string;
  readonly name: string;
  /** datasheet, measured, fitted, derived or assumed. */
  readonly how: string;
  readonly source: string;
  readonly asOf: string;
}

/** What a profile says about itself beside its settings. */
export const profileMetadata = ["source", "asOf", "how", "notes", "error"] as const;

export interface UsedProfile {
  readonly at: Path;
  readonly kind: string;
  readonly use: ProfileUse;
}

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
      const written = holder[key];
      const overrides = isMapping(written) && Object.hasOwn(written, "extends") ? written : undefined;
      const name = overrides === undefined ? written : overrides["extends"];
      if (overrides === undefined && typeof name !== "string") continue;
      const where = overrides === undefined ? at : [...at, "extends"];
      const mistake = nameMistake(name, slot.kind, catalogue, where);
      if (mistake !== undefined) {
        mistakes.push(mistake);
        continue;
      }
      const profile = catalogue.find(slot.kind, name as string) as Mapping;
      used.push({ at, kind: slot.kind, use: useOf(profile, name as string, at) });
      const settings = Object.fromEntries(Object.entries(profile).filter(([field]) => !isMetadata(field)));
      const { extends: _, ...rest } = overrides ?? {};
      holder[key] = overridden(settings, rest, schema, at);
    }
  }
  return { used, mistakes };
}

function isMetadata(field: string): boolean {
  return (profileMetadata as readonly string[]).includes(field);
}

function useOf(profile: Mapping, name: string, at: Path): ProfileUse {
  const text = (field: "how" | "source" | "asOf") => String(profile[field] ?? "");
  return { path: dotted(at), name, how: text("how"), source: text("source"), asOf: text("asOf") };
}

function nameMistake(name: unknown, kind: string, catalogue: Catalogue, path: Path): Mistake | undefined {
  if (typeof name !== "string") return { path, code: "wrong-type", message: "must be the name of a profile", at: "value" };
  if (catalogue.find(kind, name) !== undefined) return undefined;
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

/** Whether a path is a place where a profile may be named. */
export function isSlot(path: Path, slots: readonly ProfileSlot[]): boolean {
  return slots.some(({ at }) => at.length === path.length && at.every((key, i) => key === "*" || key === path[i]));
}
