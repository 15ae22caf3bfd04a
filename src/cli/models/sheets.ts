import * as z from "zod";
import { similaritySettings } from "../../cache/similarity.ts";
import { clientSettings } from "../../client/client-settings.ts";
import type { DataTable } from "../../report/data-table.ts";
import { type ClientSheet, clientSheet } from "../../report/models/client-sheet.ts";
import { clientTables } from "../../report/models/client-table.ts";
import { type EngineSheet, engineSheet } from "../../report/models/engine-sheet.ts";
import { type SimilaritySheet, similaritySheet, similarityTable } from "../../report/models/similarity-table.ts";
import { type StoreSheet, storeSheet } from "../../report/models/store-sheet.ts";
import { storeTable } from "../../report/models/store-table.ts";
import { sheetTables } from "../../report/models/tables.ts";
import { vectorStoreSettings } from "../../retrieval/vector-store-settings.ts";
import type { Mapping } from "../../scenario/document/path.ts";
import { factsOf } from "../../scenario/engines/facts.ts";
import { engineSettings } from "../../serving/replica/engine-settings.ts";
import { openCatalogue } from "../catalogue.ts";

/** What a profile comes to, as numbers and as tables of them. */
interface Sheet {
  readonly sheet: EngineSheet | ClientSheet | StoreSheet | SimilaritySheet;
  readonly tables: readonly DataTable[];
}

const sheets: Readonly<Record<string, (settings: Mapping, name: string) => Sheet | undefined>> = {
  engines(settings, name) {
    const sheet = engineSheet(name, z.decode(engineSettings, settings), factsOf(openCatalogue()));
    return sheet && { sheet, tables: sheetTables(sheet) };
  },
  clients(settings) {
    const sheet = clientSheet(z.decode(clientSettings, settings));
    return { sheet, tables: clientTables(sheet) };
  },
  "vector-stores"(settings) {
    const sheet = storeSheet(vectorStoreSettings.parse(settings));
    return { sheet, tables: [storeTable(sheet)] };
  },
  similarity(settings) {
    const sheet = similaritySheet(similaritySettings.parse(settings));
    return { sheet, tables: [similarityTable(sheet)] };
  },
};

/** Undefined for profiles that come to nothing more than what stands in them. */
export function sheetOf(kind: string, name: string, settings: Mapping): Sheet | undefined {
  return sheets[kind]?.(settings, name);
}
