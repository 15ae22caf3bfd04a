import type * as z from "zod";
import { amount, seconds } from "../base/format.ts";
import { issue } from "../base/settings.ts";

/** More of these in a run were surely not meant, and would take for ever. */
const mostOutages = 100_000;

/** Refuses what would go wrong more often in a run than `most`. */
export function checkFaultCount(times: number, most: number, path: PropertyKey[], horizon: number, context: z.RefinementCtx): void {
  if (times <= most) return;
  issue(context, "out-of-range", `would happen ${amount(Math.round(times))} times in ${seconds(horizon)}`, {
    path,
    hint: `allowed: up to ${amount(most)} in a run`,
  });
}

/** Refuses outages that would come too often; given moments are few enough. */
export function checkOutageCount(
  given: { readonly every?: number | undefined; readonly lasts: number } | undefined,
  path: PropertyKey[],
  horizon: number,
  context: z.RefinementCtx,
): void {
  if (given?.every === undefined) return;
  checkFaultCount(horizon / (given.every + given.lasts), mostOutages, path, horizon, context);
}
