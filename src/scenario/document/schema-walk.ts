import type * as z from "zod";
import { choices, shorthands } from "../../base/settings.ts";
import type { Path } from "./path.ts";

/** What a schema is made of, as far as the walk needs it. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly values?: readonly unknown[];
}

function definition(schema: z.ZodType): Definition {
  return schema.def;
}

/** The schema and all that it wraps or chooses from, as the user writes the value; outermost first. */
function layers(schema: z.ZodType): z.ZodType[] {
  const { innerType, in: input, getter, options } = definition(schema);
  const inner = [innerType, input, getter?.(), ...(options ?? []), shorthands.get(schema)?.full].filter((part) => part !== undefined);
  return [schema, ...inner.flatMap(layers)];
}

function step(schema: z.ZodType, key: string | number): z.ZodType | undefined {
  const { shape, valueType, element } = definition(schema);
  if (shape !== undefined) return Object.hasOwn(shape, key) ? shape[key] : undefined;
  return valueType ?? element;
}

/** Every schema that the value at a path may have to satisfy, outermost first. */
function schemasAt(schema: z.ZodType, path: Path): z.ZodType[] {
  return path.reduce(
    (here, key) =>
      here
        .map((one) => step(one, key))
        .filter((one) => one !== undefined)
        .flatMap(layers),
    layers(schema),
  );
}

/** Keys that a mapping at the path may have; empty when it may have any. @param written what stands there, which may say of what kind it is */
export function keysAt(schema: z.ZodType, path: Path, written: Readonly<Record<string, unknown>> = {}): string[] {
  const shapes = schemasAt(schema, path).map((one) => definition(one).shape ?? {});
  return [...new Set(shapes.filter((shape) => isOfKind(shape, written)).flatMap((shape) => Object.keys(shape)))];
}

/** Whether a mapping does not say of itself that it is of another kind, as a cache does by its `kind`. */
function isOfKind(shape: Readonly<Record<string, z.ZodType>>, written: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(shape).every(([key, schema]) => {
    const { type, values } = definition(schema);
    return type !== "literal" || !Object.hasOwn(written, key) || values!.includes(written[key]);
  });
}

/** Whether the mapping at the path has names of the user's own, as `pools` has. */
export function isRecordAt(schema: z.ZodType, path: Path): boolean {
  return schemasAt(schema, path).some((one) => definition(one).type === "record");
}

/** The kinds of which the mapping at the path chooses one, as a distribution does; empty when it is no such choice. */
export function kindsAt(schema: z.ZodType, path: Path): readonly string[] {
  return schemasAt(schema, path).flatMap((one) => choices.get(one)?.kinds ?? []);
}

export function descriptionAt(schema: z.ZodType, path: Path): string | undefined {
  return schemasAt(schema, path)
    .map((one) => one.description)
    .find((text) => text !== undefined);
}

/** How to write a value at the path, when its schema says so. */
export function examplesAt(schema: z.ZodType, path: Path): readonly string[] {
  return [...new Set(schemasAt(schema, path).flatMap((one) => (one.meta()?.["examples"] as string[] | undefined) ?? []))];
}
