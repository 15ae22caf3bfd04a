import type * as z from "zod";
import { count, settings } from "../../../base/settings.ts";
import type { ConcurrencyPolicy } from "./concurrency.ts";

const fixedSettings = settings({ limit: count({ min: 1, whole: true }).describe("attempts under way at once") });

/** Always as many. */
export const fixed: ConcurrencyPolicy<z.infer<typeof fixedSettings>> = {
  settings: fixedSettings,
  create: ({ limit }) => ({ limit }),
};
