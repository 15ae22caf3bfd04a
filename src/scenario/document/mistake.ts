import type * as z from "zod";
import { nameHint, nearest } from "../../base/nearest.ts";
import type { PlanErrorCode } from "../../base/plan-error.ts";
import type { SettingIssue } from "../../base/settings.ts";
import { isMapping, type Path, valueAt } from "./path.ts";
import { descriptionAt, examplesAt, keysAt } from "./schema-walk.ts";

/** Something wrong at a path of the scenario, before it is known where that stands. */
export interface Mistake {
  readonly path: Path;
  readonly code: PlanErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Which of the two the caret points at. */
  readonly at: "key" | "value";
}

type Issue = z.core.$ZodIssue;

/** A file that is wrong throughout is not a scenario; nobody reads on. */
const most = 100;

/** Puts what zod found into our words: each mistake once, and a misspelt key not also as a missing one. */
export function mistakesOf(issues: readonly Issue[], root: unknown, schema: z.ZodType): Mistake[] {
  const found = issues.slice(0, most).flatMap((issue) => translate(issue, [], root, schema));
  return onePerValue(joinMissing(withoutMisspelt(found, schema, root), schema), root);
}

/** A required key that is not there; several of one mapping become one mistake. */
interface Missing extends Mistake {
  readonly missing: string;
}

function translate(issue: Issue, base: Path, root: unknown, schema: z.ZodType): (Mistake | Missing)[] {
  const path = writtenPath([...base, ...(issue.path as Path)], root);
  const value = valueAt(root, path);
  const lacking = value === undefined && path.length > 0 && isMapping(valueAt(root, path.slice(0, -1)));
  if (lacking && issue.code !== "custom" && issue.code !== "invalid_key") {
    const key = String(path.at(-1));
    return [{ path: path.slice(0, -1), missing: key, code: "missing-key", message: "", at: "key" }];
  }
  if (value === null && issue.code !== "custom") {
    return [{ path, code: "wrong-type", message: "has no value", hint: "give one, or leave the key out", at: "key" }];
  }
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.slice(0, most).map((key) => unknownKey(key, path, root, schema));
    case "invalid_union":
      return union(issue, path, root, schema);
    case "invalid_key":
    case "invalid_element":
      return issue.issues.flatMap((inner) => translate(inner, path, root, schema)).map(atKey);
    case "invalid_value":
      return [enumeration(issue.values.map(String), path, value)];
    case "custom": {
      const { code, hint, at = "value" } = (issue.params ?? { code: "wrong-type" }) as unknown as SettingIssue;
      return [{ path, code, message: issue.message, hint, at }];
    }
    case "invalid_type":
      return [wrongType(issue.expected, path, schema, issue.message.startsWith("Invalid input") ? undefined : issue.message)];
    case "too_small":
    case "too_big": {
      const message = issue.message.startsWith("Too ") ? sizeWords(issue) : issue.message;
      return [{ path, code: "out-of-range", message, at: "value" }];
    }
    default:
      return [{ path, code: "wrong-type", message: issue.message, at: "value" }];
  }
}

function atKey(mistake: Mistake): Mistake {
  return { ...mistake, at: "key" };
}

/** A shorthand such as `replicas: 3` is checked as the mapping that it stands for; the mistake is the shorthand's. */
function writtenPath(path: Path, root: unknown): Path {
  for (let length = 0; length < path.length; length++) {
    const here = valueAt(root, path.slice(0, length));
    if (here === undefined) return path;
    if (!isMapping(here) && !Array.isArray(here)) return path.slice(0, length);
  }
  return path;
}

function unknownKey(key: string, path: Path, root: unknown, schema: z.ZodType): Mistake {
  const written = (valueAt(root, path) ?? {}) as Readonly<Record<string, unknown>>;
  const known = keysAt(schema, path, written);
  const given = Object.keys(written);
  if (known.includes(key)) {
    const others = given.filter((name) => name !== key).join(", ");
    return { path: [...path, key], code: "unknown-key", message: `does not go with ${others}`, hint: "leave out one of them", at: "key" };
  }
  const near = nearest(key, known);
  const left = known.filter((name) => !given.includes(name));
  const hint = near === undefined && left.length === 0 ? undefined : nameHint(key, near === undefined ? left : known);
  return { path: [...path, key], code: "unknown-key", message: "is not a setting", hint, at: "key" };
}

/** Reports the branch that has the type of what was written and knows most of its keys; when none has, the types that would do. */
function union(issue: z.core.$ZodIssueInvalidUnion, path: Path, root: unknown, schema: z.ZodType): Mistake[] {
  // What is told apart by one key is of no kind when that has another value.
  if ("options" in issue && issue.options !== undefined) return [enumeration(issue.options.map(String), path, valueAt(root, path))];
  const ofItsType = issue.errors.filter((branch) => !branch.some((inner) => inner.path.length === 0 && isTypeIssue(inner)));
  const value = valueAt(root, path);
  const [meant] = ofItsType.sort(
    (a, b) => keysRefused(a, value) - keysRefused(b, value) || resemblances(b) - resemblances(a) || a.length - b.length,
  );
  if (meant !== undefined) return meant.flatMap((inner) => translate(inner, path, root, schema));
  if (issue.message !== "Invalid input") {
    const examples = examplesAt(schema, path);
    const hint = examples.length > 0 ? `write it like ${examples.join(", ")}` : descriptionAt(schema, path);
    return [{ path, code: "wrong-type", message: issue.message, hint, at: "value" }];
  }
  const expected = issue.errors.flatMap((branch) =>
    branch.map((inner) => (inner.code === "invalid_type" ? typeWords(inner.expected) : "")),
  );
  return [wrongType("", path, schema, `must be ${[...new Set(expected)].filter((text) => text !== "").join(" or ")}`)];
}

/** How many of a mapping's keys a branch does not know, or knows as something of another type. */
function keysRefused(branch: readonly Issue[], value: unknown): number {
  return branch.reduce((sum, inner) => {
    if (inner.code === "unrecognized_keys" && inner.path.length === 0) return sum + inner.keys.length;
    const wrong = isTypeIssue(inner) && inner.path.length === 1 && valueAt(value, inner.path as Path) !== undefined;
    return sum + (wrong ? 1 : 0);
  }, 0);
}

/** How many of the keys that a branch does not know resemble one that it lacks. */
function resemblances(branch: readonly Issue[]): number {
  const lacking = branch
    .filter((inner) => inner.path.length === 1 && inner.code !== "unrecognized_keys")
    .map(({ path }) => String(path[0]));
  const unknown = branch.flatMap((inner) => (inner.code === "unrecognized_keys" && inner.path.length === 0 ? inner.keys : []));
  return unknown.filter((key) => nearest(key, lacking) !== undefined).length;
}

function isTypeIssue(issue: Issue): boolean {
  return issue.code === "invalid_type" || issue.code === "invalid_union";
}

function wrongType(expected: string, path: Path, schema: z.ZodType, message = `must be ${typeWords(expected)}`): Mistake {
  const examples = examplesAt(schema, path);
  const keys = keysAt(schema, path);
  const example = examples.length > 0 ? `write it like ${examples.join(", ")}` : undefined;
  // An entry of a list is described by its list.
  const described = descriptionAt(schema, path) ?? (typeof path.at(-1) === "number" ? descriptionAt(schema, path.slice(0, -1)) : undefined);
  const hint = example ?? (keys.length > 0 ? `its keys: ${keys.join(", ")}` : described);
  return { path, code: "wrong-type", message, hint, at: "value" };
}

function typeWords(expected: string): string {
  const words: Record<string, string> = {
    object: "a mapping",
    record: "a mapping of names",
    array: "a list",
    tuple: "a list",
    string: "a text",
    number: "a number",
    boolean: "true or false",
  };
  return words[expected] ?? expected;
}

function enumeration(values: readonly string[], path: Path, value: unknown): Mistake {
  const near = typeof value === "string" ? nearest(value, values) : undefined;
  const hint = near === undefined ? undefined : `did you mean \`${near}\`?`;
  return { path, code: "unknown-name", message: `must be ${values.length > 1 ? "one of " : ""}${values.join(", ")}`, hint, at: "value" };
}

function sizeWords(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [word, bound] = issue.code === "too_small" ? ["at least", issue.minimum] : ["at most", issue.maximum];
  if (issue.origin === "string" && bound === 1) return "must not be empty";
  const things = issue.origin === "array" ? (Number(bound) === 1 ? " entry" : " entries") : issue.origin === "string" ? " characters" : "";
  return things === "" ? `must be ${word} ${String(bound)}` : `must have ${word} ${String(bound)}${things}`;
}

function isMissing(mistake: Mistake): mistake is Missing {
  return "missing" in mistake;
}

const holderOf = (path: Path) => JSON.stringify(path);

/** Leaves out what follows from a misspelt key: that it is missing, or that its mapping makes no sense without it. */
function withoutMisspelt(mistakes: readonly Mistake[], schema: z.ZodType, root: unknown): Mistake[] {
  const misspeltKeys = new Set<string>();
  const holders = new Set<string>();
  for (const { code, path } of mistakes) {
    if (code !== "unknown-key") continue;
    const holder = path.slice(0, -1);
    const absent = keysAt(schema, holder).filter((key) => valueAt(root, [...holder, key]) === undefined);
    const meant = nearest(String(path.at(-1)), absent);
    if (meant === undefined) continue;
    misspeltKeys.add(holderOf([...holder, meant]));
    holders.add(holderOf(holder));
  }
  return mistakes.filter((mistake) => {
    if (isMissing(mistake)) return !misspeltKeys.has(holderOf([...mistake.path, mistake.missing]));
    return mistake.code === "unknown-key" || !holders.has(holderOf(mistake.path));
  });
}

/** Of several mistakes of one plain value the last is kept: a shorthand such as `replicas: -1` is checked once for each part. */
function onePerValue(mistakes: readonly Mistake[], root: unknown): Mistake[] {
  return mistakes.filter(({ path }, i) => {
    const value = valueAt(root, path);
    if (isMapping(value) || Array.isArray(value)) return true;
    return !mistakes.slice(i + 1).some((later) => holderOf(later.path) === holderOf(path));
  });
}

function joinMissing(mistakes: readonly Mistake[], schema: z.ZodType): Mistake[] {
  const byHolder = new Map<string, Missing[]>();
  for (const mistake of mistakes.filter(isMissing)) {
    const holder = holderOf(mistake.path);
    byHolder.set(holder, [...(byHolder.get(holder) ?? []), mistake]);
  }
  const joined = [...byHolder.values()].map((missing): Mistake => {
    const { path } = missing[0];
    const keys = [...new Set(missing.map((one) => one.missing))];
    const list = keys.length === 1 ? keys[0] : `${keys.slice(0, -1).join(", ")} and ${keys.at(-1)}`;
    return { path, code: "missing-key", message: `needs ${list}`, hint: keyHint(keys[0], path, schema), at: "key" };
  });
  return [...mistakes.filter((mistake) => !isMissing(mistake)), ...joined];
}

function keyHint(key: string, path: Path, schema: z.ZodType): string | undefined {
  const examples = examplesAt(schema, [...path, key]);
  const text = [descriptionAt(schema, [...path, key]), examples.length === 0 ? undefined : `write it like ${examples.join(", ")}`];
  const said = text.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : `${key}: ${said.join("; ")}`;
}
