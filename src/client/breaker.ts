import { count, duration, settings, share } from "../base/settings.ts";
import { failureList } from "./retry/retry-settings.ts";
import type * as z from "zod";

export const breakerSettings = settings({
  window: duration({ above: 0 }).prefault("10s").describe("over which endings are counted, in ten steps"),
  failureShare: share({ min: 0.001, max: 1 }).prefault("50%").describe("it opens when at least this share of them are failures"),
  minimumCalls: count({ min: 1, whole: true }).prefault(10).describe("with fewer in the window it does not open"),
  openFor: duration({ above: 0 }).prefault("30s").describe("while it is open nothing is sent"),
  probes: count({ min: 1, whole: true })
    .prefault(1)
    .describe("attempts that are let through after that; all answered: closed, one failed: open again"),
  on: failureList().describe("endings that count as failures"),
});

export type BreakerSettings = z.infer<typeof breakerSettings>;
