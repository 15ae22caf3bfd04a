import { PlanError } from "../base/plan-error.ts";
import type { Assignment } from "../scenario/document/assignments.ts";
import { RangeMistake, rangeValues } from "./axis-range.ts";
import type { Axis } from "./result.ts";

/** Most plans in one sweep: beyond it the grid was surely not meant. */
const mostPlans = 2000;

/**
 * Reads `path=values`: values are separated by commas (not those within brackets or quotes), and any may be a range.
 * Such as `pools.gpus.warm.size=0..6`, `pools.gpus.queue.maxWait=1s..60s log 7` or `traffic.chat.client.timeout={ ttft: 5s, total: 30s },{ total: 60s }`.
 */
export function parseAxis(text: string): Axis {
  const { path, value } = parseAssignment(text, "--vary");
  const values = splitValues(value).flatMap(expandRange);
  if (values.some((one) => one === "")) throw badFlag("--vary", text, "has an empty value");
  if (new Set(values).size < values.length) throw badFlag("--vary", text, "names a value twice");
  return { path, label: labelOf(path), values };
}

/** Reads `path=value`. */
export function parseAssignment(text: string, flag: string): Assignment {
  const equals = text.indexOf("=");
  const path = text.slice(0, Math.max(0, equals)).trim();
  if (equals < 0 || path === "") throw badFlag(flag, text, "must be path=value");
  return { path, value: text.slice(equals + 1).trim(), flag };
}

function badFlag(flag: string, text: string, message: string): PlanError {
  return new PlanError({
    code: "bad-flag",
    path: flag,
    message,
    value: text,
    hint: `write it like ${flag} pools.gpus.warm.size=${flag === "--vary" ? "0..3 or 0,1,3, or …queue.maxWait=1s..60s log 7" : "2"}`,
  });
}

/** All combinations in grid order, the last axis fastest. */
export function grid(axes: readonly Axis[]): string[][] {
  const plans = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (plans > mostPlans) {
    const hint = `allowed: up to ${mostPlans}; ${axes.map((axis) => `${axis.path} has ${axis.values.length} values`).join(", ")}`;
    throw new PlanError({ code: "bad-flag", path: "--vary", message: `asks for ${plans} plans`, hint });
  }
  return axes.reduce<string[][]>((rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])), [[]]);
}

/** Axes, each of its own path, with labels that tell them apart: where two would read the same, the pool's or class's name goes first. */
export function distinct(axes: readonly Axis[]): Axis[] {
  const twice = axes.find(({ path }, i) => axes.findIndex((other) => other.path === path) < i);
  if (twice !== undefined) throw badFlag("--vary", twice.path, "is varied twice");
  const labels = axes.map(({ label }) => label);
  return axes.map(({ path, label, values }) => {
    const shared = labels.filter((other) => other === label).length > 1;
    return { path, label: shared ? `${path.split(".")[1] ?? path} ${label}` : label, values };
  });
}

/** The end of the path below the pool's or class's name: `pools.gpus.warm.size` is "warm size". */
function labelOf(path: string): string {
  const parts = path.split(".");
  return (parts.length > 2 ? parts.slice(2) : parts).slice(-2).join(" ");
}

function splitValues(text: string): string[] {
  const values: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (quote !== "") quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if ("{[(".includes(sign)) depth++;
    else if ("}])".includes(sign)) depth--;
    else if (sign === "," && depth === 0) {
      values.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...values, text.slice(start).trim()];
}

function expandRange(value: string): string[] {
  try {
    return rangeValues(value, mostPlans) ?? [value];
  } catch (error) {
    throw error instanceof RangeMistake ? badFlag("--vary", value, error.message) : error;
  }
}
