/** How far along an ordered axis an objective holds, in words that claim no more than the verdicts do. */
import type { Verdict } from "../../../experiment/result.ts";

/**
 * `upTo`: met at all values up to `end`, and at none from a missed one on; `from`: the same seen from the high end; `within`: met
 * here and there. `end` and `missed` (the nearest value surely missed) are indices in order of the axis. Undecided values count as
 * neither.
 */
export type Reach =
  | { readonly kind: "throughout" }
  | { readonly kind: "nowhere" }
  | { readonly kind: "undecided" }
  | { readonly kind: "unsure" }
  | { readonly kind: "upTo"; readonly end: number; readonly missed: number | undefined }
  | { readonly kind: "from"; readonly end: number; readonly missed: number | undefined }
  | { readonly kind: "within"; readonly met: readonly number[] };

export function reachOf(verdicts: readonly Verdict[]): Reach {
  const met = verdicts.flatMap((verdict, i) => (verdict === "met" ? [i] : []));
  const missed = verdicts.flatMap((verdict, i) => (verdict === "missed" ? [i] : []));
  const highest = verdicts.length - 1;
  if (met.length === verdicts.length) return { kind: "throughout" };
  if (missed.length === verdicts.length) return { kind: "nowhere" };
  if (met.length === 0) return missed.length === 0 ? { kind: "undecided" } : { kind: "unsure" };
  const firstOther = verdicts.findIndex((verdict) => verdict !== "met");
  const lastOther = verdicts.findLastIndex((verdict) => verdict !== "met");
  if (met[0] === 0 && lastOther === highest && !met.some((i) => i > (missed[0] ?? highest)))
    return { kind: "upTo", end: firstOther - 1, missed: missed[0] };
  if (met.at(-1) === highest && firstOther === 0 && !met.some((i) => i < (missed.at(-1) ?? 0)))
    return { kind: "from", end: lastOther + 1, missed: missed.at(-1) };
  return { kind: "within", met };
}

/** What the words are about. */
export interface Course {
  /** The objective: "ttft p95 < 2s". */
  readonly what: string;
  readonly verdicts: readonly Verdict[];
  /** The axis in words. */
  readonly name: string;
  /** A value by its index: "60 s". */
  readonly print: (index: number) => string;
  /** "a cold start of 60 s". */
  readonly phrase: (index: number) => string;
}

/** A sentence about one course of verdicts. */
export function reachSentence({ what, verdicts, name, print, phrase }: Course): string {
  const reach = reachOf(verdicts);
  const all = `from ${phrase(0)} to ${print(verdicts.length - 1)}`;
  if (reach.kind === "throughout") return `${what} holds throughout, ${all}`;
  if (reach.kind === "nowhere") return `${what} is missed throughout, ${all}`;
  if (reach.kind === "undecided") return `Whether ${what} holds is undecided throughout, ${all}`;
  if (reach.kind === "unsure") return `${what} surely holds nowhere ${all}: ${others(verdicts)}`;
  if (reach.kind === "upTo") return `${what} holds up to ${phrase(reach.end)}${beyond(verdicts.slice(reach.end + 1), reach.missed, print)}`;
  if (reach.kind === "from")
    return `${what} holds from ${phrase(reach.end)} on${beyond(verdicts.slice(0, reach.end).toReversed(), reach.missed, print)}`;
  const few = reach.met.length <= 4 ? ` (${reach.met.map(print).join(", ")})` : "";
  return `${what} holds at ${reach.met.length} of ${verdicts.length} values of ${name}${few}; it is ${others(verdicts)}`;
}

/** What comes after the end, `rest` in order of distance from it. */
function beyond(rest: readonly Verdict[], missed: number | undefined, print: (index: number) => string): string {
  const near = missed === undefined ? rest : rest.slice(0, rest.indexOf("missed"));
  const undecided = near.length > 0 && near.every((verdict) => verdict === "undecided");
  if (missed !== undefined) return `; at ${print(missed)} it is missed${undecided ? ", undecided between" : ""}`;
  return undecided ? "; beyond, it is undecided" : "";
}

/** How often it does not surely hold: "missed at 2, undecided at 1". */
function others(verdicts: readonly Verdict[]): string {
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  return (["missed", "undecided"] as const).flatMap((verdict) => (count(verdict) > 0 ? `${verdict} at ${count(verdict)}` : [])).join(", ");
}

/** The same in the few words that follow "holds" where several courses are told of. */
export function reachWords(verdicts: readonly Verdict[], print: (index: number) => string): string {
  const reach = reachOf(verdicts);
  if (reach.kind === "throughout" || reach.kind === "nowhere") return reach.kind;
  if (reach.kind === "undecided" || reach.kind === "unsure") return "nowhere for sure";
  if (reach.kind === "upTo") return `up to ${print(reach.end)}`;
  if (reach.kind === "from") return `from ${print(reach.end)} on`;
  return `at ${reach.met.length} of ${verdicts.length} values`;
}
