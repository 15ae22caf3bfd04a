import type * as z from "zod";
import { issue } from "../../base/settings.ts";

interface Windowed {
  readonly rpm: number | undefined;
  readonly window: number;
}

/** Refuses a window in which the rate does not allow a single request. */
export function checkWindow({ rpm, window }: Windowed, context: z.RefinementCtx): void {
  if (rpm === undefined || (rpm / 60) * window >= 1) return;
  issue(context, "contradiction", "no window takes a whole request", { path: ["window"], hint: `at least ${60 / rpm}s for this rpm` });
}
