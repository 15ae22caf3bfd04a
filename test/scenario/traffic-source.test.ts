import { describe, expect, it } from "vitest";
import type { RequestEnd } from "../../src/client/client-setup.ts";
import { runReplication } from "../../src/experiment/run.ts";
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { TrafficSource } from "../../src/scenario/traffic-source.ts";
import { traceKey } from "../../src/traffic/arrivals/arrivals.ts";
import { Attempts } from "../../src/traffic/attempts.ts";
import { none, Requests } from "../../src/traffic/requests.ts";
import type { Trace } from "../../src/traffic/trace.ts";
import { scenarioOf } from "../experiment/systems.ts";
import { readText } from "../traffic/csv/read-text.ts";
import { clientOf } from "../client/client-of.ts";

/** A scenario with the classes given in place of its traffic. */
const scenario = (classes: string): string => `
name: prefixes
horizon: 100s
traffic:
${classes}
pools:
  server: { engine: { station: { service: { constant: 1ms } } }, replicas: 1 }
`;

interface Sent {
  readonly trafficClass: number;
  readonly at: number;
  readonly input: number;
  /** Keys of the chain, and how many tokens of the prompt it covers; no keys where there is no chain. */
  readonly keys: readonly number[];
  readonly tokens: number;
}

/** What the targets of a scenario are sent, which take so many seconds for it, with the prefixes of the prompts. */
function sentBy(text: string, file?: string, serviceTime = 0): Sent[] {
  const { traffic, seed } = scenarioOf(text);
  const traces = new Map<string, Trace>();
  for (const { arrivals } of Object.values(traffic)) {
    const key = traceKey(arrivals);
    const { map, hashBlock } = arrivals;
    if (key !== undefined && !traces.has(key)) traces.set(key, readText(file!, map, undefined, { hashBlock }));
  }
  const simulation = new Simulation();
  const [requests, attempts, streams] = [new Requests(), new Attempts(), new Streams(seed, 0)];
  const source = new TrafficSource(simulation, requests, attempts.prefixes, streams, traces, 100);
  const sent: Sent[] = [];
  Object.entries(traffic).forEach(([name, settings], number) => {
    const target = {
      name: "probe",
      abandon: () => {},
      send(attempt: number) {
        if (serviceTime > 0) simulation.after(serviceTime, finish, attempt);
        const chain = attempts.prefix[attempt];
        const segments = chain === none ? 0 : attempts.prefixes.segments(chain);
        const keys = Array.from({ length: segments }, (_, i) => attempts.prefixes.key(chain, i));
        const trafficClass = requests.trafficClass[attempts.request[attempt]];
        sent.push({ trafficClass, at: simulation.now, input: attempts.inputTokens[attempt], keys, tokens: attempts.prefixTokens[attempt] });
        if (serviceTime === 0) client.sender.ended(attempt, "finished", 0);
      },
    };
    const finish = simulation.handler((attempt) => client.sender.ended(attempt, "finished", 0));
    const end: RequestEnd = (request, outcome) => source.ended(request, outcome);
    const client = clientOf({ simulation, requests, attempts, targets: [target], streams, salt: number, end });
    source.start(name, number, settings, client);
  });
  simulation.run(100);
  return sent;
}

const day = ["time,input,output,hash_ids", "0,1100,5,7 8 9", "1,600,6,7 8", "2,512,7,7", "3,30,8,", "4,700,9,7 21"].join("\n");
const traced = (name: string, more = "", arrivals = ""): string =>
  `  ${name}: { arrivals: { trace: day.csv, hashBlock: 512${arrivals} }, ${more}path: [server] }`;
const chat = (more = ""): string =>
  `  chat: { arrivals: { rate: 5/s }, inputTokens: { exponential: { mean: 900 } }, outputTokens: { constant: 9 }, ${more}path: [server] }`;

describe("prompts of a trace with hashes", () => {
  it("begin with the blocks of their rows, as far as they have hashes", () => {
    expect(sentBy(scenario(traced("chat")), day).map(({ keys, tokens }) => [keys, tokens])).toEqual([
      [[0, 1, 2], 1100],
      [[0, 1], 600],
      [[0], 512],
      [[], 0],
      [[0, 3], 700],
    ]);
  });

  it("in the copies that a larger scale makes begin with what several rows share, and never as the same row of another copy", () => {
    const copies = sentBy(scenario(traced("chat", "", ", rateScale: 3")), day);
    expect(copies).toHaveLength(15);
    const own: number[] = [];
    for (const { input, keys } of copies) {
      const shared = { 1100: [0, 1], 600: [0, 1], 512: [0], 30: [], 700: [0] }[input]!;
      expect(keys.slice(0, shared.length)).toEqual(shared);
      own.push(...keys.slice(shared.length));
    }
    expect(own).toHaveLength(6);
    expect(new Set(own).size).toBe(6);
  });

  it("in two classes of one trace begin with what several rows share, and never as another trace's do", () => {
    const keysOf = (sent: Sent[], number: number) => sent.filter(({ trafficClass }) => trafficClass === number).map(({ keys }) => keys);
    const same = sentBy(scenario([traced("chat"), traced("batch")].join("\n")), day);
    expect(keysOf(same, 0)).toEqual([[0, 1, 2], [0, 1], [0], [], [0, 3]]);
    expect(keysOf(same, 1)).toEqual([[0, 1, 4], [0, 1], [0], [], [0, 5]]);
    const other = sentBy(scenario([traced("chat"), traced("batch", "", ", map: zeroOutput=drop")].join("\n")), day);
    const seen = new Set(keysOf(other, 0).flat());
    expect(seen.size).toBe(4);
    expect(
      keysOf(other, 1)
        .flat()
        .filter((key) => seen.has(key)),
    ).toEqual([]);
  });

  it("of other lengths begin with as many of the blocks as they have", () => {
    const sent = sentBy(scenario(traced("chat", "inputTokens: { constant: 800 }, ")), day);
    expect(sent.map(({ tokens }) => tokens)).toEqual([800, 800, 512, 0, 800]);
  });
});

describe("a prefix cache", () => {
  /** Tokens that the cache of one replica had for the prompts of a trace, two blocks each. */
  const hits = (rateScale: number, firstHash: (row: number) => number): number => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},1024,5,${firstHash(i)} ${1000 + i}`);
    const text = `
name: copies
horizon: 60s
replications: 1
traffic:
  chat: { arrivals: { trace: day.csv, hashBlock: 512, rateScale: ${rateScale} }, path: [gpus] }
pools:
  gpus: { engine: { stepTime: { overhead: 10ms }, kvBlocks: 100000, prefixCache: {} }, replicas: 1 }
`;
    const given = scenarioOf(text);
    const trace = readText(["time,input,output,hash_ids", ...rows].join("\n"), undefined, undefined, { hashBlock: 512 });
    const run = runReplication(given, 0, new Map([[traceKey(given.traffic["chat"].arrivals)!, trace]]));
    return run.summary.meters.pools["gpus"].prefixHits;
  };

  it("is not hit because the traffic is a multiple of the trace, only where its prompts begin alike", () => {
    expect([1, 2, 3].map((scale) => hits(scale, (row) => row))).toEqual([0, 0, 0]);
    expect([1, 2, 3].map((scale) => hits(scale, () => 999))).toEqual([39 * 512, 79 * 512, 119 * 512]);
  });
});

describe("prompts with a shared prefix", () => {
  const shared = (seed: number, settings = "{ tokens: 300, groups: 8 }", more = ""): string =>
    scenario(`${chat(`sharedPrefix: ${settings}, `)}${more}`).replace("horizon", `seed: ${seed}\nhorizon`);

  it("begin with one of its groups", () => {
    const sent = sentBy(shared(1));
    expect(new Set(sent.flatMap(({ keys }) => keys)).size).toBe(8);
    for (const { input, tokens } of sent) expect(tokens).toBe(Math.min(300, input));
  });

  it("are in the same groups for the same seed, whoever else there is, and in others for another", () => {
    const ofChat = (text: string) => sentBy(text).filter(({ trafficClass }) => trafficClass === 0);
    const other = `\n${chat("sharedPrefix: { share: 50% }, ").replace("chat", "more")}`;
    expect(ofChat(shared(1, undefined, other))).toEqual(ofChat(shared(1)));
    expect(ofChat(shared(2))).not.toEqual(ofChat(shared(1)));
  });

  it("come at the same moments and with the same lengths as without", () => {
    const plain = sentBy(scenario(chat()).replace("horizon", "seed: 1\nhorizon"));
    expect(plain.map(({ at, input }) => [at, input])).toEqual(sentBy(shared(1)).map(({ at, input }) => [at, input]));
    for (const { keys, tokens } of plain) expect([keys, tokens]).toEqual([[], 0]);
  });
});

describe("the settings of prefixes", () => {
  it.each([
    [
      traced("chat", "sharedPrefix: { tokens: 5 }, "),
      /traffic\.chat\.sharedPrefix: the trace's hashes say already what prompts begin with/,
    ],
    [chat().replace("rate: 5/s", "rate: 5/s, hashBlock: 16"), /traffic\.chat\.arrivals\.hashBlock: hashBlock goes with trace/],
    [chat("sharedPrefix: { groups: 3 }, "), /traffic\.chat\.sharedPrefix: needs either tokens or share/],
  ])("%s is a mistake", (classes, message) => {
    expect(() => scenarioOf(scenario(classes))).toThrow(message);
  });
});

const lengths = "inputTokens: { exponential: { mean: 90 } }, outputTokens: { constant: 9 }";

describe("arrivals over the day", () => {
  const steady = (arrivals: string): string => scenario(`  chat: { arrivals: { ${arrivals} }, ${lengths}, path: [server] }`);
  const times = (arrivals: string): number[] => sentBy(steady(arrivals)).map(({ at }) => at);

  it("come as a table says, which begins anew, and more often in a spike", () => {
    const found = times("profile: [[0s, 4/s], [10s, 0/s], [20s, 2/s]], repeat: 50s, cv: 0, spikes: [{ at: 60s, lasts: 5s, factor: 3 }]");
    const count = (from: number, to: number): number => found.filter((time) => time >= from && time < to).length;
    // The first comes after a whole gap. What the spike multiplies in the table's second round is no rate at all.
    expect([count(0, 10), count(10, 20), count(20, 50), count(50, 60), count(60, 70), count(70, 100)]).toEqual([39, 0, 60, 40, 0, 60]);
    const spiked = times("profile: [[0s, 4/s]], cv: 0, spikes: [{ at: 60s, lasts: 5s, factor: 3 }]");
    expect(spiked.filter((time) => time > 60 && time <= 65)).toHaveLength(60);
  });

  it("grow with rateScale, the table and the plain rate alike", () => {
    expect(times("profile: [[0s, 4/s]], cv: 0, rateScale: 2.5")).toHaveLength(times("rate: 10/s, cv: 0").length);
    expect(times("rate: 4/s, cv: 0, rateScale: 2.5")).toEqual(times("rate: 10/s, cv: 0"));
  });

  it("of a trace are as many times more in a spike", () => {
    const rows = Array.from({ length: 400 }, (_, i) => `${i / 4},10,5`);
    const text = scenario("  chat: { arrivals: { trace: day.csv, spikes: [{ at: 20s, lasts: 40s, factor: 3 }] }, path: [server] }");
    const found = sentBy(text, ["time,input,output", ...rows].join("\n"));
    expect(found.filter(({ at }) => at < 20)).toHaveLength(80);
    expect(Math.abs(found.filter(({ at }) => at >= 20 && at < 60).length - 480)).toBeLessThanOrEqual(4);
  });
});

describe("a closed loop", () => {
  const loop = (closedLoop: string, more = ""): string =>
    scenario(`  chat: { arrivals: { closedLoop: ${closedLoop}${more} }, ${lengths}, path: [server] }`);

  it("has every client send its next request one think time after the end of its last", () => {
    const found = sentBy(loop("{ clients: 3, thinkTime: 2s }"), undefined, 0.5).map(({ at }) => at);
    expect(found).toEqual(Array.from({ length: 120 }, (_, i) => 2 + 2.5 * Math.floor(i / 3)).filter((at) => at <= 100));
  });

  it("without think time begins at once, and goes on at the very moment of the end", () => {
    const found = sentBy(loop("{ clients: 2 }"), undefined, 10).map(({ at }) => at);
    expect(found).toEqual([0, 0, 10, 10, 20, 20, 30, 30, 40, 40, 50, 50, 60, 60, 70, 70, 80, 80, 90, 90, 100, 100]);
  });

  it("has as many times more clients as rateScale says, rounded to a whole number", () => {
    const atStart = (rateScale: number): number => sentBy(loop("{ clients: 5 }", `, rateScale: ${rateScale}`), undefined, 1000).length;
    expect([0.2, 0.5, 1, 1.49, 20].map(atStart)).toEqual([1, 3, 5, 7, 100]);
  });

  it("draws think times and lengths in the order of ends and arrivals, whatever the system does in between", () => {
    const given = loop("{ clients: 4, thinkTime: { exponential: { mean: 1s } } }");
    const [fast, slow] = [sentBy(given, undefined, 0.1), sentBy(given, undefined, 3)];
    expect(fast.length).toBeGreaterThan(2 * slow.length);
    expect(fast.slice(0, slow.length).map(({ input }) => input)).toEqual(slow.map(({ input }) => input));
    expect(fast.slice(0, 2).map(({ at }) => at)).not.toEqual([0, 0]);
  });
});
