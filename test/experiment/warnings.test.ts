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
    "gpus: its prefix cache was never hit; prompts begin alike where their class has sharedPrefix, or its trace hashBlock",
  ]);
  expect(warned(around(0.2, 0.01))).toEqual([]);
  expect(warned(null)).toEqual([]);
});
