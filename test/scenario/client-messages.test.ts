import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { decode, example, exampleWith } from "./example.ts";

/** Place, code, path, message and hint of the mistake, without the text there. */
function mistake(text: string, ...flags: string[]): string {
  try {
    decode(text, ...flags);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return `${error.details.code} at ${error.message
      .replace(/^plan\.yaml:/, "")
      .replaceAll("traffic.chat.", "")
      .replaceAll(/\n +(\d+ \||\^).*/g, "")
      .replaceAll("\n  hint: ", "; ")}`;
  }
  throw new Error("the scenario was decoded");
}

const written = "client: { timeout: { total: 60s }, retry: { attempts: 3, budget: 10% } }";
const client = (settings: string): string => mistake(exampleWith(written, `client: { ${settings} }`));

describe("retries", () => {
  it.each([
    ["retry: { attempts: .inf }", "wrong-type at 10:34: client.retry.attempts: must be a count (found .inf); write it like 400, 50k, 2M"],
    [
      "retry: { attempts: 1000 }",
      "out-of-range at 10:34: client.retry.attempts: must be at most 100 (found 1000); allowed: whole numbers, from 1, up to 100",
    ],
    [
      "retry: { attempts: 100, nested: { attempts: 50 } }",
      "contradiction at 10:22: client.retry: a request may cause 10,000 attempts: 100 × 50 × 2 × 1 (calls × nested × targets × hedged); allowed: up to 4,095; lower one of these, since a budget bounds the class and not a request",
    ],
    [
      "retry: { attempts: 50, nested: { attempts: 20 } }, hedge: { after: 1s, most: 3 }",
      "contradiction at 10:22: client.retry: a request may cause 8,000 attempts: 50 × 20 × 2 × 4 (calls × nested × targets × hedged); allowed: up to 4,095; lower one of these, since a budget bounds the class and not a request",
    ],
    ["retry: { attempts: 3, on: [] }", "out-of-range at 10:41: client.retry.on: names no ending (found [])"],
    [
      "retry: { attempts: 3, on: [refused] }",
      "unknown-name at 10:42: client.retry.on.0: must be one of timedOut, shed, throttled, failed (found refused)",
    ],
    [
      "retry: { attempts: 3, on: [timedOut] }",
      "contradiction at 10:41: client.retry.on: never happens: no attempt has a time-out of its own; timeout: { attempt: { ttft: 10s } }; the request's own time-out ends it",
    ],
    [
      "retry: { attempts: 3, nested: { attempts: 2, on: [timedOut] } }",
      "contradiction at 10:64: client.retry.nested.on: never happens: no attempt has a time-out of its own; timeout: { attempt: { ttft: 10s } }; the request's own time-out ends it",
    ],
    [
      "retry: { attempts: 3, nested: {} }",
      "missing-key at 10:37: client.retry.nested: needs attempts; attempts: attempts in all at each target that a call asks; write it like 400, 50k, 2M",
    ],
    [
      "retry: { attempts: 3, backoff: { jitter: some } }",
      "unknown-name at 10:56: client.retry.backoff.jitter: must be one of none, full, equal, decorrelated (found some)",
    ],
    [
      "retry: { attempts: 3, backoff: { factor: 0.5 } }",
      "out-of-range at 10:56: client.retry.backoff.factor: must be at least 1 (found 0.5); allowed: from 1",
    ],
    [
      "retry: { attempts: 3, retryAfterBeyond: wait }",
      "unknown-name at 10:55: client.retry.retryAfterBeyond: must be one of backoff, giveUp (found wait)",
    ],
  ])("that have no end, or never happen, are refused: %s", (settings, expected) => {
    expect(client(settings)).toBe(expected);
  });

  it.each([
    [
      "retry: { attempts: 3, budget: 110% }",
      "out-of-range at 10:45: client.retry.budget: must be at most 100% (found 110%); allowed: from 0%, up to 100%",
    ],
    [
      "retry: { attempts: 3, budget: {} }",
      "contradiction at 10:45: client.retry.budget: needs exactly one of its kinds, found nothing; one of share, tokenBucket",
    ],
    [
      "retry: { attempts: 3, budget: { share: 10%, tokenBucket: { capacity: 500, cost: 5 } } }",
      "contradiction at 10:45: client.retry.budget: needs exactly one of its kinds, found share and tokenBucket; one of share, tokenBucket",
    ],
    [
      "retry: { attempts: 3, budget: { burst: 20, tokenBucket: { capacity: 500, cost: 5 } } }",
      "contradiction at 10:54: client.retry.budget.burst: burst belongs to share; a token bucket has a capacity",
    ],
    [
      "retry: { attempts: 3, budget: { tokenBucket: { capacity: 500 } } }",
      "missing-key at 10:47: client.retry.budget.tokenBucket: needs cost; cost: tokens that a retry takes; write it like 400, 50k, 2M",
    ],
    [
      "retry: { attempts: 3, budget: { tokenBucket: { capacity: 4, cost: 5 } } }",
      "contradiction at 10:81: client.retry.budget.tokenBucket.cost: is more than a full bucket holds, so that it never pays for a retry; capacity is 4",
    ],
    [
      "retry: { attempts: 3, nested: { attempts: 2, budget: { tokenBucket: { capacity: 8, cost: 5, timeoutCost: 10 } } } }",
      "contradiction at 10:120: client.retry.nested.budget.tokenBucket.timeoutCost: is more than a full bucket holds, so that it never pays for a retry; capacity is 8",
    ],
  ])("with a budget that cannot be are refused: %s", (settings, expected) => {
    expect(client(settings)).toBe(expected);
  });
});

describe("time-outs and hedging", () => {
  it.each([
    [
      "timeout: { ttft: 90s, total: 60s }",
      "contradiction at 10:32: client.timeout.ttft: is longer than total; the first token comes before the last",
    ],
    [
      "timeout: { attempt: { ttft: 20s, total: 10s } }",
      "contradiction at 10:43: client.timeout.attempt.ttft: is longer than attempt.total; the first token comes before the last",
    ],
    [
      "timeout: { ttft: 10s, attempt: { ttft: 20s } }",
      "contradiction at 10:54: client.timeout.attempt.ttft: is longer than ttft; an attempt is a part of its request, so this would never strike",
    ],
    [
      "timeout: { total: 10s, attempt: { ttft: 20s } }",
      "contradiction at 10:55: client.timeout.attempt.ttft: is longer than total; an attempt is a part of its request, so this would never strike",
    ],
    [
      "timeout: { total: 10s, attempt: { total: 20s } }",
      "contradiction at 10:56: client.timeout.attempt.total: is longer than total; an attempt is a part of its request, so this would never strike",
    ],
    [
      "timeout: { ttft: 10s }, hedge: { after: 10s }",
      "contradiction at 10:55: client.hedge.after: comes when the time-out has struck already; shorter than 10s",
    ],
    [
      "timeout: { attempt: { total: 600s } }, hedge: { after: 15m }",
      "contradiction at 10:70: client.hedge.after: comes when the time-out has struck already; shorter than 600s",
    ],
    ["hedge: { after: 0s }", "out-of-range at 10:31: client.hedge.after: must be above 0s (found 0s); allowed: above 0s"],
    [
      "hedge: { after: 1s, most: 0 }",
      "out-of-range at 10:41: client.hedge.most: must be at least 1 (found 0); allowed: whole numbers, from 1, up to 10",
    ],
    ["hedge: { after: 1s, target: other }", "unknown-name at 10:43: client.hedge.target: must be one of same, next (found other)"],
  ])("that would never strike are refused: %s", (settings, expected) => {
    expect(client(settings)).toBe(expected);
  });
});

describe("a breaker", () => {
  it.each([
    [
      "breaker: { on: [timedOut] }",
      "contradiction at 10:30: client.breaker.on: cannot open: it counts time-outs only, and the client has none; timeout: { attempt: { ttft: 10s } }, or on: [timedOut, throttled, failed]",
    ],
    [
      "breaker: { failureShare: 0% }",
      "out-of-range at 10:40: client.breaker.failureShare: must be at least 0.1% (found 0%); allowed: from 0.1%, up to 100%",
    ],
    [
      "breaker: { failureShare: 120% }",
      "out-of-range at 10:40: client.breaker.failureShare: must be at most 100% (found 120%); allowed: from 0.1%, up to 100%",
    ],
    [
      "breaker: { minimumCalls: 0 }",
      "out-of-range at 10:40: client.breaker.minimumCalls: must be at least 1 (found 0); allowed: whole numbers, from 1",
    ],
    [
      "breaker: { window: 0.001us }",
      "out-of-range at 10:34: client.breaker.window: must be at least 1ms (found 0.001us); allowed: from 1ms",
    ],
    [
      "breaker: { probes: 0 }",
      "out-of-range at 10:34: client.breaker.probes: must be at least 1 (found 0); allowed: whole numbers, from 1",
    ],
    [
      "breaker: { treshold: 50% }",
      "unknown-key at 10:26: client.breaker.treshold: is not a setting; known here: failureShare, minimumCalls, on, openFor, probes, window",
    ],
  ])("that cannot open, or never closes, is refused: %s", (settings, expected) => {
    expect(client(settings)).toBe(expected);
  });

  it("that counts time-outs alone may do so where there is one", () => {
    expect(decode(exampleWith(written, "client: { timeout: { total: 60s }, breaker: { on: [timedOut] } }"))).toBeDefined();
  });
});

describe("what holds attempts back", () => {
  it.each([
    ["limiter: {}", "missing-key at 10:24: client.limiter: the limiter needs rpm or tpm; rpm: 5000, or tpm: 2M"],
    [
      "limiter: { rpm: 10, burst: 5s }",
      "contradiction at 10:42: client.limiter.burst: never holds a whole attempt; at least 6s for this rpm",
    ],
    [
      "limiter: { tpm: 2M }",
      "missing-key at 10:24: client.limiter: its limiter counts tokens, so it needs maxOutput, or the limiter expectedOutput; maxOutput: 500 for the class, or expectedOutput: 500 for the limiter",
    ],
    [
      "limiter: { rpm: 10 }, queue: { maxWait: 0s }",
      "out-of-range at 10:55: client.queue.maxWait: must be above 0s (found 0s); allowed: above 0s",
    ],
    [
      "queue: { capacity: 10 }",
      "contradiction at 10:22: client.queue: nothing ever holds anyone back; needs a limiter or concurrency beside it; a pool's own queue is pools.….queue",
    ],
    ["concurrency: 0", "out-of-range at 10:28: client.concurrency: must be at least 1 (found 0); allowed: whole numbers, from 1"],
    [
      "gateway: front",
      "unknown-name at 10:24: client.gateway: there is no gateway `front`; gateways: { … } at the top level describes them",
    ],
  ])("needs its numbers, and something to hold back for: %s", (settings, expected) => {
    expect(client(settings)).toBe(expected);
  });

  const shared = (gateways: string, settings: string): string =>
    mistake(`${exampleWith(written, `client: { ${settings} }`)}gateways:\n  front: ${gateways}\n`);

  it.each([
    [
      "{ limiter: { rpm: 600 } }",
      "gateway: frnt",
      "unknown-name at 10:24: client.gateway: there is no gateway `frnt`; did you mean `front`?",
    ],
    [
      "{ limiter: { rpm: 600 } }",
      "gateway: front, limiter: { rpm: 60 }",
      "contradiction at 10:40: client.limiter: the gateway has it; gateways.front.limiter, or leave out gateway",
    ],
    [
      "{ limiter: { rpm: 600 } }",
      "gateway: front, concurrency: 8, queue: {}",
      "contradiction at 10:44: client.concurrency: the gateway has it; gateways.front.concurrency, or leave out gateway\n  also: line 10: client.queue: the gateway has it",
    ],
    [
      "{ limiter: { tpm: 2M } }",
      "gateway: front",
      "missing-key at 10:24: client.gateway: its limiter counts tokens, so it needs maxOutput, or the limiter expectedOutput; maxOutput: 500 for the class, or expectedOutput: 500 for the limiter",
    ],
    [
      "{ queue: { capacity: 3 } }",
      "gateway: front",
      "contradiction at 28:19: gateways.front.queue: nothing ever holds anyone back; needs a limiter or concurrency beside it; a pool's own queue is pools.….queue",
    ],
  ])("is the gateway's or the class's: %s, %s", (gateways, settings, expected) => {
    expect(shared(gateways, settings)).toBe(expected);
  });
});

describe("a ladder of worse answers", () => {
  it.each([
    [
      "degrade: { a: { when: {}, maxOutput: 200 } }",
      "missing-key at 10:37: client.degrade.a.when: needs a condition; when: { inFlight: 200 }, { call: 2 }, { waited: 5s } or { exhausted: true }",
    ],
    [
      "degrade: { a: { maxOutput: 200 } }",
      "missing-key at 10:26: client.degrade.a: needs when; when: when it applies; of several conditions all must hold",
    ],
    [
      "degrade: { a: { when: { inFlight: 9 } } }",
      "missing-key at 10:29: client.degrade.a: changes nothing; maxOutput: 200, skip: [handbook], first: [small] or canned: {}",
    ],
    [
      "degrade: { a: { when: { inFlight: 9 }, canned: {}, maxOutput: 9 } }",
      "contradiction at 10:62: client.degrade.a.canned: a canned answer needs no target, so nothing else can change; leave out maxOutput, skip and first",
    ],
    [
      "degrade: { a: { when: { exhausted: true }, maxOutput: 9 } }",
      "contradiction at 10:50: client.degrade.a.when.exhausted: only a canned answer is left when all else has failed; canned: {} beside it, and no other condition",
    ],
    [
      "degrade: { a: { when: { exhausted: true, inFlight: 3 }, canned: {} } }",
      "contradiction at 10:50: client.degrade.a.when.exhausted: only a canned answer is left when all else has failed; canned: {} beside it, and no other condition",
    ],
    [
      "degrade: { a: { when: { exhausted: false }, canned: {} } }",
      "unknown-name at 10:50: client.degrade.a.when.exhausted: must be true (found false)",
    ],
    [
      "degrade: { a: { when: { inFlight: 9 }, skip: [handbook] } }",
      "unknown-name at 10:61: client.degrade.a.skip.0: the path has no stage `handbook` to skip; known here: answers",
    ],
    [
      "degrade: { a: { when: { inFlight: 9 }, skip: [gpus] } }",
      "unknown-name at 10:61: client.degrade.a.skip.0: the path has no stage `gpus` to skip; known here: answers",
    ],
    [
      "degrade: { a: { when: { inFlight: 9 }, first: [smal] } }",
      "unknown-name at 10:62: client.degrade.a.first.0: there is no pool or provider `smal`; known here: gpus, hosted",
    ],
    [
      "degrade: { a: { when: { call: 3 }, maxOutput: 9 } }, retry: { attempts: 2 }",
      "contradiction at 10:45: client.degrade.a.when.call: there is no call 3; retry.attempts is 2",
    ],
    [
      "degrade: { a: { when: { call: 2 }, skip: [answers] } }, retry: { attempts: 2 }",
      "contradiction at 10:56: client.degrade.a.skip: stages come before the first call, so nothing is left to skip; when: { inFlight: 200 } or { waited: 5s } instead of call",
    ],
    [
      "degrade: { a: { when: { waited: 20s }, maxOutput: 9 } }, timeout: { ttft: 10s, total: 60s }",
      "contradiction at 10:47: client.degrade.a.when.waited: no call begins so late: its user has gone; at most 10s",
    ],
    [
      "degrade: { a: { when: { call: 1 }, maxOutput: 9 } }",
      "out-of-range at 10:45: client.degrade.a.when.call: must be at least 2 (found 1); allowed: whole numbers, from 2, up to 100",
    ],
    [
      "degrade: { a: { when: { breakerOpen: true }, maxOutput: 9 } }",
      "contradiction at 10:52: client.degrade.a.when.breakerOpen: the client has no breaker; breaker: {}",
    ],
    [
      "degrade: { a b: { when: { inFlight: 9 }, maxOutput: 9 } }",
      "wrong-type at 10:26: client.degrade.a b: is not a name: letters, digits, - and _, a letter first",
    ],
  ])("has rungs that apply and change something: %s", (settings, expected) => {
    expect(client(settings)).toBe(expected);
  });

  it("cuts answers shorter than the class does", () => {
    const rung = (maxOutput: number) =>
      `client: { degrade: { a: { when: { inFlight: 9 }, maxOutput: ${maxOutput} } } }\n    maxOutput: 300`;
    expect(mistake(exampleWith(written, rung(300)))).toBe(
      "contradiction at 10:65: client.degrade.a.maxOutput: cuts nothing: the class's own maxOutput is no longer; below 300",
    );
    expect(decode(exampleWith(written, rung(299)))).toBeDefined();
  });
});

describe("a path", () => {
  const path = (stages: string): string => mistake(exampleWith("path: [answers, { first: [gpus, hosted] }]", `path: [${stages}]`));

  it.each([
    ["", "out-of-range at 11:11: path: must have at least 1 entry (found [])"],
    [
      "answers",
      "contradiction at 11:12: path.0: the last stage must be a pool or a provider; [answers, gpus]: a pool or a provider gives the answer",
    ],
    [
      "gpus, answers",
      "contradiction at 11:12: path.0: only the last stage can be a target; { first: [gpus, openai] } asks several, { call: gpus } asks it on the way\n  also: line 11: path.1: the last stage must be a pool or a provider",
    ],
    ["{ split: { gpus: 100% } }, gpus", "contradiction at 11:12: path.0: only the last stage can be a target; caches come before it"],
    [
      "{ split: { gpus: 80%, hosted: 30% } }",
      "contradiction at 11:21: path.0.split: the shares add up to 110 %; they must add up to 100 %",
    ],
    ["{ split: {} }", "contradiction at 11:21: path.0.split: the shares add up to 0 %; they must add up to 100 %"],
    ["{ split: { gpu: 100% } }", "unknown-name at 11:23: path.0.split.gpu: there is no pool or provider `gpu`; did you mean `gpus`?"],
    [
      "{ split: { gpus: 120%, hosted: -20% } }",
      "out-of-range at 11:29: path.0.split.gpus: must be at most 100% (found 120%); allowed: from 0%, up to 100%\n  also: line 11: path.0.split.hosted: must be at least 0% (found -20%)",
    ],
    ["{ first: [] }", "out-of-range at 11:21: path.0.first: must have at least 1 entry (found [])"],
    ["{ first: [gpus, gpus] }", "contradiction at 11:28: path.0.first.1: `gpus` is asked before; name each target once"],
    [
      "{ first: [gpus, { split: { gpus: 50%, hosted: 50% } }] }",
      "contradiction at 11:28: path.0.first.1: `gpus` is asked before; name each target once",
    ],
    [
      "{ first: [{ target: gpus, spillOver: {} }, hosted] }",
      "missing-key at 11:49: path.0.first.0.spillOver: needs a condition; outstanding: 64, or inputTokens: 8000",
    ],
    [
      "{ first: [gpus, { target: hosted, spillOver: { outstanding: 9 } }] }",
      "contradiction at 11:57: path.0.first.1.spillOver: there is no next target to spill over to",
    ],
    [
      "{ first: [{ target: gpus, spillOver: { outstanding: 0 } }, hosted] }",
      "out-of-range at 11:64: path.0.first.0.spillOver.outstanding: must be at least 1 (found 0); allowed: whole numbers, from 1",
    ],
    [
      "{ first: [{ target: gpu, spillOver: { outstanding: 9 } }, hosted] }",
      "unknown-name at 11:32: path.0.first.0.target: there is no pool or provider `gpu`; did you mean `gpus`?",
    ],
    [
      "{ first: [{ target: gpus }, hosted] }",
      "missing-key at 11:22: path.0.first.0: needs spillOver; spillOver: when a call does not ask it but the next",
    ],
    ["{ first: [gpus, hosted], on: [] }", "out-of-range at 11:41: path.0.on: names no ending (found [])"],
    [
      "{ first: [gpus, hosted], on: [timedOut] }",
      "contradiction at 11:41: path.0.on: never happens: no attempt has a time-out of its own; timeout: { attempt: { ttft: 10s } }; the request's own time-out ends it",
    ],
  ])("of targets that are there, each asked once, in shares that add up: [%s]", (stages, expected) => {
    expect(path(stages)).toBe(expected);
  });
});

describe("a preset", () => {
  it.each([
    [
      "client: skd",
      "unknown-name at 10:13: client: there is no profile `skd` among the clients; did you mean `sdk`? Known here: broken, sdk",
    ],
    [
      "client: { preset: skd }",
      "unknown-name at 10:23: client.preset: there is no profile `skd` among the clients; did you mean `sdk`? Known here: broken, sdk",
    ],
    ["client: { preset: 3 }", "wrong-type at 10:23: client.preset: must be the name of a profile (found 3)"],
    [
      "client: { preset: sdk, extends: sdk }",
      "contradiction at 10:15: client.preset: the profile is named twice; extends and preset both name the profile: leave one out",
    ],
    [
      "client: { preset: sdk, timeout: { ttft: 10 } }",
      "wrong-unit at 10:45: client.timeout.ttft: must be a duration (found 10); write it like 500ms, 90s, 30m, 24h, 14d",
    ],
    [
      "client: { preset: sdk, retries: 3 }",
      "unknown-key at 10:28: client.retries: is not a setting; known here: breaker, concurrency, degrade, gateway, hedge, limiter, queue",
    ],
    [
      "client: { preset: broken }",
      "out-of-range at 10:13: client.retry.attempts: must be at least 1, in the profile `broken` (found 0); allowed: whole numbers, from 1, up to 100",
    ],
    [
      "client: { preset: broken, timeout: { total: 9s } }",
      "out-of-range at 10:13: client.retry.attempts: must be at least 1, in the profile `broken` (found 0); allowed: whole numbers, from 1, up to 100",
    ],
    [
      "client: { preset: sdk, hedge: { after: 15m } }",
      "contradiction at 10:44: client.hedge.after: comes when the time-out has struck already; shorter than 600s",
    ],
  ])("must be one, and go together with what stands beside it: %s", (settings, expected) => {
    expect(mistake(exampleWith(written, settings))).toBe(expected);
  });

  it("that a flag names wrongly is the flag's", () => {
    expect(mistake(example, "traffic.chat.client=skd")).toBe(
      "unknown-name at --set client=skd: there is no profile `skd` among the clients; did you mean `sdk`? Known here: broken, sdk",
    );
    expect(mistake(exampleWith(written, "client: sdk"), "traffic.chat.client.retry.attempts=0")).toBe(
      "out-of-range at --set client.retry.attempts=0: must be at least 1; allowed: whole numbers, from 1, up to 100",
    );
  });
});
