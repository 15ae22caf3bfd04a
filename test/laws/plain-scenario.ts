/** A plain system in the public scenario format. */
import { type Trace, traceDuration } from "../../src/traffic/trace.ts";
import { agentText, stagesText, stageText } from "./plain-scenario-stages.ts";
import type {
  PlainBreaker,
  PlainBudget,
  PlainClass,
  PlainClient,
  PlainGate,
  PlainLoop,
  PlainPool,
  PlainProvider,
  PlainRung,
  PlainStep,
  PlainSystem,
} from "./plain-given.ts";

export const timeOf = (time: number | undefined): string | undefined => (time === undefined ? undefined : `${time}s`);
export const per = (share: number): string => `${share * 100}%`;

/** `undefined` leaves a key out. */
export function scenarioText({ horizon, classes, gateways, targets, stores }: PlainSystem): string {
  const pools = targets.filter((target) => target.kind === "pool");
  const providers = targets.filter((target) => target.kind === "provider");
  const stages = classes.flatMap((one) => one.stages);
  return JSON.stringify({
    name: "Plain",
    horizon: timeOf(horizon),
    replications: 1,
    traffic: Object.fromEntries(classes.map((one) => [one.name, trafficOf(one)])),
    gateways: Object.fromEntries(gateways.map((one) => [one.name, gateText(one)])),
    ...stagesText(stages, stores),
    pools: Object.fromEntries(pools.map((one) => [one.name, poolText(one)])),
    providers: Object.fromEntries(providers.map((one) => [one.name, providerText(one)])),
  });
}

const trafficOf = ({ name, priority, maxOutput, stages, chain, agent, client }: PlainClass): object => ({
  arrivals: { trace: name },
  maxOutput,
  priority,
  client: clientText(client),
  agent: agent && agentText(agent),
  path: [...stages.map(stageText), { first: chain.first.map(stepText), on: chain.on }],
});

const stepText = (step: PlainStep): unknown => {
  if (typeof step === "string" || "target" in step) return step;
  return { split: Object.fromEntries(Object.entries(step.split).map(([name, share]) => [name, per(share)])) };
};

const clientText = ({ retry, nested, hedge, breaker, gate, gateway, degrade, ...timeouts }: PlainClient): object => ({
  timeout: {
    ttft: timeOf(timeouts.ttft),
    total: timeOf(timeouts.total),
    attempt: { ttft: timeOf(timeouts.attemptTtft), total: timeOf(timeouts.attemptTotal) },
  },
  retry: { ...loopText(retry), nested: nested && loopText(nested) },
  hedge: hedge && { ...hedge, after: timeOf(hedge.after) },
  breaker: breaker && breakerText(breaker),
  gateway,
  ...(gate && gateText(gate)),
  degrade: Object.fromEntries(degrade.map((rung) => [rung.name, rungText(rung)])),
});

export const breakerText = (breaker: PlainBreaker): object => ({
  ...breaker,
  window: timeOf(breaker.window),
  failureShare: per(breaker.failureShare),
  openFor: timeOf(breaker.openFor),
});

export const loopText = ({ attempts, on, backoff, retryAfterMax, retryAfterBeyond, budget }: PlainLoop): object => ({
  attempts,
  on,
  backoff: { base: timeOf(backoff.base), factor: backoff.factor, max: timeOf(backoff.max), jitter: "none" },
  retryAfterMax: timeOf(retryAfterMax),
  retryAfterBeyond,
  budget: budget && budgetText(budget),
});

const budgetText = (budget: PlainBudget): object =>
  "share" in budget ? { share: per(budget.share), burst: budget.burst } : { tokenBucket: budget };

const gateText = ({ limiter, concurrency, queue }: PlainGate): object => ({
  limiter: limiter && { ...limiter, burst: timeOf(limiter.burst) },
  concurrency,
  queue: queue && { ...queue, maxWait: timeOf(queue.maxWait) },
});

const rungText = ({ when, maxOutput, skip, first, canned }: PlainRung): object => ({
  when: { ...when, waited: timeOf(when.waited) },
  maxOutput,
  skip,
  first,
  canned: canned && { latency: timeOf(canned.latency) },
});

const poolText = ({ servers, service, replicas, routing, capacity, maxWait, onCancel, elastic }: PlainPool): object => ({
  engine: { station: { servers, service: { constant: timeOf(service) } } },
  replicas: elastic === undefined ? replicas : { min: elastic.min, max: replicas },
  routing,
  queue: { capacity, maxWait: timeOf(maxWait) },
  onCancel,
  ...(elastic && {
    coldStart: { phases: { loading: { constant: timeOf(elastic.coldStart) } } },
    scaling: {
      targetTracking: {
        metric: elastic.metric,
        target: elastic.target,
        every: timeOf(elastic.every),
        lag: timeOf(elastic.lag),
        tolerance: per(elastic.tolerance),
        scaleDownAfter: timeOf(elastic.scaleDownAfter),
      },
    },
  }),
});

const providerText = ({ ttft, tpot, fails, limits }: PlainProvider): object => ({
  model: { inputPerMillion: "$1", outputPerMillion: "$1" },
  latency: { ttft: { constant: timeOf(ttft) }, tpot: { constant: timeOf(tpot) } },
  faults: { errorRate: fails ? "100%" : "0%" },
  limits: limits && { law: "tokenBucket", ...limits, burst: timeOf(limits.burst) },
});

/** Its arrivals, for `arrivals: { trace: name }`. */
export function traceOf({ name, requests }: PlainClass): Trace {
  const time = Float64Array.from(requests, ({ at }) => at);
  return {
    name,
    count: requests.length,
    time,
    inputTokens: Int32Array.from(requests, ({ input }) => input),
    outputTokens: Int32Array.from(requests, ({ output }) => output),
    duration: traceDuration(time),
    hash: name,
  };
}
