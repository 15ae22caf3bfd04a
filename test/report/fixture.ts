/** Results as an experiment would end in, from a small closed-form model of a day: no random source, so the same every time. */
import type { PoolSeries } from "../../src/experiment/pool-result.ts";
import type { ClientResult } from "../../src/experiment/client-result.ts";
import type { ProviderSeries } from "../../src/experiment/provider-result.ts";
import type { ClassResult, ClassSeries, Estimate, Outcome, Point, Result, Verdict } from "../../src/experiment/result.ts";
import type { VectorStoreSeries } from "../../src/experiment/retrieval-result.ts";
import { type LifecycleState, lifecycleStates, type StartPhase } from "../../src/serving/fleet/lifecycle.ts";

/** What makes one plan differ from another. */
export interface Plan {
  readonly name: string;
  readonly values: readonly string[];
  readonly warm: number;
  /** Seconds. */
  readonly timeout: number;
  readonly attempts: number;
  readonly large: boolean;
}

const windows = 1440;
const target = 0.95;

/** Between −1 and 1, without pattern to the eye. */
function noise(i: number, salt: number): number {
  const x = Math.sin(i * 12.9898 + salt * 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

export function around(mean: number, half: number): Estimate {
  return { mean, low: mean - half, high: mean + half };
}

/** Requests per second at a minute of the day: a daily wave and one steep spike after two in the afternoon. */
function load(minute: number): number {
  const wave = 6 + 5 * Math.sin(((minute - 480) / windows) * 2 * Math.PI);
  return wave + (minute >= 850 && minute < 872 ? 17 : 0);
}

function strainAt(minute: number, plan: Plan): number {
  const ready = 2 + Math.min(plan.warm, 3) * 0.6 + Math.max(0, (load(minute - 6) - 6) / 2.5);
  return load(minute) / ((plan.large ? 5.2 : 3.3) * ready);
}

function chatSeries(plan: Plan): ClassSeries {
  const offered: number[] = [];
  const ttft: { p50: (number | null)[]; p95: (number | null)[]; p99: (number | null)[] } = { p50: [], p95: [], p99: [] };
  const lost: Record<Outcome, number[]> = { served: [], timedOut: [], shed: [], throttled: [], failed: [], unfinished: [] };
  for (let i = 0; i < windows; i++) {
    const count = Math.max(0, Math.round(load(i) * 60 * (1 + 0.12 * noise(i, 1))));
    const strain = strainAt(i, plan);
    const wait = 0.14 + 0.25 * strain ** 2 + 9 * Math.max(0, strain - 1.05);
    const timedOut = Math.round(count * Math.min(0.6, Math.max(0, (wait - plan.timeout / 6) / plan.timeout)));
    const shed = Math.round(count * Math.max(0, 0.25 * (strain - 1.4)));
    const failed = noise(i, 9) > 0.97 ? 2 : 0;
    offered.push(count);
    ttft.p50.push(count === 0 ? null : wait * (1 + 0.06 * noise(i, 2)));
    ttft.p95.push(count === 0 ? null : wait * 2.6 * (1 + 0.14 * noise(i, 3)));
    ttft.p99.push(count === 0 ? null : wait * 4.4 * (1 + 0.25 * noise(i, 4)));
    const unfinished = i >= windows - 1 ? 3 : 0;
    const throttled = 0;
    for (const [key, value] of Object.entries({ timedOut, shed, throttled, failed, unfinished })) lost[key as Outcome].push(value);
    lost.served.push(count - timedOut - shed - failed - unfinished);
  }
  const total = ttft.p95.map((value) => (value === null ? null : value + 9));
  const good = lost.served.map((served, i) => (ttft.p95[i]! > 2 ? Math.round(served * 0.8) : served));
  const attempts = offered.map((count, i) =>
    Math.round(count * (1 + (plan.attempts - 1) * Math.min(1, Math.max(0, strainAt(i, plan) - 1)))),
  );
  return {
    offered,
    good,
    attempts,
    outcomes: lost,
    ttft_p50_s: ttft.p50,
    ttft_p95_s: ttft.p95,
    ttft_p99_s: ttft.p99,
    total_p95_s: total,
    stages: {},
  };
}

function providerSeries(): ProviderSeries {
  const calls = Array.from({ length: windows }, (_, i) => Math.max(0, Math.round(load(i) / 3 + 2 * noise(i, 8))));
  const throttled = calls.map((count) => Math.max(0, count - 6));
  return { calls, throttled, tokens: calls.map((count, i) => 1400 * (count - throttled[i])), outages: [] };
}

function digestSeries(): ClassSeries {
  const offered = Array.from({ length: windows }, (_, i) => Math.max(0, Math.round(6 + 7 * noise(i, 6))));
  const none = () => offered.map(() => 0);
  const some = (value: number) => offered.map((count, i) => (count === 0 ? null : value * (1 + 0.2 * noise(i, 7))));
  return {
    offered,
    good: offered,
    attempts: offered,
    outcomes: { served: offered, timedOut: none(), shed: none(), throttled: none(), failed: none(), unfinished: none() },
    ttft_p50_s: some(1.1),
    ttft_p95_s: some(3),
    ttft_p99_s: some(6),
    total_p95_s: some(44),
    stages: {},
  };
}

function poolSeries(plan: Plan): PoolSeries {
  const wanted = Array.from({ length: windows }, (_, i) => Math.ceil(2 + Math.max(0, (load(i) - 6) / 2.5)));
  const ready = wanted.map((_, i) => wanted[Math.max(0, i - 6)]);
  const starting = wanted.map((value, i) => Math.max(0, value - ready[i]));
  const warm = starting.map((busy) => Math.max(0, plan.warm - busy));
  const draining = wanted.map((value, i) => (ready[i] > value ? 1 : 0));
  const states = { ...everyState(() => wanted.map(() => 0)), ready, warm, draining };
  for (const [phase, share] of Object.entries(phaseShares)) states[phase as StartPhase] = starting.map((count) => count * share);
  return { ready, starting, warm, states, outstanding: ready.map((n) => 14 * n), outages: [] };
}

/** What each phase takes of a start, as shares of its time. */
const phaseShares = { provisioning: 0.375, pulling: 0.125, loading: 0.25, compiling: 0.1875, warming: 0.0625 };
/** Seconds of a start in the mean. */
const start_s = 384;

function everyState<T>(value: () => T): Record<LifecycleState, T> {
  return Object.fromEntries(lifecycleStates.map((state) => [state, value()])) as Record<LifecycleState, T>;
}

function fleetOf(plan: Plan) {
  const none = around(0, 0);
  const phases = Object.entries(phaseShares).map(([phase, share]) => [phase, around(share * start_s, 4)]);
  return {
    states: { ...everyState(() => none), ready: around(3.4, 0.06), warm: around(plan.warm * 0.93, 0.02) },
    coldStart: {
      starts: around(14.2, 1.3),
      total_s: { mean: around(start_s, 9), p95: around(521, 31) },
      phases_s: Object.fromEntries(phases) as Record<StartPhase, Estimate>,
    },
    faults: { stockOuts: none, interruptions: none, crashes: none, losses: none, lostAttempts: none },
    waitedShare: around(0.21, 0.011),
    wait_s: around(0.38, 0.02),
    coldWait_s: around(2.1, 0.2),
  };
}

/** A client that sent so many attempts and did nothing else. */
function idleClient(sent: number): ClientResult {
  const none = around(0, 0);
  const counts = { hedges: none, hedgesWon: none, retries: none, retriesForbidden: none, brokenOff: none, spilledOver: none };
  const gate = { waited: none, wait_s: null, shed: none };
  return { sent: around(sent, 900), ...counts, backoff_s: none, breakerOpened: none, attemptsTimedOut: none, gate };
}

function classResult(series: ClassSeries, objectives: ClassResult["objectives"]): ClassResult {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const outcomes = Object.fromEntries(
    Object.entries(series.outcomes).map(([key, values]) => [key, around(sum(values), 0.02 * sum(values) ** 0.8)]),
  ) as Record<Outcome, Estimate>;
  const middle = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null).toSorted((a, b) => a - b);
    const at = known[Math.floor(known.length / 2)];
    return at === undefined ? null : around(at, at * 0.03);
  };
  const [p50, p95, p99] = [middle(series.ttft_p50_s), middle(series.ttft_p95_s), middle(series.ttft_p99_s)];
  const total = middle(series.total_p95_s);
  const tpot = around(0.021, 0.0004);
  return {
    offered: around(sum(series.offered), 900),
    outcomes,
    servedBy: { gpus: outcomes.served },
    attemptsPerRequest: around(1.043, 0.006),
    client: idleClient(sum(series.attempts)),
    degraded: {},
    degradedShare: around(0, 0),
    wrong: around(0, 0),
    wrongShare: around(0, 0),
    stages: {},
    hours: { window_s: 3600, keptShare: around(0.9, 0.04), worst: { from_s: 50_400, attainment: 0.871 } },
    recoveries: [],
    goodput_per_s: around(5.71, 0.04),
    ttft_s: { mean: p50, p50, p95, p99 },
    total_s: { mean: total, p50: total, p95: total, p99: total },
    tpot_s: { mean: tpot, p50: tpot, p95: tpot, p99: tpot },
    objectives,
    lateRequests: around(0, 0),
    lateTime_s: {},
    time_s: {},
  };
}

function verdictOf({ low, high, mean }: Estimate, limit = target): Verdict {
  if ((low ?? mean) >= limit) return "met";
  return (high ?? mean) < limit ? "missed" : "undecided";
}

export function point(plan: Plan): Point {
  const { warm, timeout, attempts, large } = plan;
  const mean = Math.min(
    0.9994,
    (large ? 0.938 : 0.897) + 0.034 * (1 - Math.exp(-1.1 * warm)) + 0.004 * Math.min(1, timeout / 60) - 0.002 * attempts,
  );
  const attainment = around(mean, 0.0045 * (1.1 - mean) * 8);
  const monthly = (large ? 15_400 : 9_350) + warm * (large ? 1_780 : 940) + 3.1 * timeout + 60 * attempts;
  const usd = around(monthly, monthly * 0.011);
  const left = (share: Estimate): Estimate => around((share.mean - target) / (1 - target), (share.high! - share.mean) / (1 - target));
  const objectives = [
    {
      text: "ttft p95 < 2s",
      kind: "latency" as const,
      verdict: verdictOf(attainment),
      target,
      attained: attainment,
      budgetLeft: left(attainment),
    },
    {
      text: "success >= 99.5%",
      kind: "success" as const,
      verdict: "met" as const,
      target: 0.995,
      attained: around(0.9984, 0.0004),
      budgetLeft: around(0.68, 0.08),
    },
    {
      text: "cost < $40000/month",
      kind: "cost" as const,
      verdict: "met" as const,
      target: 40_000,
      attained: usd,
      budgetLeft: around(1 - monthly / 40_000, 0.01),
    },
  ];
  const late = around(0.9991, 0.0003);
  const digest = {
    text: "total p95 < 5m",
    kind: "latency" as const,
    verdict: "met" as const,
    target,
    attained: late,
    budgetLeft: left(late),
  };
  const chat = chatSeries(plan);
  const digests = digestSeries();
  return {
    name: plan.name,
    values: plan.values,
    replications: 5,
    verdict: verdictOf(attainment),
    classes: { chat: classResult(chat, objectives), digests: classResult(digests, [digest]) },
    pools: {
      gpus: {
        ready: around(3.4, 0.06),
        starting: around(0.11, 0.01),
        warm: around(warm * 0.93, 0.02),
        peakReplicas: around(7, 0.6),
        scaleUps: around(14.2, 1.3),
        oversized: around(0, 0),
        coldWaits: around(Math.max(0, 420 - 130 * warm), 31),
        idleShare: around(0.31, 0.012),
        wastedShare: around(0.012 + 0.01 * attempts, 0.002),
        wasted_s: around(0, 0),
        wasted_usd_per_month: around(0, 0),
        preemptions: around(36, 9),
        prefixHitShare: null,
        ...fleetOf(plan),
        cost_usd_per_month: around(monthly * 0.94, monthly * 0.01),
        purchases_usd_per_month: { onDemand: around(monthly * 0.88, monthly * 0.01), warm: around(monthly * 0.06, 2) },
        states_usd_per_month: { ready: around(monthly * 0.86, monthly * 0.01), warm: around(monthly * 0.08, 2) },
      },
    },
    providers: {
      openai: {
        calls: around(5_210, 140),
        throttled: around(36, 8),
        oversized: around(0, 0),
        failed: around(12, 4),
        inputTokens: around(6.1e6, 2e5),
        outputTokens: around(1.3e6, 4e4),
        cachedInputTokens: around(2.2e6, 9e4),
        writtenInputTokens: around(4e5, 2e4),
        wastedTokens: around(0, 0),
        repeatedTokens: around(0, 0),
        busiestMinuteTokens: around(4.1e4, 900),
        units: null,
        cost_usd_per_month: around(monthly * 0.06, 40),
        wasted_usd_per_month: around(0, 0),
        repeated_usd_per_month: around(0, 0),
      },
    },
    caches: {
      answers: {
        lookups: around(510_000, 900),
        hits: around(91_800, 400),
        hitShare: around(0.18, 0.0009),
        coalesced: null,
        entries: null,
        evictions: null,
        expired: null,
        wrong: null,
        cost_usd_per_month: around(0, 0),
      },
    },
    gateways: {},
    vectorStores: {},
    goodput_per_s: around(5.78, 0.04),
    cost: {
      degradation_usd_per_month: around(0, 0),
      wrong_usd_per_month: around(0, 0),
      usd_per_month: usd,
      usd_per_hour: around(monthly / 730, monthly * 1.5e-5),
      usd_per_1k_served: around(0.77, 0.01),
      usd_per_1k_output_tokens: around(0.0031, 0.00004),
      usd_per_1k_good: around(0.81, 0.012),
      idleShare: around(0.29, 0.011),
    },
    attainment,
    margin: left(attainment),
    wastedShare: around(0.012 + 0.01 * attempts, 0.002),
    series: {
      window_s: 60,
      classes: { chat, digests },
      pools: { gpus: poolSeries(plan) },
      providers: { openai: providerSeries() },
      caches: { answers: { lookups: [], hits: [] } },
      vectorStores: {},
    },
  };
}

function result(kind: Result["kind"], more: Partial<Result> & Pick<Result, "points" | "advice">): Result {
  return {
    schema: "headroom/result/1",
    kind,
    name: "Support assistant, launch week",
    version: "0.1.0",
    scenarioHash: "9f2c4be1a07d3358",
    seed: 7,
    command: `headroom ${kind} models/scenarios/support.yaml --seed 7 --replications 5`,
    horizon_s: windows * 60,
    warmup_s: 1800,
    replications: 5,
    confidence: 0.95,
    axes: [],
    watched: { className: "chat", text: "ttft p95 < 2s", target },
    differences: [],
    warnings: [],
    profiles: [
      {
        path: "pools.gpus.engine",
        name: "llama-3.1-8b/h100/tp1",
        how: "derived",
        source: "NVIDIA H100 data sheet; Llama 3.1 model card",
        asOf: "2026-11-02",
      },
      { path: "pools.gpus.coldStart", name: "8b-kubernetes", how: "measured", source: "vLLM start-up logs", asOf: "2026-10-11" },
      {
        path: "providers.openai.price",
        name: "gpt-5.6-luna",
        how: "datasheet",
        source: "https://openai.com/api/pricing",
        asOf: "2026-11-01",
      },
    ],
    ...more,
  };
}

const base: Plan = { name: "base", values: [], warm: 1, timeout: 30, attempts: 2, large: false };

export function simulated(plan: Partial<Plan> = {}): Result {
  const one = point({ ...base, ...plan });
  const best = one.verdict === "met" ? { best: 0 } : {};
  const advice = one.verdict === "met" ? "The plan keeps its SLO." : "The plan does not keep its SLO: chat misses ttft p95 < 2s.";
  return result("simulate", { points: [one], advice, ...best, warnings: ["chat: 12 of 1,440 windows hold fewer than 20 requests"] });
}

export function compared(): Result {
  const points = [point(base), point({ ...base, name: "warm 3, large", warm: 3, large: true })];
  return result("compare", {
    points,
    best: 1,
    advice: "“warm 3, large” keeps the SLO where “base” does not, for $11,000 more a month.",
    differences: [
      {
        from: "base",
        to: "warm 3, large",
        metric: "attainment",
        unit: "share",
        difference: around(0.083, 0.004),
        significant: true,
        varianceReduction: 12.3,
      },
      {
        from: "base",
        to: "warm 3, large",
        metric: "cost",
        unit: "usd_per_month",
        difference: around(11_390, 160),
        significant: true,
        varianceReduction: 12.3,
      },
      {
        from: "base",
        to: "warm 3, large",
        metric: "chat ttft p95",
        unit: "s",
        difference: around(-0.41, 0.02),
        significant: true,
        varianceReduction: 12.3,
      },
      {
        from: "base",
        to: "warm 3, large",
        metric: "preemptions",
        unit: "count",
        difference: around(1.2, 7.5),
        significant: false,
        varianceReduction: null,
      },
    ],
  });
}

const sweepAxes: Result["axes"] = [
  { path: "pools.gpus.engine", label: "engine", values: ["llama-3.1-8b/l40s/tp1", "llama-3.1-8b/h100/tp1"] },
  { path: "pools.gpus.warm.size", label: "warm", values: ["0", "1", "2", "3"] },
  { path: "traffic.chat.client.timeout.total", label: "timeout", values: ["15s", "30s", "60s"] },
  { path: "traffic.chat.client.retry.attempts", label: "attempts", values: ["1", "3"] },
];

/** Four axes, 48 plans; where nothing is warm the number of attempts makes no difference, so that rows merge. */
export function swept(): Result {
  const [engines, warms, timeouts, attempts] = sweepAxes.map((axis) => axis.values);
  const points = engines.flatMap((engine) =>
    warms.flatMap((warm) =>
      timeouts.flatMap((timeout) =>
        attempts.map((tries) =>
          point({
            name: [engine, warm, timeout, tries].join(" "),
            values: [engine, warm, timeout, tries],
            warm: Number(warm),
            timeout: Number.parseInt(timeout, 10),
            attempts: warm === "0" ? 1 : Number(tries),
            large: engine.includes("h100"),
          }),
        ),
      ),
    ),
  );
  const met = points.map((_, i) => i).filter((i) => points[i].verdict === "met");
  const cost = (i: number) => points[i].cost.usd_per_month.mean;
  const best = met.toSorted((a, b) => cost(a) - cost(b))[0];
  return result("sweep", {
    axes: sweepAxes,
    points,
    best,
    advice: "The cheapest plan that keeps the SLO is the H100 engine with one warm replica and a time-out of 15 s.",
  });
}

/** A sweep over any axes whose plans attain and cost what `outcome` says; everything else of a plan is that of the base. */
export function sweptBy(
  axes: Result["axes"],
  outcome: (values: readonly string[]) => { readonly attainment: Estimate; readonly usd_per_month: Estimate },
): Result {
  const whole = point(base);
  const { chat } = whole.classes;
  const rows = axes.reduce<string[][]>((all, axis) => all.flatMap((row) => axis.values.map((value) => row.concat(value))), [[]]);
  const points = rows.map((values): Point => {
    const { attainment, usd_per_month } = outcome(values);
    const verdict = verdictOf(attainment);
    const objectives = [{ ...chat.objectives[0], attained: attainment, verdict }, ...chat.objectives.slice(1)];
    const classes = { ...whole.classes, chat: { ...chat, objectives } };
    const cost = { ...whole.cost, usd_per_month };
    return Object.assign({}, whole, { name: values.join(" "), values, classes, attainment, verdict, cost });
  });
  return result("sweep", { axes, points, advice: "No plan is advised." });
}

/** The same with clients of chat that try again, and a spike after two in the afternoon from which it does not recover. */
export function repeating(given: Result): Result {
  const recovery = {
    disturbance: "spike",
    from_s: 850 * 60,
    to_s: 872 * 60,
    judged: 5,
    recoveredShare: around(0.4, 0.6),
    recovery_s: around(340, 90),
    unrecovered: { attemptsPerRequest: around(3.2, 0.3), wastedShare: around(0.41, 0.05), throttledShare: null },
  };
  const points = given.points.map((one): Point => {
    const { chat } = one.classes;
    const client = { ...chat.client, retries: around(5210, 300), retriesForbidden: around(521, 30) };
    return { ...one, classes: { ...one.classes, chat: { ...chat, client, recoveries: [recovery] } } };
  });
  return { ...given, points };
}

/** The same with chat's questions embedded and looked up in a store whose index is rebuilt every six hours, which is out once, too. */
export function retrieving(given: Result): Result {
  const hours = [6, 12, 18].map((hour) => hour * 3600);
  const troubles: VectorStoreSeries["troubles"] = [
    ...hours.map((from_s) => ({ trouble: "rebuild" as const, from_s, to_s: from_s + 1800 })),
    { trouble: "outage", from_s: 20 * 3600, to_s: 20 * 3600 + 600 },
  ];
  const during = (i: number) => troubles.find(({ from_s, to_s }) => i * 60 >= from_s && i * 60 < to_s)?.trouble;
  const minutes = Array.from({ length: windows }, (_, i) => i);
  const handbook = minutes.map((i) => (during(i) === "outage" ? 0.5 : during(i) === "rebuild" ? 0.82 : 0.02) * (1 + 0.1 * noise(i, 11)));
  const stages = { embed: minutes.map((i) => 0.012 * (1 + 0.1 * noise(i, 12))), handbook };
  const points = given.points.map((one): Point => {
    const { chat } = one.classes;
    const of = (mean: number) => ({
      mean_s: around(mean, mean / 50),
      p95_s: around(2 * mean, mean / 9),
      p99_s: null,
      without: around(0, 0),
    });
    const { offered } = one.series.classes["chat"];
    const store: VectorStoreSeries = {
      reads: offered,
      failed: offered.map((count, i) => (during(i) === "outage" ? count : 0)),
      utilisation: minutes.map((i) => (during(i) === "rebuild" ? 0.9 : 0.1)),
      troubles,
    };
    const classes = { ...one.series.classes, chat: { ...one.series.classes["chat"], stages } };
    return {
      ...one,
      classes: { ...one.classes, chat: { ...chat, stages: { embed: of(0.012), handbook: of(0.075) } } },
      series: { ...one.series, classes, vectorStores: { handbook: store } },
    };
  });
  return { ...given, points };
}

/** The same with a cache that fills within three hours and is emptied at 16:00. */
export function filling(given: Result): Result {
  const points = given.points.map((one): Point => {
    const { offered } = one.series.classes["chat"];
    const rate = (i: number) => 0.4 * (1 - Math.exp(-(i < 960 ? i : i - 960) / 60));
    const answers = { lookups: offered, hits: offered.map((count, i) => Math.round(count * rate(i))) };
    const kept = { ...one.caches["answers"], entries: around(8100, 40), evictions: around(0, 0), expired: around(900, 20) };
    return { ...one, caches: { answers: kept }, series: { ...one.series, caches: { answers } } };
  });
  return { ...given, points };
}
