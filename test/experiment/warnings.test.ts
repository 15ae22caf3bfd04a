import { expect, it } from "vitest";
import { warningsOn } from "../../src/experiment/warnings.ts";
import type { Trace } from "../../src/traffic/trace.ts";
import { around, simulated } from "../report/fixture.ts";
import { overflowing } from "./overflowing.ts";
import { planOf } from "./systems.ts";

const [point] = simulated().points;
const plan = planOf(overflowing);
const trace: Trace = {
  name: "day.csv",
  count: 2,
  time: Float64Array.of(0, 1),
  inputTokens: Int32Array.of(5, 5),
  outputTokens: Int32Array.of(5, 5),
  duration: 120,
  hash: "0",
  outOfOrder: 1,
  dropped: 3,
};

it("a sound result has no warning", () => {
  expect(warningsOn([plan], [point], undefined, new Map())).toEqual([]);
});

it("one replication is a warning, since it has no interval", () => {
  expect(warningsOn([planOf(overflowing, { replications: "1" })], [point], undefined, new Map())).toEqual([
    "one replication has no interval: how far chance moves these numbers is not known",
  ]);
});

it("a trace is doubted when it ends early, came out of order or lost rows", () => {
  const traced = planOf(overflowing, { "traffic.chat.arrivals": "{ trace: day.csv }" });
  expect(warningsOn([traced], [point], undefined, new Map([["day.csv", trace]]))).toEqual([
    "chat: its trace ends after 2 m of the 10 m simulated; nothing arrives after that",
    "chat: its trace had 1 row out of order, now sorted by time",
    "chat: its trace had 3 rows without output, dropped as its map says",
  ]);
});

it("what is left out of the money or the attainment is said", () => {
  const free = planOf(overflowing);
  const { price: _, ...pool } = free.decoded.scenario.pools["gpus"];
  const unpriced = {
    ...free,
    decoded: { ...free.decoded, scenario: { ...free.decoded.scenario, pools: { gpus: { ...pool, price: undefined } } } },
  };
  expect(warningsOn([unpriced], [point], undefined, new Map())).toEqual(["gpus: the pool has no price, so its replicas cost nothing here"]);
  expect(warningsOn([plan], [point], { className: "mail", text: "ttft p95 < 1s", target: 0.95 }, new Map())).toEqual([
    "there is no objective ttft p95 < 1s for mail, so that the attainment is the share of requests served",
  ]);
});

it("quotas on which no provider draws in any plan are said at once", () => {
  const unused = planOf(overflowing, { quotas: "{ account: { law: tokenBucket, rpm: 100 } }" });
  const said = (name: string) => [`${name}: the quota holds nobody back, since no provider names it`];
  expect(warningsOn([unused], [point], undefined, new Map())).toEqual(said("account"));
  const two = planOf(overflowing, { quotas: "{ account: { law: tokenBucket, rpm: 100 }, spare: { law: tokenBucket, rpm: 100 } }" });
  expect(warningsOn([two], [point], undefined, new Map())).toEqual([
    "account, spare: the quotas hold nobody back, since no provider names them",
  ]);
  const [provider] = Object.keys(plan.decoded.scenario.providers);
  const used = planOf(overflowing, {
    quotas: "{ account: { law: tokenBucket, rpm: 100 } }",
    [`providers.${provider}`]:
      "{ model: { inputPerMillion: $1, outputPerMillion: $1 }, latency: { ttft: { constant: 1s }, tpot: { constant: 1ms } }, quota: account }",
  });
  expect(warningsOn([used], [point], undefined, new Map())).toEqual([]);
  expect(warningsOn([unused, used], [point, point], undefined, new Map())).toEqual([]);
  expect(warningsOn([two, used], [point, point], undefined, new Map())).toEqual(said("spare"));
});

it("caches, vector stores and pipelines that no path comes to are said", () => {
  const rooms = {
    caches:
      "{ answers: { kind: exact, hitRate: 10% }, exactly: { kind: exact, hitRate: 10% }, similar: { kind: semantic, embedding: { latency: { constant: 0s } }, store: questions, threshold: 0.9, hitRate: 10% } }",
    vectorStores:
      "{ questions: { concurrency: 9, read: { constant: 1ms }, perReplicaHour: $1 }, handbook: { concurrency: 9, read: { constant: 1ms }, perReplicaHour: $1 } }",
    pipelines: "{ steps: [handbook] }",
  };
  const path = planOf(overflowing).decoded.scenario.traffic["chat"].path.map((one) => JSON.stringify(one));
  const doubts = (...stages: string[]) =>
    warningsOn(
      [planOf(overflowing, { ...rooms, "traffic.chat.path": `[${[...stages, ...path].join(", ")}]` })],
      [point],
      undefined,
      new Map(),
    );
  expect(doubts()).toEqual([
    "exactly, similar: the caches are never asked, since no path names them",
    "handbook: the vector store is never asked, since no path or cache names it",
    "steps: the pipeline is never gone through, since no path names it",
  ]);
  expect(doubts("exactly", "similar", "steps")).toEqual([]);
});

it("a gateway that no class goes through is said", () => {
  const gateways = { gateways: "{ front: { concurrency: 4 } }" };
  const unused = planOf(overflowing, gateways);
  expect(warningsOn([unused], [point], undefined, new Map())).toEqual(["front: the gateway holds nobody back, since no class names it"]);
  const used = planOf(overflowing, { ...gateways, "traffic.chat.client.gateway": "front" });
  expect(warningsOn([used], [point], undefined, new Map())).toEqual([]);
});

it("few requests for a percentile, and many still in flight at the end, are said", () => {
  const chat = point.classes["chat"];
  const few = {
    ...point,
    classes: { chat: { ...chat, offered: around(30, 1), outcomes: { ...chat.outcomes, unfinished: around(3, 1) } } },
  };
  const warnings = warningsOn([plan], [few], undefined, new Map());
  expect(warnings).toContain(`chat: 10.0 % of the requests were still in flight at the end; it may not be keeping up`);
  expect(warnings).toContain("chat: 30 requests a replication are few for ttft p95 < 2s");
});

it("a doubt about several plans is said once, with how many there are", () => {
  const chat = point.classes["chat"];
  const none = { chat: { ...chat, offered: around(0, 0) } };
  const named = (name: string) => ({ ...point, name, classes: none });
  const [first, second] = [named("warm 0"), named("warm 1")];
  const doubt = "chat: no request arrived after the warm-up, so nothing is known of it";
  expect(warningsOn([plan], [first, second, point], undefined, new Map())).toEqual([`${doubt} (in warm 0; alike in 2 of 3 plans)`]);
  expect(warningsOn([plan], [first, point], undefined, new Map())).toEqual([`${doubt} (in warm 0)`]);
});

it("a prefix cache that nothing hits is doubted, one that is hit or absent is not", () => {
  const warned = (prefixHitShare: ReturnType<typeof around> | null) => {
    const pools = { gpus: { ...point.pools["gpus"], prefixHitShare } };
    return warningsOn([plan], [{ ...point, pools }], undefined, new Map());
  };
  expect(warned(around(0, 0))).toEqual([
    "gpus: its prefix cache was never hit; prompts begin alike where their class has sharedPrefix or conversation, or its trace hashBlock",
  ]);
  expect(warned(around(0.2, 0.01))).toEqual([]);
  expect(warned(null)).toEqual([]);
});

it("what only some of several plans are doubted for is said with which", () => {
  const alone = (name: string) => planOf(overflowing, { replications: "1" }, name);
  const several = [planOf(overflowing), alone("alone"), planOf(overflowing, {}, "more"), alone("too")];
  const doubt = "one replication has no interval: how far chance moves these numbers is not known";
  const warned = (plans: typeof several) => warningsOn(plans, [point], undefined, new Map());
  expect(warned(several.slice(0, 2))).toEqual([`${doubt} (in alone)`]);
  expect(warned(several)).toEqual([`${doubt} (in alone; alike in 2 of 4 plans)`]);
  expect(warned([alone("a"), alone("b")])).toEqual([doubt]);
});

it("what prompts have in common is said to change nothing, unless a pool that reads them has a prefix cache", () => {
  const apart = overflowing.replace(
    "pools:\n",
    `pools:
  readers: { engine: { stepTime: { overhead: 2ms }, kvBlocks: 2000 }, replicas: 1, price: { perReplicaHour: $4 } }
`,
  );
  const shared = { "traffic.chat.sharedPrefix": "{ tokens: 100 }" };
  const prefill = {
    "pools.gpus.prefill": "{ pool: readers, transfer: { bandwidth: 1GB/s } }",
    "pools.gpus.engine.kvBytesPerToken": "100",
  };
  const [here, there] = [{ "pools.gpus.engine.prefixCache": "{}" }, { "pools.readers.engine.prefixCache": "{}" }];
  const warned = (assignments: Readonly<Record<string, string>>, traces = new Map<string, Trace>()) =>
    warningsOn([planOf(apart, assignments)], [point], undefined, traces);
  const nothing = (setting: string) => [
    `chat: its ${setting} changes nothing, since nothing that reads its prompts has a prefixCache or promptCache`,
  ];
  expect(warned(shared)).toEqual(nothing("sharedPrefix"));
  expect(warned({ ...shared, ...here })).toEqual([]);
  expect(warned({ ...shared, ...there })).toEqual(nothing("sharedPrefix"));
  expect(warned({ ...shared, ...prefill, ...here })).toEqual(nothing("sharedPrefix"));
  expect(warned({ ...shared, ...prefill, ...there })).toEqual([]);
  expect(warned({ ...shared, "traffic.chat.path": "[answers, api]", ...here })).toEqual(nothing("sharedPrefix"));
  expect(warned({ "traffic.chat.path": "[answers, api]" })).toEqual([]);
  const hosted = { "traffic.chat.path": "[answers, api]", "providers.api.promptCache": "{}" };
  expect(warned({ ...shared, ...hosted })).toEqual([]);
  const unshared =
    "api: its promptCache keeps nothing, since no class that calls it has a sharedPrefix, a conversation, an agent or hashBlock";
  expect(warned(hosted)).toEqual([unshared]);
  expect(warned({ ...shared, "providers.api.promptCache": "{}" })).toEqual([]);
  const traced = { "traffic.chat.arrivals": "{ trace: day.csv, hashBlock: 16 }" };
  expect(warned(traced)).toEqual(nothing("hashBlock"));
});

it("hashes that cover no prompt are doubted, with what they cover at most", () => {
  const assignments = {
    "traffic.chat.arrivals": "{ trace: day.csv, hashBlock: 16 }",
    "pools.gpus.engine.prefixCache": "{}",
  };
  const hashes = { block: 16, starts: Int32Array.of(0, 4, 6), keys: Int32Array.of(0, 1, 2, 3, 0, 1), distinct: 4 };
  const long: Trace = { ...trace, duration: 600, outOfOrder: 0, dropped: 0, hashes, inputTokens: Int32Array.of(2048, 800) };
  const warned = (found: Trace) =>
    warningsOn([planOf(overflowing, assignments)], [point], undefined, new Map([["day.csv (hashBlock 16)", found]]));
  expect(warned(long)).toEqual([
    "chat: the hashes of its trace cover 4 % of a long prompt at most, with hashBlock 16: does each stand for more tokens?",
  ]);
  expect(warned({ ...long, inputTokens: Int32Array.of(64, 800) })).toEqual([]);
});

it.each([
  [0.2, "0.20 attempts a replication were"],
  [1, "1 attempt a replication was"],
  [1.4, "1 attempt a replication was"],
  [12.5, "13 attempts a replication were"],
])("%f attempts that were too long are said in words that fit their number", (mean, words) => {
  const pools = { gpus: { ...point.pools["gpus"], oversized: around(mean, 0) } };
  expect(warningsOn([plan], [{ ...point, pools }], undefined, new Map())).toEqual([
    `gpus: ${words} too long for any replica and failed at once`,
  ]);
});

it("calls that never fit into a provider's limits are told", () => {
  const providers = { api: { ...point.providers["openai"], oversized: around(12.5, 0) } };
  expect(warningsOn([plan], [{ ...point, providers }], undefined, new Map())).toEqual([
    "api: 13 calls a replication were larger than a limit ever allows and would be refused at any load",
  ]);
});

it("a single request, or less, is too few in words that fit its number", () => {
  const few = (mean: number) => {
    const chat = { ...point.classes["chat"], offered: around(mean, 0) };
    return warningsOn([plan], [{ ...point, classes: { chat } }], undefined, new Map());
  };
  expect(few(1)).toContain("chat: 1 request a replication is few for ttft p95 < 2s");
  expect(few(0.4)).toContain("chat: 0.40 requests a replication are few for ttft p95 < 2s");
});

it("plans that differ in a derived engine are said to differ by what their profiles err, too", () => {
  const on = (name: string, how: string, tpot: number) => {
    const use = { path: "pools.gpus.engine", name, how, source: "", asOf: "", error: { tpot, text: "" } };
    return { ...plan, decoded: { ...plan.decoded, profiles: [use] } };
  };
  const warned = (...plans: ReturnType<typeof on>[]) => warningsOn(plans, [point], undefined, new Map());
  expect(warned(on("a", "fitted", 0.02), on("b", "derived", 0.06))).toEqual([
    "pools.gpus.engine: the plans' engines differ and are derived or fitted; differences between them hold the errors of their profiles, in the median up to 6.0 % of TPOT",
  ]);
  expect(warned(on("a", "fitted", 0.02), on("b", "fitted", 0.03))).toEqual([]);
  expect(warned(on("a", "derived", 0.06), on("a", "derived", 0.06))).toEqual([]);
});

it("what is planned for after the run, a warm pool for nothing and a forecast that has not seen its season are said", () => {
  const doubts = (assignments: Record<string, string>) => warningsOn([planOf(overflowing, assignments)], [point], undefined, new Map());
  expect(doubts({ "pools.gpus.faults": "{ zoneLoss: { at: [1h], lasts: 1m } }" })).toEqual([
    "gpus: its zoneLoss at 1 h comes after the run has ended",
  ]);
  const kept = {
    "pools.gpus.coldStart": "{ phases: {}, resume: { ready: { constant: 0s } } }",
    "pools.gpus.warm": "{ size: 1, state: ready }",
  };
  const still = { ...kept, "pools.gpus.scaling": "{ fixed: { replicas: 2 } }", "pools.gpus.replicas": "{ min: 1, max: 2 }" };
  expect(doubts(still)).toEqual(["gpus: nothing ever draws on its warm pool, since nothing scales and nothing goes wrong"]);
  expect(doubts({ ...still, "pools.gpus.faults": "{ crash: { every: 1h } }" })).toEqual([]);
  const predictive = {
    "pools.gpus.scaling": "{ predictive: { metric: concurrency, target: 4 } }",
    "pools.gpus.replicas": "{ min: 1, max: 2 }",
  };
  expect(doubts(predictive)).toEqual(["gpus: its forecast has a season of 24 h, more than the warm-up; until one is over it only reacts"]);
});
