import * as z from "zod";

/** What a class, a cache, a pool, a provider or a limit is called: in paths, in tables, in file names. */
export const nameSettings = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, { error: "is not a name: letters, digits, - and _, a letter first, at most 64" });
