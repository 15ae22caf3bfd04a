/** Work in vain: for clients who had left, and tokens that were billed twice. */
import { amount, seconds } from "../base/format.ts";
import { dollarsWithInterval, withInterval } from "../experiment/interval-text.ts";
import type { ProviderResult } from "../experiment/provider-result.ts";
import type { Point } from "../experiment/result.ts";
import { type DataTable, left, line, type Line, right } from "./data-table.ts";

export function waste({ pools, providers }: Point): DataTable {
  const ofPools = Object.entries(pools).flatMap(([name, { wasted_s, wasted_usd_per_month }]) =>
    wasted_s.mean === 0
      ? []
      : [line(name, "replica time for clients who had left", withInterval(wasted_s, seconds), dollarsWithInterval(wasted_usd_per_month))],
  );
  const ofProviders = Object.entries(providers).flatMap(([name, one]) => wastedTokens(name, one));
  return {
    caption: "Work in vain",
    columns: [left("where"), left("what"), right("per replication"), right("per month")],
    lines: [...ofPools, ...ofProviders],
  };
}

function wastedTokens(name: string, one: ProviderResult): Line[] {
  const parts = [
    { what: "tokens for clients who had left", tokens: one.wastedTokens, usd: one.wasted_usd_per_month },
    { what: "prompt tokens billed again", tokens: one.repeatedTokens, usd: one.repeated_usd_per_month },
  ];
  return parts.flatMap(({ what, tokens, usd }) =>
    tokens.mean === 0 ? [] : [line(name, what, withInterval(tokens, amount), dollarsWithInterval(usd))],
  );
}
