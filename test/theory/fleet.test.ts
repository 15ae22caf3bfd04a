import { describe, expect, it } from "vitest";
import { meanStay, meanStayErlangArrivals, meanWait, stateProbabilities, waitingShare } from "./closed-forms.ts";
import { expectRow, expectWithin, measuredPoint } from "./measured-point.ts";

const [serviceRate, warmup, horizon] = [10, 120, 1920];

/** Replicas with one server each, 80 % of the time busy, unless some are shed. */
const fleet = (replicas: number, pool: string): string => `
name: Replicas of one server
seed: 1
horizon: ${horizon}s
warmup: ${warmup}s
replications: 20
traffic:
  jobs:
    arrivals: { rate: ${8 * replicas}/s }
    inputTokens: { constant: 1 }
    outputTokens: { constant: 1 }
    path: [servers]
pools:
  servers:
    engine: { station: { service: { exponential: { mean: 100ms } } } }
    replicas: ${replicas}
${pool}
`;

/** One attempt at each replica: the others wait in the pool, in one line before all of them. */
const oneLine = "    concurrency: { perReplica: 1 }";

describe("a fleet whose attempts wait in one line", () => {
  it("is M/M/c: the share that waits, the mean wait and the mean time in system are Erlang's", async () => {
    const { classes, pools } = await measuredPoint(fleet(3, oneLine));
    const { mean } = classes["jobs"].total_s;
    const exact = meanStay(3, 24, serviceRate);
    expectWithin(mean!, exact);
    expectWithin(pools["servers"].waitedShare!, waitingShare(3, 24, serviceRate));
    expectWithin(pools["servers"].wait_s!, meanWait(3, 24, serviceRate));
    expectRow("M/M/3, three replicas", mean!, exact);
  });

  it("is M/M/c/K with a bound on those that wait: as many are shed, and those served stay as long", async () => {
    const [servers, places] = [3, 6];
    const { classes } = await measuredPoint(fleet(servers, `${oneLine}\n    queue: { capacity: ${places - servers} }`));
    const { outcomes, total_s } = classes["jobs"];
    const probabilities = stateProbabilities(24 / serviceRate, servers, places);
    const shedShare = probabilities[places];
    expectWithin(outcomes.shed, shedShare * 24 * (horizon - warmup));
    const exact = probabilities.reduce((sum, p, n) => sum + p * n, 0) / (24 * (1 - shedShare));
    expectWithin(total_s.mean!, exact);
    expectRow("M/M/3/6, three replicas", total_s.mean!, exact);
  });
});

describe("a fleet whose attempts wait at its replicas", () => {
  it("with random routing is as many M/M/1 queues", async () => {
    const { mean } = (await measuredPoint(fleet(2, "    routing: random"))).classes["jobs"].total_s;
    const exact = meanStay(1, 8, serviceRate);
    expectWithin(mean!, exact);
    expectRow("two M/M/1, random", mean!, exact);
  });

  it("with routing in turn is as many E_c/M/1 queues", async () => {
    const { mean } = (await measuredPoint(fleet(2, "    routing: roundRobin"))).classes["jobs"].total_s;
    const exact = meanStayErlangArrivals(2, 8, serviceRate);
    expectWithin(mean!, exact);
    expectRow("two E_2/M/1, in turn", mean!, exact);
  });

  it("with the shortest line for everyone lies between one line for all and taking turns", async () => {
    const { low, high } = (await measuredPoint(fleet(2, "    routing: leastOutstanding"))).classes["jobs"].total_s.mean!;
    expect(low!).toBeGreaterThan(meanStay(2, 16, serviceRate));
    expect(high!).toBeLessThan(meanStayErlangArrivals(2, 8, serviceRate));
    expect(meanStayErlangArrivals(2, 8, serviceRate)).toBeLessThan(meanStay(1, 8, serviceRate));
  });
});
