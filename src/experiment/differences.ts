import { sampleVariance } from "simple-statistics";
import { seconds } from "../base/format.ts";
import type { Scenario } from "../scenario/schema.ts";
import { formatObjective } from "../scenario/slo.ts";
import { disturbancesOf } from "./disturbances.ts";
import { estimate } from "./estimate.ts";
import { wastedShare } from "./meters.ts";
import type { Simulated } from "./plan.ts";
import type { Difference } from "./result.ts";
import type { Summary } from "./summary.ts";

interface Metric {
  readonly name: string;
  readonly unit: Difference["unit"];
  /** Read off a replication of the first system, and of the later one. */
  readonly before: (summary: Summary) => number | null;
  readonly after: (summary: Summary) => number | null;
}

function metric(name: string, unit: Metric["unit"], value: Metric["before"]): Metric {
  return { name, unit, before: value, after: value };
}

/** Each later system minus the first, replication by replication: under common random numbers what both share cancels out. */
export function differencesFromFirst(systems: readonly Simulated[]): Difference[] {
  const [first, ...later] = systems;
  return later.flatMap((system) =>
    metricsOf(first, system).flatMap(({ name, unit, before: ofFirst, after: ofLater }) => {
      const pairs = Math.min(first.replications.length, system.replications.length);
      const [befores, afters]: [number[], number[]] = [[], []];
      for (let i = 0; i < pairs; i++) {
        const before = ofFirst(first.replications[i].summary);
        const after = ofLater(system.replications[i].summary);
        if (before === null || after === null) continue;
        befores.push(before);
        afters.push(after);
      }
      if (befores.length === 0) return [];
      const values = afters.map((after, i) => change(befores[i], after));
      const difference = estimate(values);
      const significant = difference.low !== undefined && (difference.low > 0 || difference.high! < 0);
      const varianceReduction = reductionOf(befores, afters, values);
      return [{ from: first.plan.name, to: system.plan.name, metric: name, unit, difference, significant, varianceReduction }];
    }),
  );
}

/** How many times the variance is that the difference would have if the two systems did not meet the same requests. */
function reductionOf(befores: readonly number[], afters: readonly number[], differences: readonly number[]): number | null {
  if (differences.length < 2) return null;
  const paired = sampleVariance([...differences]);
  return paired === 0 ? null : (sampleVariance([...befores]) + sampleVariance([...afters])) / paired;
}

/** The same sum added up in another order differs in its last digits, which is no difference. */
export function change(before: number, after: number): number {
  return Math.abs(after - before) <= 1e-12 * Math.abs(before) ? 0 : after - before;
}

/**
 * What two systems can be compared in: money, waste, of each class that both have latencies and shared objectives, of each pool cold
 * waits, of each provider calls refused.
 */
function metricsOf(a: Simulated, b: Simulated): Metric[] {
  const metrics = [
    metric("cost", "usd_per_month", ({ money }) => money.total.usd_per_month),
    metric("wasted GPU time", "share", ({ meters }) => wastedShare(meters)),
  ];
  for (const [className, { slo }] of Object.entries(a.plan.decoded.scenario.traffic)) {
    const other = b.plan.decoded.scenario.traffic[className];
    if (other === undefined) continue;
    slo.forEach((objective, i) => {
      const text = formatObjective(objective);
      const j = other.slo.findIndex((candidate) => formatObjective(candidate) === text);
      if (objective.kind === "cost" || j < 0) return;
      metrics.push({
        name: `${className} · ${text}`,
        unit: "share",
        before: ({ classes }) => classes[className].attained[i],
        after: ({ classes }) => classes[className].attained[j],
      });
    });
    metrics.push(...recoveryMetrics(className, a.plan.decoded.scenario, b.plan.decoded.scenario));
    metrics.push(
      metric(`${className} · ttft p95`, "s", ({ classes }) => classes[className].ttft_s.p95),
      metric(`${className} · total p95`, "s", ({ classes }) => classes[className].total_s.p95),
      metric(`${className} · total p99`, "s", ({ classes }) => classes[className].total_s.p99),
      metric(`${className} · attempts per request`, "count", ({ classes }) => classes[className].counts.attemptsPerRequest),
    );
  }
  for (const pool of Object.keys(a.plan.decoded.scenario.pools)) {
    const cold = [a, b].some(({ replications }) => replications.some(({ summary }) => (summary.meters.pools[pool]?.coldWaits ?? 0) > 0));
    if (!cold || b.plan.decoded.scenario.pools[pool] === undefined) continue;
    metrics.push(metric(`${pool} · cold waits`, "count", ({ meters }) => meters.pools[pool].coldWaits));
  }
  for (const provider of Object.keys(a.plan.decoded.scenario.providers)) {
    const refused = [a, b].some(({ replications }) => replications.some(({ summary }) => (refusedShare(summary, provider) ?? 0) > 0));
    if (!refused || b.plan.decoded.scenario.providers[provider] === undefined) continue;
    metrics.push(metric(`${provider} · calls refused (429)`, "share", (summary) => refusedShare(summary, provider)));
  }
  return metrics;
}

function refusedShare({ meters }: Summary, provider: string): number | null {
  const meter = meters.providers[provider];
  return meter === undefined || meter.calls === 0 ? null : meter.throttled / meter.calls;
}

/** For each disturbance that both systems meet how long they take to recover, in replications in which both do. */
function recoveryMetrics(className: string, a: Scenario, b: Scenario): Metric[] {
  const others = disturbancesOf(b, className);
  return disturbancesOf(a, className).flatMap(({ what, from, to }, i) => {
    const j = others.findIndex((other) => other.what === what && other.from === from && other.to === to);
    if (j < 0) return [];
    return {
      name: `${className} · recovery after the ${what} at ${seconds(from)}`,
      unit: "s" as const,
      before: ({ classes }: Summary) => classes[className].recoveries[i].seconds,
      after: ({ classes }: Summary) => classes[className].recoveries[j].seconds,
    };
  });
}
