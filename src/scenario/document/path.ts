/** Keys and list indices from the top of a document down. */
export type Path = readonly (string | number)[];

export type Mapping = Record<string, unknown>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, i) => String(step) === String(path[i]));
}

/** As it is written in messages and on the command line: `pools.gpus.warm.size`. */
export function dotted(path: Path): string {
  return path.join(".");
}

/** The plain value at a path; undefined when nothing is there. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((here, step) => {
    if (Array.isArray(here)) return here[Number(step)] as unknown;
    return isMapping(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }, value);
}
