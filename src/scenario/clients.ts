import type * as z from "zod";
import { nameHint } from "../base/nearest.ts";
import { thousands } from "../base/format.ts";
import { issue } from "../base/settings.ts";
import { chainOf, targetsOf } from "./path/chain.ts";
import { entryNames } from "./path/parts.ts";
import type { Scenario, TrafficClass } from "./schema.ts";

/** More attempts of one request could not be told apart, and would have no end for whoever waits. */
const mostAttempts = 4095;

type Checked = Pick<Scenario, "traffic" | "gateways" | "caches" | "pools" | "providers">;

/** What a client's settings need of the rest of the scenario. */
export function checkClients(scenario: Checked, context: z.RefinementCtx): void {
  for (const [name, traffic] of Object.entries(scenario.traffic)) {
    const at = ["traffic", name, "client"];
    checkEnd(traffic, at, context);
    checkTimesOut(traffic, at, ["traffic", name, "path", traffic.path.length - 1, "on"], context);
    checkLimiter(traffic, scenario, at, context);
    checkBreaker(traffic, at, context);
    checkLadder(traffic, scenario, at, context);
    checkGateway(traffic, scenario, at, context);
  }
}

/** Loops within loops multiply: a request whose attempts have no end in sight is a mistake. */
function checkEnd({ client, path }: TrafficClass, at: readonly string[], context: z.RefinementCtx): void {
  const { retry, hedge } = client;
  const steps = Math.max(chainOf(path).first.length, ...Object.values(client.degrade).map(({ first }) => first?.length ?? 0));
  const factors = [retry.attempts, retry.nested?.attempts ?? 1, steps, 1 + (hedge?.most ?? 0)];
  const attempts = factors.reduce((product, one) => product * one, 1);
  if (attempts <= mostAttempts) return;
  issue(
    context,
    "contradiction",
    `a request may cause ${thousands(attempts)} attempts: ${factors.join(" × ")} (calls × nested × targets × hedged)`,
    {
      path: [...at, "retry"],
      hint: `allowed: up to ${thousands(mostAttempts)}; lower one of these, since a budget bounds the class and not a request`,
    },
  );
}

/** Retries and targets that wait for time-outs only come after an attempt's own: that of the request ends it. */
function checkTimesOut(
  { client: { timeout, retry }, path }: TrafficClass,
  at: readonly string[],
  chainAt: readonly PropertyKey[],
  context: z.RefinementCtx,
): void {
  if ((timeout.attempt.ttft ?? timeout.attempt.total) !== undefined) return;
  const chain = chainOf(path);
  const loops = [
    { on: retry.on, attempts: retry.attempts, here: [...at, "retry", "on"] },
    { on: retry.nested?.on ?? [], attempts: retry.nested?.attempts ?? 1, here: [...at, "retry", "nested", "on"] },
    { on: chain.on, attempts: chain.first.length, here: chainAt },
  ];
  for (const { on, attempts, here } of loops) {
    if (attempts === 1 || on.length === 0 || on.some((ending) => ending !== "timedOut")) continue;
    issue(context, "contradiction", "never happens: no attempt has a time-out of its own", {
      path: [...here],
      hint: "timeout: { attempt: { ttft: 10s } }; the request's own time-out ends it",
    });
  }
}

/** A limiter on tokens has to know how long an answer may become. */
function checkLimiter({ client, maxOutput }: TrafficClass, { gateways }: Checked, at: readonly string[], context: z.RefinementCtx): void {
  const { gateway } = client;
  const { limiter } = (gateway === undefined ? client : gateways[gateway]) ?? {};
  if (limiter?.tpm === undefined || (limiter.expectedOutput ?? maxOutput) !== undefined) return;
  issue(context, "missing-key", "its limiter counts tokens, so it needs maxOutput, or the limiter expectedOutput", {
    path: gateway === undefined ? [...at, "limiter"] : [...at, "gateway"],
    hint: "maxOutput: 500 for the class, or expectedOutput: 500 for the limiter",
  });
}

/** A breaker that waits for time-outs that nothing sets never opens. */
function checkBreaker({ client }: TrafficClass, at: readonly string[], context: z.RefinementCtx): void {
  const { breaker, timeout } = client;
  if (breaker === undefined) return;
  const timesOut = [timeout.ttft, timeout.total, timeout.attempt.ttft, timeout.attempt.total].some((one) => one !== undefined);
  if (timesOut || breaker.on.some((ending) => ending !== "timedOut")) return;
  issue(context, "contradiction", "cannot open: it counts time-outs only, and the client has none", {
    path: [...at, "breaker", "on"],
    hint: "timeout: { attempt: { ttft: 10s } }, or on: [timedOut, throttled, failed]",
  });
}

function checkLadder(
  { client, path, maxOutput: longest = Infinity }: TrafficClass,
  scenario: Checked,
  at: readonly string[],
  context: z.RefinementCtx,
): void {
  const stages = entryNames(path).filter((name) => name !== undefined);
  const known = [...Object.keys(scenario.pools), ...Object.keys(scenario.providers)];
  const patience = Math.min(client.timeout.ttft ?? Infinity, client.timeout.total ?? Infinity);
  for (const [rung, { skip = [], first = [], maxOutput, when }] of Object.entries(client.degrade)) {
    const here = [...at, "degrade", rung];
    skip.forEach((stage, i) => {
      if (stages.includes(stage)) return;
      const hint = stages.length === 0 ? "nothing stands before its targets" : nameHint(stage, stages);
      issue(context, "unknown-name", `the path has no stage \`${stage}\` to skip`, { path: [...here, "skip", i], hint });
    });
    first.forEach((target, i) => {
      if (known.includes(target)) return;
      issue(context, "unknown-name", `there is no pool or provider \`${target}\``, {
        path: [...here, "first", i],
        hint: nameHint(target, known),
      });
    });
    if (maxOutput !== undefined && maxOutput >= longest) {
      issue(context, "contradiction", "cuts nothing: the class's own maxOutput is no longer", {
        path: [...here, "maxOutput"],
        hint: `below ${longest}`,
      });
    }
    if (when.waited !== undefined && when.waited > patience) {
      issue(context, "contradiction", "no call begins so late: its user has gone", {
        path: [...here, "when", "waited"],
        hint: `at most ${patience}s`,
      });
    }
    if (when.call !== undefined && when.call > client.retry.attempts) {
      issue(context, "contradiction", `there is no call ${when.call}`, {
        path: [...here, "when", "call"],
        hint: `retry.attempts is ${client.retry.attempts}`,
      });
    }
    if (when.breakerOpen !== undefined && client.breaker === undefined) {
      issue(context, "contradiction", "the client has no breaker", { path: [...here, "when", "breakerOpen"], hint: "breaker: {}" });
    }
  }
}

function checkGateway({ client: { gateway } }: TrafficClass, { gateways }: Checked, at: readonly string[], context: z.RefinementCtx): void {
  if (gateway === undefined || Object.hasOwn(gateways, gateway)) return;
  const known = Object.keys(gateways);
  const hint = known.length === 0 ? "gateways: { … } at the top level describes them" : nameHint(gateway, known);
  issue(context, "unknown-name", `there is no gateway \`${gateway}\``, { path: [...at, "gateway"], hint });
}

/** Targets that a class may ask, in its path or on a rung of its ladder. */
export function askedTargets({ path, client }: Pick<TrafficClass, "path" | "client">): string[] {
  return [...new Set([...targetsOf(path), ...Object.values(client.degrade).flatMap(({ first = [] }) => first)])];
}
