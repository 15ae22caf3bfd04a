import * as z from "zod";
import { clientSettings } from "../../client/client-settings.ts";
import type { DataTable } from "../../report/data-table.ts";
import { type ClientSheet, clientSheet } from "../../report/models/client-sheet.ts";
import { clientTables } from "../../report/models/client-table.ts";
import { type EngineSheet, engineSheet } from "../../report/models/engine-sheet.ts";
import { sheetTables } from "../../report/models/tables.ts";
import type { Mapping } from "../../scenario/document/path.ts";
import { factsOf } from "../../scenario/engines/facts.ts";
import { engineSettings } from "../../serving/replica/engine-settings.ts";
import { openCatalogue } from "../catalogue.ts";

/** What a profile comes to, as numbers and as tables of them. */
interface Sheet {
  readonly sheet: EngineSheet | ClientSheet;
  readonly tables: readonly DataTable[];
}

/** Undefined for profiles that come to nothing more than what stands in them. */
export function sheetOf(kind: string, name: string, settings: Mapping): Sheet | undefined {
  if (kind === "clients") {
    const sheet = clientSheet(z.decode(clientSettings, settings));
    return { sheet, tables: clientTables(sheet) };
  }
  const sheet = kind === "engines" ? engineSheet(name, z.decode(engineSettings, settings), factsOf(openCatalogue())) : undefined;
  return sheet && { sheet, tables: sheetTables(sheet) };
}
