import { nameHint } from "../../base/nearest.ts";
import type { Mapping } from "../document/path.ts";
import type { Catalogue } from "../document/profiles.ts";

/** The profile that stands for a name among its `aliases`: another model of the same shape. */
export function aliased(catalogue: Catalogue, kind: string, name: string): string | undefined {
  return catalogue.names(kind).find((one) => {
    const { aliases } = catalogue.find(kind, one) as Mapping;
    return Array.isArray(aliases) && aliases.includes(name.toLowerCase());
  });
}

/** Which known name was meant, with why where another profile stands for it. */
export function knownHint(catalogue: Catalogue, kind: string, name: string): string {
  const other = aliased(catalogue, kind, name);
  return other === undefined ? nameHint(name, catalogue.names(kind)) : `\`${other}\` stands for it: their shapes are the same`;
}
