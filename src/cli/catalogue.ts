import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { PlanError } from "../base/plan-error.ts";
import { isMapping, type Mapping } from "../scenario/document/path.ts";
import { type Catalogue, profileMetadata } from "../scenario/document/profiles.ts";
import { withDerivedEngines } from "../scenario/engines/derived-engines.ts";
import { readSource, type Source } from "../scenario/document/source.ts";

/** Kinds of profiles and the files below `models/` that hold them; a folder stands for every YAML file in it. */
export const profileFiles: Readonly<Record<string, string>> = {
  engines: "engines",
  llms: "llms",
  gpus: "gpus",
  rooflines: "rooflines.yaml",
  "cold-starts": "cold-starts",
  "token-prices": "prices/tokens.yaml",
  "gpu-prices": "prices/gpus.yaml",
  "provider-limits": "providers",
  clients: "clients",
  "vector-stores": "vector-stores",
  similarity: "similarity.yaml",
  embeddings: "embeddings.yaml",
};

/** What a number may be known from, the surest first. */
export const provenances = ["datasheet", "measured", "fitted", "derived", "assumed"] as const;

/** The `models/` folder of this package, beside `src/` and `dist/` alike. */
export const modelsFolder = fileURLToPath(new URL("../../models/", import.meta.url));

/**
 * Reads the catalogue, each kind when it is first asked for. A model file holds `profiles` by name, and beside them the
 * `source`, `asOf`, `how` and `notes` of those that do not say it themselves.
 */
export function openCatalogue(folder: string = modelsFolder): Catalogue {
  const kinds = new Map<string, ReadonlyMap<string, Mapping>>();
  const profilesOf = (kind: string): ReadonlyMap<string, Mapping> => {
    const known = kinds.get(kind) ?? readKind(folder, kind);
    kinds.set(kind, known);
    return known;
  };
  return {
    find: (kind, name) => profilesOf(kind).get(name),
    names: (kind) => [...profilesOf(kind).keys()],
  };
}

/** The catalogue as scenarios see it: with engines derived for every model on every GPU. */
export function openModels(): Catalogue {
  return withDerivedEngines(openCatalogue());
}

function readKind(folder: string, kind: string): ReadonlyMap<string, Mapping> {
  const profiles = new Map<string, Mapping>();
  for (const file of filesOf(folder, kind)) {
    const source = readSource(`models/${relative(folder, file).replaceAll("\\", "/")}`, readText(file));
    for (const [name, profile] of profilesIn(source)) {
      if (profiles.has(name)) throw wrong(source, ["profiles", name], "is the name of a profile in another file too");
      profiles.set(name, profile);
    }
  }
  return profiles;
}

function filesOf(folder: string, kind: string): string[] {
  const path = profileFiles[kind];
  if (path === undefined) throw new Error(`assertion failed: there are no profiles of the kind ${kind}`);
  const full = join(folder, path);
  if (path.endsWith(".yaml")) return [full];
  if (!existsSync(full)) return [];
  const names = readdirSync(full).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => join(full, name));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "is missing" : "cannot be read";
    throw new PlanError({ code: "missing-file", message: `${reason}, so its profiles cannot be used`, place: { file } });
  }
}

/** The profiles of a model file, each with what the file says about all of them. */
export function profilesIn(source: Source): [name: string, profile: Mapping][] {
  const { value } = source;
  if (!isMapping(value) || !isMapping(value["profiles"])) throw wrong(source, [], "must hold `profiles`, a mapping of names");
  const shared = Object.fromEntries(profileMetadata.filter((field) => Object.hasOwn(value, field)).map((field) => [field, value[field]]));
  return Object.entries(value["profiles"]).map(([name, own]) => {
    if (!isMapping(own)) throw wrong(source, ["profiles", name], "must be a mapping");
    const profile = { ...shared, ...own };
    checkProvenance(source, name, profile);
    return [name, profile];
  });
}

function checkProvenance(source: Source, name: string, profile: Mapping): void {
  const path = ["profiles", name];
  for (const field of ["source", "asOf", "how"]) {
    if (typeof profile[field] !== "string" || profile[field] === "") throw wrong(source, path, `needs ${field}, a text`);
  }
  if (!(provenances as readonly string[]).includes(profile["how"] as string)) {
    throw wrong(source, path, `must be known from one of ${provenances.join(", ")} (how)`);
  }
}

function wrong(source: Source, path: string[], message: string): PlanError {
  const place = source.place(path, "key") ?? { file: source.file };
  return new PlanError({ code: "unreadable", message, place, path: path.join(".") });
}
