/** The values of an axis as its planner wrote them, taken apart: `{ constant: 30s }` has one leaf, 30s at `constant`. */
import { parseDocument } from "yaml";

/** What stands at the end of a path within a value, "" for an empty mapping; a value that is no mapping is one leaf at the empty path. */
export interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
}

/** Leaves in the order written; text that is not YAML is one leaf. */
export function leavesOf(value: string): Leaf[] {
  const document = parseDocument(value, { logLevel: "silent" });
  return document.errors.length > 0 ? [{ path: [], text: value }] : below([], document.toJS());
}

function below(path: readonly string[], node: unknown): Leaf[] {
  if (typeof node !== "object" || node === null) return [{ path, text: String(node) }];
  const entries = Object.entries(node);
  if (entries.length === 0) return [{ path, text: "" }];
  return entries.flatMap(([key, child]) => below([...path, key], child));
}

/** Paths, with dots, at which the values do not all have the same text; one that only some of them have is among these. */
export function differingPaths(values: readonly (readonly Leaf[])[]): string[] {
  const paths = [...new Set(values.flatMap((leaves) => leaves.map(({ path }) => path.join("."))))];
  return paths.filter((path) => new Set(values.map((leaves) => textAt(leaves, path))).size > 1);
}

/** Undefined where the value has no such leaf. */
export function textAt(leaves: readonly Leaf[], path: string): string | undefined {
  return leaves.find((leaf) => leaf.path.join(".") === path)?.text;
}

/** A setting's name as prose has it: "coldStart" is "cold start". */
export function inWords(label: string): string {
  return label.replaceAll(/([a-z\d])([A-Z])/g, (_, before: string, capital: string) => `${before} ${capital.toLowerCase()}`);
}
