/** Sentences below the tables: what else was simulated about the plan advised, or about the one system. */
import { amount, dollars, percent, plural, seconds } from "../base/format.ts";
import { dollarsWithInterval, percentWithInterval, withInterval } from "../experiment/interval-text.ts";
import { caseWords } from "../experiment/optimization/demand-case.ts";
import { optimizationNotes } from "./optimization-notes.ts";
import type { Estimate, Result } from "../experiment/result.ts";

export function notesOn(result: Result): string[] {
  const all = [
    batchNote(result),
    warmUpNote(result),
    precisionNote(result),
    verificationNote(result),
    slowerNote(result),
    readinessNote(result),
    ...optimizationNotes(result),
  ];
  return all.filter((note) => note !== undefined);
}

/** What numbers are of where one replication is cut; undefined where it is not. */
function batchNote({ batches, horizon_s, warmup_s }: Result): string | undefined {
  if (batches === undefined) return undefined;
  const length = seconds((horizon_s - warmup_s) / batches);
  return `One replication, cut into ${batches} batches of ${length}, which stand in for replications: what is said to be per replication is per batch. Cold starts, peaks, recoveries and what a store holds at the end are of the whole run and have no interval.`;
}

/** How the warm-up was found; undefined where it was given. */
function warmUpNote({ warmUp, warmup_s }: Result): string | undefined {
  if (warmUp === undefined || !warmUp.steady) return undefined;
  const { window_s, className, plan } = warmUp;
  const last = warmup_s === 0 ? "all are steady from the start" : `${className} of ${plan} is steady last`;
  return `The warm-up of ${seconds(warmup_s)} was found by MSER-5 on mean times in the system over windows of ${seconds(window_s)}: ${last}.`;
}

/** How precise the numbers are; undefined where that was not asked, or said in a warning. */
function precisionNote({ precision }: Result): string | undefined {
  if (precision === undefined || precision.capped) return undefined;
  const { wanted, reached, of, plan, replications } = precision;
  const least = `the least precise, ${of} of ${plan}, is known to ± ${percent(reached!, 1)}`;
  return `${plural(replications, "replication")} were enough for ± ${percent(wanted, 1)}: ${least}.`;
}

/** What becomes of the plan advised when its engines are as slow as their profiles' errors allow; undefined where none states an error. */
function slowerNote({ slowerEngines, watched }: Result): string | undefined {
  if (slowerEngines === undefined) return undefined;
  const { by, verdict, attainment, usd_per_month } = slowerEngines;
  const pools = Object.entries(by).map(([pool, { tpot }]) => `${pool} ${percent(tpot, 1)}`);
  const beyond = Object.entries(by).flatMap(([pool, { tpot, ttft = 0 }]) => (ttft > tpot ? [`${pool} ${percent(ttft, 1)}`] : []));
  const more = beyond.length === 0 ? "" : ` TTFT may be off by more (${beyond.join(", ")}).`;
  const slo = watched === undefined ? "" : `SLO ${verdict}, attainment ${percentWithInterval(attainment)}, `;
  const numbers = `${slo}${dollarsWithInterval(usd_per_month)} a month`;
  return `If every iteration took longer by the median TPOT error of its engine's profile (${pools.join(", ")}): ${numbers}.${more}`;
}

/** How the plan advised did on fresh seeds; undefined where nothing was searched for. */
function verificationNote({ verification, optimization }: Result): string | undefined {
  if (verification === undefined) return undefined;
  const { replications, verdict, attainment, usd_per_month } = verification;
  const [hardest] = optimization?.cases ?? [];
  const where = hardest === undefined ? "" : ` at ${caseWords(hardest.name)}`;
  const numbers = `attainment ${percentWithInterval(attainment)}, ${dollarsWithInterval(usd_per_month)} a month${where}`;
  return `Checked again on ${plural(replications, "fresh replication")} that had no part in choosing it: SLO ${verdict}, ${numbers}.`;
}

/** What keeping replicas warm costs, and what it prevents; undefined where nothing is. */
function readinessNote({ readiness }: Result): string | undefined {
  if (readiness === undefined) return undefined;
  const { warm, usd_per_month, missesPrevented, coldWaitsPrevented, usd_per_miss_prevented } = readiness;
  const kept = Object.entries(warm).map(([pool, { size, state }]) => `${size} ${state} in ${pool}`);
  const whole = (estimate: Estimate): string => withInterval(estimate, (value) => amount(Math.round(value)));
  const each = usd_per_miss_prevented === null ? "" : `, ${dollars(usd_per_miss_prevented)} for each miss prevented`;
  const certain = (missesPrevented.low ?? missesPrevented.mean) > 0;
  const misses = certain ? `${whole(missesPrevented)} misses` : `no certain number of misses (${whole(missesPrevented)})`;
  const prevented = `${misses} and ${whole(coldWaitsPrevented)} cold waits a replication`;
  const more = usd_per_month.mean >= 0 ? "more" : "less";
  const money = dollarsWithInterval({ ...usd_per_month, ...magnitude(usd_per_month) });
  return `The warm pool (${kept.join(", ")}) costs ${money} a month ${more} than none and prevents ${prevented}${each}.`;
}

/** The same amount without its sign. */
function magnitude({ mean, low, high }: Estimate): Estimate {
  if (mean >= 0) return { mean, ...(low === undefined ? {} : { low, high: high! }) };
  return { mean: -mean, ...(low === undefined ? {} : { low: -high!, high: -low }) };
}
