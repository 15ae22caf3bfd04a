import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Result } from "../../src/experiment/result.ts";
import { headroom, scratch } from "./headroom.ts";

const pool = `
pools:
  gpus:
    engine: { stepTime: { overhead: 2ms, denseFloor: 15ms, denseBase: 5ms, densePerToken: 90us, perKvToken: 0.1us }, maxSequences: 3, kvBlocks: 2000 }
    replicas: 2
    price: { perReplicaHour: $3 }
`;

const traced = `
name: Small
seed: 3
horizon: 60s
warmup: 10s
replications: 3
traffic:
  chat:
    arrivals: { trace: quiet.csv }
    slo: ["ttft p90 < 1s", "success >= 90%"]
    client: { timeout: { ttft: 5s, total: 20s } }
    path: [gpus]
${pool}`;

/** Requests at a steady rate. */
function trace(perSecond: number): string {
  const rows = Array.from(
    { length: 60 * perSecond },
    (_, i) => `${(i / perSecond).toFixed(4)},${50 + ((i * 37) % 300)},${20 + ((i * 53) % 60)}`,
  );
  return ["time,input,output", ...rows].join("\n");
}

const files = scratch();
let scenario = "";
let busy = "";
let quiet = "";
beforeAll(() => {
  quiet = files.write("quiet.csv", trace(6));
  busy = files.write("busy.csv", trace(16));
  scenario = files.write("small.yaml", traced);
});
afterAll(() => files.clear());

const replicas = (values: string): string[] => ["--vary", `pools.gpus.replicas=${values}`];

function found(name: string, ...words: readonly string[]): Result {
  const out = join(files.folder, name);
  expect(headroom("optimize", scenario, ...words, "--out", out)).toMatchObject({ status: 0 });
  return JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as Result;
}

it("a warm-up that is to be found is found before the search, which then judges what comes after it", () => {
  // Replicas that start cold: who comes first waits long, so that a pilot finds a warm-up.
  const cold = [
    "--set",
    "pools.gpus.coldStart={ phases: { loading: { constant: 15s } } }",
    "--set",
    "pools.gpus.replicas={ min: 1, max: 4 }",
  ];
  const scaled = ["--set", "pools.gpus.scaling={ targetTracking: { metric: concurrency, target: 2, every: 2s } }", "--horizon", "58s"];
  const vary = ["--vary", "pools.gpus.queue.capacity=40,50", "--set", 'traffic.chat.slo=["ttft p10 < 5s"]'];
  const searched = (warmup: string): Result => found(warmup, ...cold, ...scaled, ...vary, "--set", `warmup=${warmup}`);
  const automatic = searched("auto");
  expect(automatic.warmup_s).toBeGreaterThan(0);
  expect(automatic.points).toEqual(searched(`${automatic.warmup_s}s`).points);
});

it("the plan for two traces holds in both, and its regret is what two searches of their own would have saved", () => {
  const both = found("both", ...replicas("1..8"), "--demand", `${busy},${quiet}`);
  const alone = [busy, quiet].map((file, i) => found(`alone-${i}`, ...replicas("1..8"), "--set", `traffic.chat.arrivals.trace=${file}`));
  const costOf = ({ points, best }: Result): number => points[best!].cost.usd_per_month.mean;
  const { cases } = both.optimization!;
  expect(cases.map(({ best }) => best!.values)).toEqual(alone.map(({ points, best }) => points[best!].values));
  expect(cases.map((one) => one.regret_usd_per_month)).toEqual(alone.map((one) => costOf(both) - costOf(one)));
  expect(cases.map((one) => one.regret_usd_per_month! > 0)).toEqual([false, true]);
});

it("where no plan meets the SLO the nearest is told, which is an answer", () => {
  const { status, stdout } = headroom("optimize", scenario, ...replicas("1,2"), "--set", `traffic.chat.arrivals.trace=${busy}`);
  expect(status).toBe(0);
  expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
    /None of 2 plans is sure to meet every objective; the nearest that was simulated, replicas 2,/,
  );
});

const huge = ["a", "b", "c"].flatMap((path) => ["--vary", `${path}=1..1000`]);

describe("a plan cannot be sought", () => {
  it("in one replication that is cut into batches, and neither can its misses be explained", () => {
    const batches = ["--replications", "1", "--set", "batches=4"];
    for (const words of [
      ["optimize", scenario, ...replicas("1..3")],
      ["explain", scenario],
    ]) {
      const { status, stderr } = headroom(...words, ...batches);
      expect([status, stderr]).toEqual([2, expect.stringContaining("this takes replications one by one (found 4)")]);
    }
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      "along a path that is none",
      ["--vary", "pools.gpus.replica=1..3"],
      /--vary pools\.gpus\.replica=1: .*no `replica`\n {2}hint: did you mean `replicas`/,
    ],
    ["in a range that runs backwards", replicas("5..2"), /--vary: is a range that runs backwards \(found 5\.\.2\)/],
    ["among a thousand million", huge, /--vary: asks for 1,000,000,000 plans\n {2}hint: allowed: up to 100,000/],
    ["without an SLO", [...replicas("1..3"), "--set", "traffic.chat.slo=[]"], /cannot choose among these plans: there is no SLO/],
    [
      "without a price",
      [...replicas("1..3"), "--set", "pools.gpus.price=null"],
      /cannot choose among these plans: not every pool has a price/,
    ],
    [
      "by changing the traffic",
      ["--vary", "traffic.chat.arrivals.rateScale=1,2"],
      /cannot choose among these plans: they differ in traffic/,
    ],
    ["for a trace that is not there", [...replicas("1..3"), "--demand", "nowhere.csv"], /nowhere\.csv: there is no such trace/],
  ])("%s", (_, words, message) => {
    const { status, stderr } = headroom("optimize", scenario, ...words);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
