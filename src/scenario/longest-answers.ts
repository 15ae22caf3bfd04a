import type * as z from "zod";
import { issue } from "../base/settings.ts";
import { createDistribution } from "../kernel/distributions/registry.ts";
import { type LimitsSettings, namedLimits } from "../provider/limits/limits-settings.ts";
import { needsLongestAnswer } from "../provider/limits/registry.ts";
import { targetsOf } from "./path/chain.ts";
import { namedParts, partsOf } from "./path/parts.ts";
import type { Scenario, TrafficClass } from "./schema.ts";

type Checked = Pick<Scenario, "traffic" | "caches" | "vectorStores" | "pipelines" | "providers" | "quotas">;

/** A call whose answer may become as long as it likes. */
interface OpenCall {
  readonly target: string;
  readonly why: string;
  readonly hint: string;
}

/** A limit that counts answers before they are there must be told how long they may become, by whoever asks or by itself. */
export function checkLongestAnswers(scenario: Checked, context: z.RefinementCtx): void {
  const { traffic, providers, quotas } = scenario;
  const open = Object.entries(traffic).flatMap(([name, one]) => ofClass(name, one).concat(onTheWay(name, one, scenario)));
  for (const [name, { limits }] of Object.entries(providers)) {
    const call = open.find(({ target }) => target === name);
    if (limits !== undefined && call !== undefined) checkLimits(limits, ["providers", name, "limits"], call, context);
  }
  for (const [name, limits] of Object.entries(quotas)) {
    const call = open.find(({ target }) => providers[target]?.quota === name);
    if (call !== undefined) checkLimits(limits, ["quotas", name], call, context);
  }
}

function ofClass(name: string, { maxOutput, path, client }: TrafficClass): OpenCall[] {
  if (maxOutput !== undefined) return [];
  const targets = [...targetsOf(path), ...Object.values(client.degrade).flatMap(({ first = [] }) => first)];
  const why = `${name} does not say how long an answer it wants`;
  return targets.map((target) => ({ target, why, hint: `maxOutput for ${name}` }));
}

function onTheWay(name: string, traffic: TrafficClass, scenario: Checked): OpenCall[] {
  return partsOf(traffic, scenario)
    .flatMap(namedParts)
    .flatMap((part) => {
      if (part.kind !== "call" || part.call.outputTokens === undefined) return [];
      if (createDistribution(part.call.outputTokens).largest < Infinity) return [];
      const why = `nothing bounds the outputTokens of ${part.name} on the way of ${name}`;
      return [{ target: part.call.call, why, hint: "max beside their distribution" }];
    });
}

function checkLimits(limits: LimitsSettings, at: readonly string[], { why, hint }: OpenCall, context: z.RefinementCtx): void {
  for (const [name, limit] of namedLimits(limits)) {
    if (!needsLongestAnswer(limit)) continue;
    const path = [...at, ...(name === undefined ? [] : [Array.isArray(limits) ? Number(name) : name])];
    issue(context, "missing-key", `needs defaultMaxOutput, since ${why}`, {
      path,
      hint: `the model's longest answer, such as 64k; or ${hint}; or outputWeight: 0 where answers do not count`,
    });
  }
}
