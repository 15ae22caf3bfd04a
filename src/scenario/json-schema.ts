import * as z from "zod";
import { shorthands } from "../base/settings.ts";
import { nameKeys, type ProfileSlot } from "./document/profiles.ts";
import { rooflineRequest } from "./engines/roofline-request.ts";
import { profileSlots, scenarioSchema } from "./schema.ts";

type Json = Record<string, unknown>;

/** JSON Schema of a scenario file, for editors: every key with its description, and profiles by name where one may stand. */
export function scenarioJsonSchema(): Json {
  const { $schema, ...body } = inputSchema(scenarioSchema);
  for (const slot of profileSlots) addProfiles(body, slot);
  return {
    $schema,
    $id: "headroom/scenario/1",
    title: "Headroom scenario",
    description: "Traffic, and the system that it meets. Quantities have units: 90s, 12/s, 2M, 10%, $6.88.",
    ...body,
  };
}

/** What may be written. Where a name may stand for a mapping, both are described. */
function inputSchema(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const shorthand = shorthands.get(zodSchema);
      if (shorthand === undefined) return;
      const [short, full] = [shorthand.short, shorthand.full].map((one) => {
        const { $schema: _, ...body } = inputSchema(one);
        return body;
      });
      (jsonSchema as Json)["anyOf"] = [short, full];
    },
  });
}

/** At a slot a string names a profile, and a mapping may extend one: then nothing else in it is required. */
function addProfiles(schema: Json, slot: ProfileSlot): void {
  const holders = slot.at.slice(0, -1).reduce((here, key) => here.flatMap((one) => children(one, key)), [schema]);
  for (const holder of holders) addProfilesTo(holder, slot);
}

function addProfilesTo(holder: Json, { at, kind, alias }: ProfileSlot): void {
  const anyKey = at.at(-1) === "*";
  const properties = (anyKey ? holder : holder["properties"]) as Record<string, Json>;
  const last = anyKey ? "additionalProperties" : at.at(-1)!;
  if (properties[last] === undefined) return;
  const { description, ...inline } = properties[last];
  const extension = optionalThroughout(mappingOf(inline)) as Json;
  const name = { type: "string", description: `name of a profile among the ${kind.replace("-", " ")} of models/` };
  properties[last] = {
    ...(description === undefined ? {} : { description }),
    anyOf: [
      name,
      inline,
      ...nameKeys({ alias }).map((key) => extended(extension, key, name.description)),
      ...(kind === "engines" ? [derived(extension)] : []),
    ],
  };
}

/** What is one mapping among other forms; what has names of the user's own besides may extend a profile that has them too. */
function mappingOf(inline: Json): Json {
  const forms = inline["anyOf"] as readonly Json[] | undefined;
  if (forms === undefined) return inline;
  const single = forms.find((form) => form["properties"] !== undefined)!;
  const named = forms.find((form) => form["propertyNames"] !== undefined);
  return named === undefined ? single : { ...single, additionalProperties: named["additionalProperties"] };
}

/** A mapping that names under `key` what it extends. */
function extended(extension: Json, key: string, description: string): Json {
  const name = { type: "string", description: `${description}, for what is not given here` };
  return { ...extension, properties: { [key]: name, ...(extension["properties"] as Json) }, required: [key] };
}

/** An engine may be derived in place, from a model and a GPU: then nothing beside that is required either. */
function derived(extension: Json): Json {
  const { $schema: _, ...roofline } = inputSchema(rooflineRequest);
  return { ...extension, properties: { roofline, ...(extension["properties"] as Json) }, required: ["roofline"] };
}

/** What may be written under a key; of a mapping of several kinds, such as a cache, in each of them. */
function children(schema: Json, key: string): Json[] {
  const child = key === "*" ? schema["additionalProperties"] : (schema["properties"] as Json | undefined)?.[key];
  if (child === undefined) return [];
  const kinds = (child as Json)["oneOf"] as Json[] | undefined;
  return kinds ?? [child as Json];
}

function optionalThroughout(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(optionalThroughout);
  if (typeof schema !== "object" || schema === null) return schema;
  const { required, ...rest } = schema as Json;
  // A property may itself be called `required`; the keyword is a list.
  const kept = Array.isArray(required) || required === undefined ? rest : { ...rest, required };
  return Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, optionalThroughout(value)]));
}
