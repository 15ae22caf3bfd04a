import { basename } from "node:path";
import * as z from "zod";
import { plural } from "../../base/format.ts";
import { PlanError, type PlanErrorDetails } from "../../base/plan-error.ts";
import { mistakesOf } from "../../scenario/document/mistake.ts";
import { dotted, isMapping, type Mapping, type Path } from "../../scenario/document/path.ts";
import { mistakesBelow, splitProfile } from "../../scenario/document/profiles.ts";
import { isRecordAt, keysAt } from "../../scenario/document/schema-walk.ts";
import { readSource, type Source } from "../../scenario/document/source.ts";
import { engineFloor } from "../../scenario/engines/engine-floor.ts";
import { type Facts, factsOf } from "../../scenario/engines/facts.ts";
import { errorMistakes } from "../../scenario/profile-error.ts";
import { profileSchemas } from "../../scenario/profile-schemas.ts";
import { openCatalogue, profileFiles, profilesIn } from "../catalogue.ts";
import type { Shown } from "./text.ts";
import { readText } from "../scenario-file.ts";

/** Checks every shipped profile: settings, provenance, hardware's floor. */
export function checkCatalogue(shown: Shown): string {
  const catalogue = openCatalogue();
  const facts = factsOf(catalogue);
  const checked = Object.keys(profileFiles).flatMap((kind) =>
    catalogue.names(kind).map((name) => ({ kind, name, wrong: wrongs(kind, name, catalogue.find(kind, name) as Mapping, facts) })),
  );
  refuse(
    checked.flatMap(({ kind, name, wrong }) => wrong.map((one) => ({ ...one, place: { file: `models/${profileFiles[kind]}` }, name }))),
  );
  return passed(checked, shown);
}

/** Checks a file of profiles, whose kind is told by their keys, or of one engine as it can stand in a scenario. */
export function checkFile(file: string, shown: Shown): string {
  const source = withName(readSource(file, readText(file, "model file")));
  const facts = factsOf(openCatalogue());
  const checked = profilesIn(source).map(([name, profile]) => {
    const kind = kindOf(splitProfile(profile).settings);
    return { kind, name, wrong: wrongs(kind, name, profile, facts) };
  });
  refuse(checked.flatMap(({ name, wrong }) => wrong.map((one) => ({ ...one, ...placeOf(source, name, one.path), name }))));
  return passed(checked, shown);
}

/** An engine without a name goes by that of its file. */
function withName(source: Source): Source {
  const { file, value } = source;
  if (!isMapping(value) || Object.hasOwn(value, "profiles") || !Object.hasOwn(value, "stepTime")) return source;
  const outer = (path: Path): Path => path.slice(2);
  return {
    file,
    value: { profiles: { [basename(file).replace(/\.ya?ml$/, "")]: value } },
    has: (path) => source.has(outer(path)),
    place: (path, part) => source.place(outer(path), part),
    written: (path) => source.written(outer(path)),
  };
}

type Wrong = Pick<PlanErrorDetails, "code" | "message" | "hint"> & { readonly path: readonly (string | number)[] };

function wrongs(kind: string, name: string, profile: Mapping, facts: Facts): Wrong[] {
  const { settings, about } = splitProfile(profile);
  const schema = profileSchemas[kind];
  const decoded = z.safeDecode(schema, settings);
  if (!decoded.success) return mistakesOf(decoded.error.issues, settings, schema);
  const beyond = kind === "engines" ? engineFloor(name, profile, facts) : [];
  return beyond.map((message): Wrong => ({ code: "out-of-range", message, path: [] })).concat(wrongError(kind, about));
}

/** Efficiencies have an error for each class of models; all others one. */
function wrongError(kind: string, { error }: Mapping): Wrong[] {
  const errors = kind === "rooflines" && isMapping(error) && error["text"] === undefined ? [] : [error];
  return errors.flatMap((one) => mistakesBelow(["error"], errorMistakes(one)));
}

function kindOf(settings: Mapping): string {
  const fitting = Object.entries(profileSchemas).map(([kind, schema]) => {
    const known = new Set(keysAt(schema, []));
    const fits = ([key, value]: [string, unknown]): boolean => known.has(key) || isNamedEntry(schema, key, value);
    return { kind, count: Object.entries(settings).filter(fits).length };
  });
  return fitting.reduce((best, one) => (one.count > best.count ? one : best)).kind;
}

/** Whether a mapping under a name of the user's own has only keys that the schema has there. */
function isNamedEntry(schema: z.ZodType, key: string, value: unknown): boolean {
  if (!isRecordAt(schema, []) || !isMapping(value)) return false;
  const known = keysAt(schema, [key]);
  return Object.keys(value).every((inner) => known.includes(inner));
}

function placeOf(source: Source, name: string, path: Wrong["path"]): Pick<PlanErrorDetails, "place"> {
  const full = ["profiles", name, ...path];
  for (let length = full.length; length > 0; length--) {
    const place = source.place(full.slice(0, length), "key");
    if (place !== undefined) return { place };
  }
  return { place: { file: source.file } };
}

/** @throws PlanError for the first of these, which lists the others */
function refuse(found: readonly (Wrong & Pick<PlanErrorDetails, "place"> & { readonly name: string })[]): void {
  if (found.length === 0) return;
  const [{ code, message, hint, place, name, path }, ...rest] = found;
  const others = rest.map((one) => `${[one.name, dotted(one.path)].filter((part) => part !== "").join(": ")}: ${one.message}`);
  throw new PlanError({ code, message, hint, place, path: dotted([name, ...path]), others });
}

function passed(checked: readonly { readonly kind: string; readonly name: string }[], { json }: Shown): string {
  const kinds = [...new Set(checked.map(({ kind }) => kind))];
  const counts = Object.fromEntries(kinds.map((kind) => [kind, checked.filter((one) => one.kind === kind).length]));
  if (json) return `${JSON.stringify({ schema: "headroom/models/1", checked: counts })}\n`;
  const list = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  return `${plural(checked.length, "profile")} checked, nothing wrong: ${list.join(", ")}\n`;
}
