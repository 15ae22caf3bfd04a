/** The tables about one plan, for the terminal and the page: what its users saw, what its parts did, what it cost. */
import { type ObjectiveResult, outcomes, type Percentiles, type Point } from "../experiment/result.ts";
import { outcomeLabel } from "./charts/theme.ts";
import { keptAnswers } from "./cache-table.ts";
import { cacheSavings, cacheWorth } from "./economics-table.ts";
import { clients } from "./client-table.ts";
import { hours } from "./hours-table.ts";
import { lateEndings, lateTime } from "./late-table.ts";
import { providers, provisionedUnits } from "./provider-table.ts";
import { recoveries } from "./recovery-table.ts";
import { stages, vectorStores } from "./stage-table.ts";
import { waste } from "./waste-table.ts";
import { type DataTable, left, line, nameAndNumbers, right } from "./data-table.ts";
import { absent, amount, dollars, percent, seconds, target, thousands } from "../base/format.ts";
import { dollarsWithInterval, percentWithInterval, withInterval } from "../experiment/interval-text.ts";

/** Tables without a line are left out. */
export function sections(point: Point): DataTable[] {
  const all = [
    objectives(point),
    hours(point),
    endings(point),
    recoveries(point),
    latencies(point),
    lateTime(point),
    lateEndings(point),
    clients(point),
    pools(point),
    starts(point),
    faults(point),
    providers(point),
    provisionedUnits(point),
    stages(point),
    vectorStores(point),
    caches(point),
    keptAnswers(point),
    cacheWorth(point),
    cacheSavings(point),
    costs(point),
    waste(point),
    moneyByState(point),
    purchases(point),
  ];
  return all.filter((table) => table.lines.length > 0);
}

function objectives({ classes }: Point): DataTable {
  const lines = Object.entries(classes).flatMap(([name, one]) =>
    one.objectives.map((objective) => ({
      cells: [
        { text: name },
        { text: objective.text },
        { text: attained(objective) },
        { text: objective.kind === "cost" ? dollars(objective.target) : target(objective.target) },
        { text: budget(objective) },
        { text: objective.verdict, verdict: objective.verdict },
      ],
    })),
  );
  const columns = [left("class"), left("objective"), right("attained"), right("target"), right("error budget left"), left("verdict")];
  return { caption: "Objectives", columns, lines };
}

function attained(objective: ObjectiveResult): string {
  return objective.kind === "cost" ? dollarsWithInterval(objective.attained) : percentWithInterval(objective.attained);
}

/** "40 %", or how many times over it was spent; what all requests must meet has no budget to spend. */
function budget({ target: share, budgetLeft }: ObjectiveResult): string {
  if (share === 1) return absent;
  if (budgetLeft.mean >= 0) return percent(budgetLeft.mean, 0);
  return `spent ${amount(Number((1 - budgetLeft.mean).toPrecision(2)))} times`;
}

function endings({ classes }: Point): DataTable {
  const names = Object.keys(classes);
  const seen = outcomes.filter((outcome) => names.some((name) => classes[name].outcomes[outcome].mean > 0));
  const lines = names.map((name) => {
    const { offered, outcomes: counts, attemptsPerRequest, goodput_per_s } = classes[name];
    const share = (count: number) => (offered.mean > 0 ? percent(count / offered.mean) : absent);
    const shares = seen.map((outcome) => share(counts[outcome].mean));
    return line(
      name,
      amount(Math.round(offered.mean)),
      ...shares,
      thousands(attemptsPerRequest.mean, 2),
      withInterval(goodput_per_s, amount),
    );
  });
  const columns = nameAndNumbers("class", "offered", ...seen.map((outcome) => outcomeLabel[outcome]), "attempts", "goodput /s");
  return { caption: "How requests ended", columns, lines, note: "Offered is per replication after the warm-up; attempts are per request." };
}

function latencies({ classes }: Point): DataTable {
  const row = (name: string, what: string, { mean, p50, p95, p99 }: Percentiles) =>
    line(name, what, ...[mean, p50, p95, p99].map((estimate) => withInterval(estimate, seconds)));
  const lines = Object.entries(classes).flatMap(([name, { ttft_s, total_s, tpot_s }]) => [
    row(name, "TTFT", ttft_s),
    row(name, "total", total_s),
    row(name, "TPOT", tpot_s),
  ]);
  const columns = [left("class"), left("latency"), right("mean"), right("p50"), right("p95"), right("p99")];
  const note = "TTFT is from arrival to the first token, total to the last, TPOT from one token to the next; waits and retries count.";
  return { caption: "Latency of served requests", columns, lines, note };
}

function pools({ pools: all }: Point): DataTable {
  const lines = Object.entries(all).map(([name, pool]) => {
    const counts = [pool.ready, pool.starting, pool.warm, pool.peakReplicas, pool.scaleUps, pool.coldWaits, pool.preemptions];
    const shares = [percent(pool.idleShare.mean, 1), percent(pool.wastedShare.mean, 1)];
    return line(name, ...counts.map(({ mean }) => amount(mean)), ...shares, dollars(pool.cost_usd_per_month.mean));
  });
  const heads = ["ready", "starting", "warm", "peak", "scale-ups", "cold waits", "preempted", "idle", "wasted", "per month"];
  const note =
    "Replicas are means over time. Cold waits are attempts that waited while a replica was on its way or none was ready; wasted is work for clients who had left.";
  return { caption: "Pools", columns: nameAndNumbers("pool", ...heads), lines, note };
}

/** How long replicas took to start, and attempts to be started. */
function starts({ pools: all }: Point): DataTable {
  const lines = Object.entries(all).flatMap(([name, { coldStart, waitedShare, wait_s, coldWait_s }]) => {
    if (coldStart.starts.mean === 0 && (waitedShare?.mean ?? 0) === 0) return [];
    const { starts: count, total_s } = coldStart;
    const times = [total_s.mean, total_s.p95].map((estimate) => withInterval(estimate, seconds));
    const waited = waitedShare === null ? absent : percentWithInterval(waitedShare, 1);
    return [line(name, amount(count.mean), ...times, waited, withInterval(wait_s, seconds), withInterval(coldWait_s, seconds))];
  });
  const columns = nameAndNumbers("pool", "starts", "mean", "p95", "waited", "mean wait", "mean cold wait");
  const note =
    "Starts are those from nothing, as long as they take if not given up. Waits are of attempts, from being sent until their work began.";
  return { caption: "Starts and waits", columns, lines, note };
}

function faults({ pools: all }: Point): DataTable {
  const lines = Object.entries(all).flatMap(([name, { faults: found }]) => {
    const { stockOuts, interruptions, crashes, losses, lostAttempts } = found;
    const counts = [stockOuts, interruptions, crashes, losses, lostAttempts];
    return counts.every(({ mean }) => mean === 0) ? [] : [line(name, ...counts.map((estimate) => withInterval(estimate, amount)))];
  });
  const columns = nameAndNumbers("pool", "out of stock", "interrupted", "crashed", "lost", "attempts lost");
  const note =
    "Per replication: starts without a GPU, spot notices, crashes, replicas taken away, and attempts that failed with a replica.";
  return { caption: "Faults", columns, lines, note };
}

function caches({ caches: all, pools: owned }: Point): DataTable {
  const lines = Object.entries(all).map(([name, one]) =>
    line(name, amount(one.lookups.mean), amount(one.hits.mean), percentWithInterval(one.hitShare)),
  );
  const prefixes = Object.entries(owned).flatMap(([name, { prefixHitShare }]) =>
    prefixHitShare === null
      ? []
      : [line(`${name}, prompt tokens in the prefix cache`, absent, absent, percentWithInterval(prefixHitShare))],
  );
  return { caption: "Caches", columns: nameAndNumbers("cache", "look-ups", "hits", "hit rate"), lines: [...lines, ...prefixes] };
}

function costs(point: Point): DataTable {
  const { cost } = point;
  const all = [point.pools, point.providers, point.vectorStores, point.caches].flatMap((room) => Object.entries(room));
  const parts = [
    ...all.map(([name, { cost_usd_per_month }]) => [name, cost_usd_per_month] as const),
    ["degraded answers", cost.degradation_usd_per_month] as const,
    ["wrong answers", cost.wrong_usd_per_month] as const,
  ].filter(([, usd]) => usd.mean > 0);
  const lines = [
    ...parts.map(([name, usd]) => line(`${name}, per month`, dollarsWithInterval(usd))),
    line("all, per month (730 h)", dollarsWithInterval(cost.usd_per_month)),
    line("all, per hour", dollarsWithInterval(cost.usd_per_hour)),
    line("per 1,000 served requests", dollarsWithInterval(cost.usd_per_1k_served)),
    line("per 1,000 good requests", dollarsWithInterval(cost.usd_per_1k_good)),
    line("per 1,000 output tokens", dollarsWithInterval(cost.usd_per_1k_output_tokens)),
    line("share that paid for replicas at rest", cost.idleShare === null ? absent : percentWithInterval(cost.idleShare, 1)),
  ];
  return { caption: "Cost", columns: nameAndNumbers("what", "cost"), lines };
}

/** What each state of the life cycle cost, where a pool spends anything on another than being ready. */
function moneyByState({ pools: all }: Point): DataTable {
  const priced = Object.entries(all).filter(([, { states_usd_per_month: money }]) =>
    Object.entries(money).some(([state, usd]) => state !== "ready" && usd.mean > 0),
  );
  const named = [...new Set(priced.flatMap(([, { states_usd_per_month: money }]) => Object.keys(money)))];
  const used = named.filter((state) => priced.some(([, pool]) => (pool.states_usd_per_month[state]?.mean ?? 0) > 0));
  const lines = used.map((state) =>
    line(state, ...priced.map(([, pool]) => dollarsWithInterval(pool.states_usd_per_month[state] ?? null))),
  );
  return { caption: "Money of replicas by state, per month", columns: nameAndNumbers("state", ...priced.map(([name]) => name)), lines };
}

/** What each purchase type cost, where there are several. */
function purchases({ pools: all }: Point): DataTable {
  const lines = Object.entries(all).flatMap(([name, { purchases_usd_per_month: money }]) => {
    const used = purchaseNames.filter(([type]) => (money[type]?.mean ?? 0) > 0);
    return used.length < 2 ? [] : used.map(([type, words]) => line(name, words, dollarsWithInterval(money[type])));
  });
  return { caption: "Money of replicas by purchase type", columns: [left("pool"), left("bought"), right("per month")], lines };
}

const purchaseNames = [
  ["reserved", "reserved, used or not"],
  ["spot", "spot"],
  ["onDemand", "on demand"],
  ["warm", "warm, at a price of its own"],
] as const;
