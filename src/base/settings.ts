/**
 * Building blocks for settings: zod schemas that read quantities with their units and write them back the same way,
 * so that a decoded scenario can be printed as a scenario again. A policy's file describes its settings with these.
 */
import * as z from "zod";
import { nameHint } from "./nearest.ts";
import * as units from "./units.ts";

export interface Range {
  /** Smallest allowed value, included. */
  readonly min?: number;
  /** Largest allowed value, included. */
  readonly max?: number;
  /** The value must be larger than this. */
  readonly above?: number;
  readonly whole?: boolean;
}

/** What a settings error carries beside its text, for the message at file:line:column. */
export interface SettingIssue {
  readonly code: "wrong-unit" | "wrong-type" | "out-of-range" | "contradiction" | "missing-key" | "unknown-name";
  readonly hint?: string | undefined;
  /** Which of the two is wrong; the value unless given. */
  readonly at?: "key" | "value" | undefined;
}

function quantity(kind: units.Quantity, range: Range, bare: (value: number) => boolean) {
  const show = (value: number) => units.formatQuantity(kind, value);
  const written = z.union([z.string(), z.number()], { error: () => `must be ${kind.noun}` }).meta({ examples: kind.example.split(", ") });
  return z.codec(written, z.number(), {
    decode: (input, context) => {
      const parsed = typeof input === "string" ? units.parseQuantity(kind, input) : bare(input) ? input : undefined;
      const refuse = (code: SettingIssue["code"], message: string, hint: string) => {
        context.issues.push({ code: "custom", input, message, params: { code, hint } satisfies SettingIssue });
        return z.NEVER;
      };
      if (parsed === undefined || !Number.isFinite(parsed)) {
        return refuse("wrong-unit", `must be ${kind.noun}`, `write it like ${kind.example}`);
      }
      const bound = violated(parsed, range, show);
      return bound === undefined ? parsed : refuse("out-of-range", `must be ${bound}`, `allowed: ${describeRange(range, show)}`);
    },
    encode: (value) => {
      const text = show(value);
      const bareIsExact = kind === units.count || units.parseQuantity(kind, text) !== value;
      return bare(value) && bareIsExact ? value : text;
    },
  });
}

function violated(value: number, range: Range, show: (value: number) => string): string | undefined {
  if (range.whole === true && !Number.isInteger(value)) return "a whole number";
  if (range.above !== undefined && !(value > range.above)) return `above ${show(range.above)}`;
  if (range.min !== undefined && !(value >= range.min)) return `at least ${show(range.min)}`;
  if (range.max !== undefined && !(value <= range.max)) return `at most ${show(range.max)}`;
  return undefined;
}

function describeRange(range: Range, show: (value: number) => string): string {
  const parts = [
    range.whole === true ? "whole numbers" : undefined,
    range.above !== undefined ? `above ${show(range.above)}` : undefined,
    range.min !== undefined ? `from ${show(range.min)}` : undefined,
    range.max !== undefined ? `up to ${show(range.max)}` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

/** Seconds; at least zero unless the range says otherwise. */
export const duration = (range: Range = { min: 0 }) => quantity(units.duration, range, (value) => value === 0);
/** Per second; above zero unless the range says otherwise. */
export const rate = (range: Range = { above: 0 }) => quantity(units.rate, range, () => false);
/** A number of things; whole and at least zero unless the range says otherwise. */
export const count = (range: Range = { min: 0, whole: true }) => quantity(units.count, range, () => true);
/** A share from 0 to 1. */
export const share = (range: Range = { min: 0, max: 1 }) => quantity(units.share, range, () => true);
/** US dollars, at least zero. */
export const money = (range: Range = { min: 0 }) => quantity(units.money, range, () => false);
/** Bytes, above zero. */
export const bytes = (range: Range = { above: 0 }) => quantity(units.bytes, range, () => false);
/** Bytes per second, above zero. */
export const bandwidth = (range: Range = { above: 0 }) => quantity(units.bandwidth, range, () => false);
/** Floating-point operations per second, above zero. */
export const flops = (range: Range = { above: 0 }) => quantity(units.flops, range, () => false);
/** A bare number without a unit, such as an exponent or a factor. */
export const factor = (range: Range = {}) =>
  z.number().superRefine((value, context) => {
    const bound = violated(value, range, String);
    if (bound !== undefined) issue(context, "out-of-range", `must be ${bound}`, { hint: `allowed: ${describeRange(range, String)}` });
  });

/** An object in which every key is known; a typo is an error, since it must not change a bill. */
export const settings = z.strictObject;

/** Adds an error to a refinement, below `path`, with its code and hint. */
export function issue(
  context: { addIssue: (issue: { code: "custom"; message: string; path?: PropertyKey[]; params?: SettingIssue }) => void },
  code: SettingIssue["code"],
  message: string,
  { path, hint, at }: { path?: PropertyKey[]; hint?: string; at?: "key" | "value" } = {},
): void {
  context.addIssue({
    code: "custom",
    message,
    ...(path === undefined ? {} : { path }),
    params: { code, hint, at },
  });
}

/** Schemas of which exactly one key out of `kinds` is chosen: another choice stands instead of the first, not beside it. */
export const choices = z.registry<{ readonly kinds: readonly string[] }>();

type Shape = Record<string, z.ZodType>;
type AllOptional<S extends Shape> = { [K in keyof S]: z.ZodOptional<S[K]> };

/**
 * Exactly one policy out of a registry, written as `{ name: { …its settings } }`, beside keys that any of them may have.
 * The first key present is the choice; none or two is an error that lists the names.
 */
export function oneOf<S extends Shape, M extends Shape = Record<string, never>>(policies: S, beside?: M) {
  const names = Object.keys(policies);
  const optional = Object.fromEntries(names.map((name) => [name, policies[name].optional()])) as AllOptional<S>;
  const schema = z.strictObject({ ...optional, ...(beside ?? ({} as M)) }).superRefine((value, context) => {
    const present = names.filter((name) => (value as Record<string, unknown>)[name] !== undefined);
    if (present.length === 1) return;
    const found = present.length === 0 ? "nothing" : present.join(" and ");
    issue(context, "contradiction", `needs exactly one of its kinds, found ${found}`, { hint: `one of ${names.join(", ")}` });
  });
  choices.add(schema, { kinds: names });
  return schema;
}

/** Schemas that take one value in the place of a mapping: what that value may be, and the schema of the mapping. */
export const shorthands = new WeakMap<object, { readonly short: z.ZodType; readonly full: z.ZodType }>();

type Written = string | number | Record<string, unknown>;

/**
 * A mapping that may be written shorter, as `10%` for `{ share: 10% }`.
 * @param short what may stand in the mapping's place, for editors; @param expand makes the mapping of whatever is written
 */
export function abbreviated<Decoded>(
  full: z.ZodType<Decoded, Record<string, unknown>>,
  short: z.ZodType,
  expand: (written: Written) => Record<string, unknown>,
) {
  const written = z.union([z.string(), z.number(), z.looseObject({})], { error: "must be one value, or a mapping" });
  shorthands.set(written, { short, full });
  return z.codec(written, full, { decode: expand, encode: (value) => value });
}

/** A decoded `namedOneOf`: one policy with its settings, and what stands beside it. */
type Chosen<M extends Shape> = { readonly [name: string]: unknown } & { readonly [K in keyof M]: z.infer<M[K]> };

/** `oneOf`, of which a policy that needs no settings may be written as its name alone. */
export function namedOneOf<M extends Shape>(policies: Shape, beside: M) {
  const kinds = Object.keys(policies);
  const full = oneOf(policies, beside) as unknown as z.ZodType<Chosen<M>, Record<string, unknown>>;
  const written = z.union([z.string(), z.looseObject({})], { error: "must be a name, or a mapping" });
  shorthands.set(written, { short: z.enum(kinds), full });
  return z.codec(written, full, {
    decode: (input, context) => {
      if (typeof input !== "string") return input;
      if (kinds.includes(input)) return { [input]: {} };
      const params: SettingIssue = { code: "unknown-name", hint: nameHint(input, kinds) };
      context.issues.push({ code: "custom", input, message: `there is no \`${input}\``, params });
      return z.NEVER;
    },
    encode: (value) => value,
  });
}

/** The name of the policy chosen in a decoded `oneOf` value, and its settings. */
export function chosen(value: Readonly<Record<string, unknown>>, names: readonly string[]): [name: string, settings: unknown] {
  for (const name of names) if (value[name] !== undefined) return [name, value[name]];
  throw new Error(`assertion failed: no policy among ${names.join(", ")} was chosen`);
}
