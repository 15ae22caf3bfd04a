import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
} from "yaml";
import { PlanError, type Place } from "../../base/plan-error.ts";
import { isMapping, type Path } from "./path.ts";

/** Longer lines and values are not shown in messages. */
const shownLine = 200;
const shownValue = 60;

/** Nesting that no scenario needs; deeper input is refused before it can exhaust the stack. */
const deepest = 64;
const tooDeep = "is nested too deeply";
const mostAliases = 100;
const tooManyAliases = "uses aliases too often";
const aliasHint = "write the values out";
const depthHint = `at most ${deepest} levels, and no alias inside what it stands for`;

/** A YAML file as it was read: its plain value, and where each part of that stands. */
export interface Source {
  readonly file: string;
  /** A tree of our own, which may be changed. */
  readonly value: unknown;
  has(path: Path): boolean;
  /** Where the value (or its key) at the path stands; undefined when nothing is there. */
  place(path: Path, part: "key" | "value"): Place | undefined;
  /** The value at the path in the file's own words, when they are short. */
  written(path: Path): string | undefined;
}

/** Reads YAML. Anchors and aliases are allowed; tags, tab indents and keys that are no plain text are not. */
export function readSource(file: string, input: string): Source {
  const text = input.startsWith("\uFEFF") ? input.slice(1) : input;
  // A NUL comes from UTF-16 or a binary file.
  if (text.includes("\0")) throw new PlanError({ code: "unreadable", message: "is not a text file in UTF-8", place: { file } });
  const lineCounter = new LineCounter();
  const placeAt = (offset: number) => placeIn(file, text, lineCounter, offset);
  const document = guarded(file, () => parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false, logLevel: "error" }));
  const [first] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (first !== undefined) throw syntaxError(first, text, placeAt(first.pos[0]));
  guarded(file, () => checkNodes(document, placeAt));
  const value = guarded(file, () => tree(document.toJS({ maxAliasCount: mostAliases }), 0));

  const find = (path: Path) => locate(document, path);
  return {
    file,
    value,
    has: (path) => find(path) !== undefined,
    place(path, part) {
      const found = find(path);
      const node = part === "key" ? (found?.key ?? found?.value) : (found?.value ?? found?.key);
      return node?.range ? placeAt(node.range[0]) : undefined;
    },
    written(path) {
      const node = find(path)?.value;
      if (!node?.range || (isScalar(node) && node.value === null)) return undefined;
      const words = text.slice(node.range[0], node.range[1]);
      return words.length > shownValue || words.includes("\n") || words === "" ? undefined : words;
    },
  };
}

function guarded<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PlanError) throw error;
    // The parser's own words for too many aliases of aliases, and for a stack that ran out.
    throw error instanceof ReferenceError ? refuse(tooManyAliases, { file }, aliasHint) : refuse(tooDeep, { file }, depthHint);
  }
}

function placeIn(file: string, text: string, lineCounter: LineCounter, offset: number): Place {
  const { line, col } = lineCounter.linePos(offset);
  const start = lineCounter.lineStarts[line - 1] ?? 0;
  const end = text.indexOf("\n", start);
  const words = text
    .slice(start, end === -1 ? undefined : end)
    .replace(/\r$/, "")
    .replaceAll("\t", " ");
  return { file, line, column: col, ...(words.length > shownLine ? {} : { text: words }) };
}

const syntaxWords: Partial<Record<YAMLError["code"], string>> = {
  TAB_AS_INDENT: "a tab cannot indent: use spaces",
  MULTIPLE_DOCS: "holds more than one document: a scenario is one",
  TAG_RESOLVE_FAILED: "tags such as !name are not known here",
  BAD_INDENT: "the indentation does not fit the lines above",
};

/** Where one code of the parser stands for several mistakes. */
const syntaxPatterns: readonly (readonly [RegExp, string])[] = [
  [/^Missing closing .*quote$/, "a quoted text does not end"],
  [/^Flow (map|sequence) in block collection must be sufficiently indented/, "a bracket above is not closed"],
];

function syntaxError(error: YAMLError, text: string, place: Place): PlanError {
  if (/call stack/.test(error.message)) return refuse(tooDeep, { file: place.file }, depthHint);
  const tab = text[error.pos[0]] === "\t" ? syntaxWords.TAB_AS_INDENT : undefined;
  const known = syntaxPatterns.find(([pattern]) => pattern.test(error.message))?.[1] ?? syntaxWords[error.code];
  return refuse(tab ?? known ?? `is not YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`, place);
}

function refuse(message: string, place: Place | undefined, hint?: string): PlanError {
  return new PlanError({ code: "bad-syntax", message, place, hint });
}

/**
 * Keys are plain words, each given once: anything else would be turned into text by guessing, or be lost. An alias stands for
 * an anchor above it. (The parser would compare each key with every other.)
 */
function checkNodes(document: Document, placeAt: (offset: number) => Place): void {
  const placeOf = (node: unknown) => (isNode(node) && node.range ? placeAt(node.range[0]) : undefined);
  let aliases = 0;
  visit(document, {
    Map(_, map) {
      const seen = new Map<string, Scalar>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === null || key.value === "__proto__") throw refuse("a key must be a plain word", placeOf(key));
        const name = String(key.value);
        const first = seen.get(name);
        if (first !== undefined) throw refuse(`\`${name}\` is given twice`, placeOf(key), `first given on line ${placeOf(first)?.line}`);
        seen.set(name, key);
      }
    },
    Alias(_, alias) {
      if (++aliases > mostAliases) throw refuse(tooManyAliases, placeOf(alias), aliasHint);
      if (alias.resolve(document) === undefined) throw refuse(`there is no anchor \`&${alias.source}\` above`, placeOf(alias));
    },
  });
}

/** A copy without shared parts, as aliases would make them. */
function tree(value: unknown, depth: number): unknown {
  if (depth > deepest) throw new RangeError("too deep");
  if (Array.isArray(value)) return value.map((entry) => tree(entry, depth + 1));
  if (isMapping(value)) return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, tree(entry, depth + 1)]));
  return value;
}

function locate(document: Document, path: Path): { key: Node | undefined; value: Node | undefined } | undefined {
  let key: Node | undefined;
  let value: Node | undefined = document.contents ?? undefined;
  for (const step of path) {
    const holder = isAlias(value) ? value.resolve(document) : value;
    if (isMap(holder)) {
      const pair = holder.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return undefined;
      key = pair.key as Node;
      value = isNode(pair.value) ? pair.value : undefined;
    } else if (isSeq(holder)) {
      const item = holder.items[Number(step)];
      if (!isNode(item)) return undefined;
      key = undefined;
      value = item;
    } else return undefined;
  }
  return { key, value };
}
