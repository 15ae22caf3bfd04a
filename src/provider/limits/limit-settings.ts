import * as z from "zod";
import { count, issue, settings } from "../../base/settings.ts";
import type { LimiterLaw, Limits } from "./limiter.ts";

/** A decoded limit: a law, what it limits, and its own settings with their defaults. */
export interface LimitSettings extends Partial<Limits> {
  readonly law: string;
  readonly retryAfter: boolean;
  readonly [key: string]: unknown;
}

type Laws = Readonly<Record<string, LimiterLaw>>;

/** What rates are like. */
const limits = { rpm: "rpm: 5000", tpm: "tpm: 2M" } as const;

/** Schema of a limit by any of the laws: one mapping in which each law's keys stand beside its name, and no other law's. */
export function limitSettingsOf(laws: Laws) {
  const names = Object.keys(laws);
  const ofLaws = new Set(Object.values(laws).flatMap((law) => Object.keys(law.settings.shape)));
  const written = settings({
    law: z.enum(names).describe(`how it counts and what it lets through: ${names.join(", ")}`),
    rpm: count({ min: 1 }).optional().describe("requests per minute"),
    tpm: count({ min: 1 }).optional().describe("tokens per minute, input and output together"),
    retryAfter: z.boolean().prefault(false).describe("whether a 429 says when to come back"),
    ...Object.fromEntries([...ofLaws].map((key) => [key, optional(key, laws)])),
  }).superRefine((value, context) => {
    const given: LimitSettings = value;
    const law = laws[given.law];
    const foreign = checkForeign(given, laws, [...Object.keys(limits), ...ofLaws], context);
    const missing = checkMissing(given, law, context);
    if (!foreign && !missing) law.check?.({ rpm: undefined, tpm: undefined, ...filled(given, law) }, context);
  });
  return z.codec(written, z.custom<LimitSettings>(), {
    decode: (value: LimitSettings) => filled(value, laws[value.law]),
    encode: (value) => value as z.output<typeof written>,
  });
}

/** A key as it may be written for any law; its default is a law's own business, and said where they agree on it. */
function optional(key: string, laws: Laws): z.ZodType {
  const schemas = Object.values(laws)
    .map((law) => law.settings.shape[key] as z.ZodType | undefined)
    .filter((schema) => schema !== undefined);
  const [first] = schemas;
  const plain = first instanceof z.ZodPrefault ? (first.unwrap() as z.ZodType) : first;
  const defaults = new Set(schemas.map((schema) => (schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined)));
  const [agreed] = defaults.size === 1 ? defaults : [];
  const description = first.description ?? "";
  return plain.optional().describe(agreed === undefined ? description : `${description}; ${String(agreed)} unless given`);
}

/** The settings with what the law has by default. */
function filled(given: LimitSettings, law: LimiterLaw): LimitSettings {
  const defaults = Object.entries(law.settings.shape)
    .filter(([key]) => given[key] === undefined)
    .map(([key, schema]) => [key, (schema as z.ZodType).parse(undefined)] as const);
  return { ...given, ...Object.fromEntries(defaults.filter(([, value]) => value !== undefined)) };
}

function checkForeign(given: LimitSettings, laws: Laws, keys: readonly string[], context: z.RefinementCtx): boolean {
  const has = ({ reads, settings: own }: LimiterLaw): string[] => [...reads, ...Object.keys(own.shape)];
  const known = has(laws[given.law]);
  const foreign = keys.filter((key) => given[key] !== undefined && !known.includes(key));
  for (const key of foreign) {
    issue(context, "contradiction", `is not a setting of the law ${given.law}`, { path: [key], hint: `it has ${known.join(", ")}` });
  }
  return foreign.length > 0;
}

function checkMissing(given: LimitSettings, { needs, settings: own }: LimiterLaw, context: z.RefinementCtx): boolean {
  const missing = Object.entries(own.shape).filter(([key, schema]) => given[key] === undefined && !schemaTakesNothing(schema as z.ZodType));
  for (const [key, schema] of missing) {
    issue(context, "missing-key", `the law ${given.law} needs ${key}`, { hint: `${key}: ${(schema as z.ZodType).description ?? ""}` });
  }
  const unlimited = needs.length > 0 && needs.every((key) => given[key] === undefined);
  if (unlimited) issue(context, "missing-key", `the law ${given.law} needs ${needs.join(" or ")}`, { hint: limits[needs[0]] });
  return missing.length > 0 || unlimited;
}

function schemaTakesNothing(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success;
}
