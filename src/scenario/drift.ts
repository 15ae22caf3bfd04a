import * as z from "zod";
import { nameSettings } from "../base/name.ts";
import { nameHint } from "../base/nearest.ts";
import { issue, settings, share } from "../base/settings.ts";
import type { Scenario } from "./schema.ts";

/** A change by the month; nothing shrinks to nothing or grows tenfold in one. */
const change = () => share({ min: -0.99, max: 10 });

const uncertain = settings({
  p50: change().describe("as likely to be more as to be less"),
  p90: change().describe("nine times in ten less"),
});

const changeByName = (of: string) =>
  z.union([change(), z.record(nameSettings, change())], { error: `must be a share such as 5% or -3%, or a mapping of ${of} to shares` });

/** How demand, use and prices change with the months. Each is a share by which a month differs from the one before, so that they compound. */
export const driftSettings = settings({
  traffic: z
    .union([change(), uncertain, z.record(nameSettings, change())], {
      error: "must be a share such as 8%, { p50: 8%, p90: 14% }, or a mapping of classes to shares",
    })
    .optional()
    .describe("arrivals, of all classes, { p50: 8%, p90: 14% } where it is uncertain, or by class: { chat: 8%, digests: 2% }"),
  inputTokens: changeByName("classes").optional().describe("lengths of prompts, of all classes or by class"),
  outputTokens: changeByName("classes").optional().describe("lengths of answers, of all classes or by class"),
  hitRate: changeByName("caches").optional().describe("hit rates that are given, of all caches or by cache: -3% of 20% are 19.4%"),
  vectors: changeByName("vector stores").optional().describe("vectors at the start of the run, of all vector stores or by store"),
  prices: changeByName("pools, providers, stores and caches")
    .optional()
    .describe("all prices, or those of pools, providers, stores and caches by name"),
}).superRefine(({ traffic }, context) => {
  if (isUncertain(traffic) && traffic.p90 < traffic.p50) {
    issue(context, "contradiction", "is below p50", { path: ["traffic", "p90"], hint: `at least ${traffic.p50 * 100}%` });
  }
});

export type Drift = z.infer<typeof driftSettings>;
export type UncertainChange = z.infer<typeof uncertain>;

/** Whether it is two quantiles rather than one share, or shares by name. */
export function isUncertain(traffic: Drift["traffic"]): traffic is UncertainChange {
  return typeof traffic === "object" && traffic["p50"] !== undefined && traffic["p90"] !== undefined;
}

type Checked = Pick<Scenario, "drift" | "traffic" | "caches" | "vectorStores" | "pools" | "providers">;

/** Whatever drift names must be there; so must be what changes by it. */
export function checkDrift(scenario: Checked, context: z.RefinementCtx): void {
  const { drift, traffic, caches, vectorStores, pools, providers } = scenario;
  if (drift === undefined) return;
  const classes = Object.keys(traffic);
  const given = Object.keys(caches).filter((name) => caches[name].hitRate !== undefined);
  const stores = Object.keys(vectorStores);
  const priced = [...Object.keys(pools), ...Object.keys(providers), ...stores, ...Object.keys(caches)];
  checkNames(drift, "traffic", isUncertain(drift.traffic) ? [...classes, "p50", "p90"] : classes, context);
  checkNames(drift, "inputTokens", classes, context);
  checkNames(drift, "outputTokens", classes, context);
  checkNames(drift, "hitRate", given, context);
  checkNames(drift, "vectors", stores, context);
  checkNames(drift, "prices", priced, context);
}

const nothing: Partial<Record<keyof Drift, string>> = { hitRate: "cache has a hitRate of its own", vectors: "vector store is there" };

function checkNames(drift: Drift, key: keyof Drift, known: readonly string[], context: z.RefinementCtx): void {
  const changes = drift[key];
  if (changes === undefined) return;
  if (known.length === 0 && nothing[key] !== undefined) {
    issue(context, "contradiction", `changes nothing, since no ${nothing[key]}`, { path: ["drift", key], hint: "leave it out" });
    return;
  }
  if (typeof changes !== "object") return;
  for (const name of Object.keys(changes).filter((one) => !known.includes(one))) {
    issue(context, "unknown-name", `there is no \`${name}\` that ${key} could change`, {
      path: ["drift", key, name],
      hint: nameHint(name, known),
      at: "key",
    });
  }
}
