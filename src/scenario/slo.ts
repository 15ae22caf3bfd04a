import * as z from "zod";
import { duration, formatQuantity, parseQuantity, type Quantity, share } from "../base/units.ts";
import type { SettingIssue } from "../base/settings.ts";

/**
 * A service level objective. `least` is the share of offered requests that must meet it. `degraded < 5%` is met by whoever was not
 * served a worse answer, so that at least 95 % must not be: one that was not served at all is no worse answer, and a matter of `success`.
 * `wrong answers < 1%` likewise.
 */
export type Objective =
  | { readonly kind: "latency"; readonly metric: "ttft" | "total" | "tpot"; readonly least: number; readonly below: number }
  | { readonly kind: "success"; readonly least: number }
  | { readonly kind: "degraded"; readonly least: number }
  | { readonly kind: "wrong"; readonly least: number }
  | { readonly kind: "cost"; readonly below: number };

const latency = /^(ttft|total|tpot)\s+p(\d{1,2}(?:\.\d+)?)\s*<\s*(\S+)$/;
const success = /^success\s*>=\s*(\S+)$/;
const worse = /^(degraded|wrong answers)\s*<\s*(\S+)$/;
const cost = /^cost\s*<\s*\$(\d[\d_]*(?:\.\d+)?)([kM]?)\s*\/\s*month$/;
/** Smaller percentiles are a slip of the pen; nobody plans for one request in ten thousand. */
const leastShare = 0.0001;
const mostDollars = 1e15;
const examples =
  '"ttft p95 < 2s", "total p99 < 60s", "tpot p95 < 80ms", "success >= 99.5%", "degraded < 5%", "wrong answers < 1%", "cost < $40000/month"';

/** Reads an objective as it is written; undefined when it is not one. */
export function parseObjective(text: string): Objective | undefined {
  const trimmed = text.trim();
  const late = latency.exec(trimmed);
  if (late !== null) {
    const below = positive(duration, late[3]);
    const least = Number((Number(late[2]) / 100).toPrecision(12));
    return below === undefined || least < leastShare
      ? undefined
      : { kind: "latency", metric: late[1] as "ttft" | "total" | "tpot", least, below };
  }
  const succeeded = success.exec(trimmed);
  if (succeeded !== null) {
    const least = positive(share, succeeded[1]);
    return least === undefined || least > 1 ? undefined : { kind: "success", least };
  }
  const degraded = worse.exec(trimmed);
  if (degraded !== null) {
    const below = positive(share, degraded[2]);
    const kind = degraded[1] === "degraded" ? "degraded" : "wrong";
    return below === undefined || below >= 1 ? undefined : { kind, least: complement(below) };
  }
  const spent = cost.exec(trimmed);
  if (spent !== null) {
    const scale = { "": 1, k: 1e3, M: 1e6 }[spent[2] as "" | "k" | "M"];
    const below = Number((Number(spent[1].replaceAll("_", "")) * scale).toPrecision(15));
    return below > 0 && below < mostDollars ? { kind: "cost", below } : undefined;
  }
  return undefined;
}

/** What is left of the whole, without the noise of a subtraction in its last digits. */
function complement(part: number): number {
  return Number((1 - part).toFixed(12));
}

function positive(quantity: Quantity, text: string): number | undefined {
  const value = parseQuantity(quantity, text);
  return value === undefined || !(value > 0) ? undefined : value;
}

/** The objective in the form that `parseObjective` reads. */
export function formatObjective(objective: Objective): string {
  if (objective.kind === "cost") return `cost < $${objective.below}/month`;
  if (objective.kind === "degraded") return `degraded < ${formatQuantity(share, complement(objective.least))}`;
  if (objective.kind === "wrong") return `wrong answers < ${formatQuantity(share, complement(objective.least))}`;
  const least = formatQuantity(share, objective.least);
  if (objective.kind === "success") return `success >= ${least}`;
  return `${objective.metric} p${least.slice(0, -1)} < ${formatQuantity(duration, objective.below)}`;
}

/** Schema of one objective: a text such as "ttft p95 < 2s". */
export const objectiveSettings = z
  .codec(z.string(), z.custom<Objective>(), {
    decode(text, context) {
      const objective = parseObjective(text);
      if (objective !== undefined) return objective;
      const params: SettingIssue = { code: "wrong-type", hint: `write it like ${examples}` };
      context.issues.push({ code: "custom", input: text, message: "is not an objective", params });
      return z.NEVER;
    },
    encode: formatObjective,
  })
  .describe(`an objective, such as ${examples}`);
