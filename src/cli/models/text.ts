import { stringify } from "yaml";
import { wrapped } from "../../base/format.ts";
import { nameHint, nearest } from "../../base/nearest.ts";
import { PlanError } from "../../base/plan-error.ts";
import { clientSettings } from "../../client/client-settings.ts";
import type { DataTable } from "../../report/data-table.ts";
import { clientSheet } from "../../report/models/client-sheet.ts";
import { storeSheet } from "../../report/models/store-sheet.ts";
import { listTable, type ListedProfile } from "../../report/models/tables.ts";
import { tablesText } from "../../report/table.ts";
import { vectorStoreSettings } from "../../retrieval/vector-store-settings.ts";
import { aliased, knownHint } from "../../scenario/engines/aliases.ts";
import { type Catalogue, splitProfile } from "../../scenario/document/profiles.ts";
import { isMapping, type Mapping } from "../../scenario/document/path.ts";
import { engineNameForm } from "../../scenario/engines/engine-name.ts";
import { profileError } from "../../scenario/profile-error.ts";
import { KeyedRandom } from "../../kernel/random.ts";
import { ColdStart, coldStartSettings } from "../../serving/fleet/cold-start.ts";
import { openCatalogue, openModels, profileFiles } from "../catalogue.ts";
import { textOptions } from "../print.ts";
import { sheetOf } from "./sheets.ts";

export interface Shown {
  readonly json: boolean;
  readonly color: boolean;
}

const kinds = Object.keys(profileFiles);

/** Names of profiles; of all kinds without those engines that can be derived, of which there are many. */
export function listModels(kind: string | undefined, shown: Shown): string {
  if (kind !== undefined && !kinds.includes(kind)) {
    const message = `there is no kind \`${kind}\` of profiles`;
    throw new PlanError({ code: "unknown-name", message, hint: nameHint(kind, kinds) });
  }
  const models = openModels();
  const shipped = openCatalogue();
  const lists = (kind === undefined ? kinds : [kind]).map((one) => {
    const names = (kind === undefined ? shipped : models).names(one);
    return { kind: one, profiles: names.flatMap((name) => listed(models, one, name)) };
  });
  if (shown.json) return jsonText({ schema: "headroom/models/1", kinds: Object.fromEntries(lists.map((one) => [one.kind, one.profiles])) });
  const derived = models.names("engines").length - shipped.names("engines").length;
  const form = `Any ${engineNameForm} is derived when it is named`;
  const note = kind === undefined ? `${form}: ${derived} of those are listed by headroom models list engines.` : `${form}.`;
  const tables = lists.map((one) => listTable(one.kind, one.profiles, one.kind === "engines" ? note : undefined));
  return tablesText(tables, textOptions(shown.color));
}

function listed(models: Catalogue, kind: string, name: string): ListedProfile[] {
  const profile = models.find(kind, name) as Mapping | undefined;
  if (profile === undefined) return [];
  const text = (field: string) => String(profile[field] ?? "");
  return [
    {
      name,
      how: text("how"),
      asOf: text("asOf"),
      source: text("source"),
      error: hasOneError(profile["error"]) ? profileError(profile["error"]) : undefined,
      start_s: kind === "cold-starts" ? meanStart(profile) : undefined,
      reads_per_s: kind === "vector-stores" ? mostReads(profile) : undefined,
      attempts: kind === "clients" ? clientSheet(clientSettings.parse(splitProfile(profile).settings)).attempts : undefined,
    },
  ];
}

/** Mean seconds until a replica is ready. */
function meanStart(profile: Mapping): number {
  return new ColdStart(coldStartSettings.parse(splitProfile(profile).settings), new KeyedRandom(0)).mean;
}

/** Reads per second of one replica that does nothing else. */
function mostReads(profile: Mapping): number {
  return storeSheet(vectorStoreSettings.parse(splitProfile(profile).settings)).indexed.most_per_s;
}

/** Efficiencies have an error for each class of models, which is told with their numbers; all other profiles one. */
function hasOneError(error: unknown): boolean {
  return typeof error === "string" || (isMapping(error) && "text" in error);
}

/** A field of what a profile says about itself, wrapped and indented; of a mapping each entry on lines of its own. */
function fieldText(field: string, value: unknown, width: number): string {
  const text = (one: unknown) =>
    typeof one === "string" ? one.trimEnd() : stringify(one, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
  if (field === "error" && hasOneError(value)) return wrapped(`${field}: ${profileError(value)!.text.trimEnd()}`, width - 2).join("\n  ");
  if (!isMapping(value)) return wrapped(`${field}: ${text(value)}`, width - 2).join("\n  ");
  const entries = Object.entries(value).map(([key, one]) => wrapped(`${key}: ${text(one)}`, width - 4).join("\n    "));
  return [`${field}:`, ...entries].join("\n  ");
}

/** One profile, or all of that name when several kinds have it. */
export function showModel(name: string, shown: Shown): string {
  const models = openModels();
  const found = kinds.flatMap((kind) => {
    const profile = models.find(kind, name) as Mapping | undefined;
    if (profile === undefined) return [];
    const { about, settings } = splitProfile(profile);
    return [{ kind, name, about, settings, ...sheetOf(kind, name, settings) }];
  });
  if (found.length === 0) throw unknown(name, models);
  if (shown.json) return jsonText({ schema: "headroom/models/1", profiles: found.map(({ tables: _, ...profile }) => profile) });
  return found.map((one) => profileText(one, shown)).join("\n");
}

interface Described {
  readonly kind: string;
  readonly name: string;
  readonly about: Mapping;
  readonly settings: Mapping;
  readonly tables?: readonly DataTable[];
}

function unknown(name: string, models: Catalogue): PlanError {
  // What looks like an engine's name is explained part by part.
  const refusal = name.includes("/") ? models.refusal?.("engines", name) : undefined;
  if (refusal !== undefined) return new PlanError({ ...refusal, value: refusal.message.includes(name) ? undefined : name });
  const model = aliased(models, "llms", name);
  const near =
    model ??
    nearest(
      name,
      kinds.flatMap((kind) => models.names(kind)),
    );
  const message = `there is no profile \`${name}\``;
  const meant = near === undefined ? "" : model === undefined ? `did you mean \`${near}\`? ` : `${knownHint(models, "llms", name)}; `;
  const hint = `${meant}headroom models list names them all`;
  return new PlanError({ code: "unknown-name", message, hint });
}

function profileText({ kind, name, about, settings, tables }: Described, { color }: Shown): string {
  const options = textOptions(color);
  const { width = 100 } = options;
  const words = Object.entries(about).map(([field, value]) => fieldText(field, value, width));
  const head = [`${name} (${kind})`, ...words].join("\n");
  const sheet = tables === undefined ? "" : `\n${tablesText(tables, options)}`;
  return `${head}\n${sheet}\n${stringify(settings, { lineWidth: width })}`;
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
