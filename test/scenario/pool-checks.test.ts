import { describe, expect, it } from "vitest";
import { PlanError } from "../../src/base/plan-error.ts";
import { decode, example } from "./example.ts";

/** What is wrong, where, and what to do, of the example with some settings changed. */
function mistake(...flags: string[]): string {
  try {
    decode(example, ...flags);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.message.replace("\n  hint: ", "; ");
  }
  throw new Error("the scenario was decoded");
}

const station = "pools.gpus.engine={ gpu: h100, station: { service: { constant: 1s } } }";

describe("a pool's settings must go together", () => {
  it.each([
    [["pools.gpus.replicas={ min: 5, max: 4 }"], "pools.gpus.replicas.min: min 5 is above max 4"],
    [["pools.gpus.replicas={ min: 1 }"], "pools.gpus.replicas: needs max"],
    [["pools.gpus.price={ perReplicaHour: -$1 }"], "pools.gpus.price.perReplicaHour: must be an amount of money"],
    [
      ["pools.gpus.price={ perReplicaHour: $4, spot: { perReplicaHour: -$2 } }"],
      "pools.gpus.price.spot.perReplicaHour: must be an amount of money",
    ],
    [["pools.gpus.warm.state=stopped"], "pools.gpus.warm: warm replicas need coldStart.resume.stopped"],
    [["pools.gpus.scaling.targetTracking.every=0s"], "pools.gpus.scaling.targetTracking.every: must be above 0"],
    [["pools.gpus.scaling={ scheduled: { table: [[0h, 2]], every: 0s } }"], "pools.gpus.scaling.scheduled.every: must be above 0"],
    [
      ["pools.gpus.scaling.targetTracking.every=10us"],
      "pools.gpus.scaling.targetTracking.every: would decide 360,000,000 times in 1 h; allowed: up to 10,000,000 decisions in a run",
    ],
    [
      ["pools.gpus.scaling.targetTracking.metric=kvUse", "pools.gpus.scaling.targetTracking.target=7"],
      "pools.gpus.scaling.targetTracking.target: must be at most 1",
    ],
    [
      ["pools.gpus.replicas={ min: 0, max: 4 }", "pools.gpus.scaling={ targetTracking: { metric: gpuBusy, target: 0.7 } }"],
      "pools.gpus.scaling: with no replica gpuBusy is always 0, so that nothing would ever be started again; give replicas.min of at least 1",
    ],
    [
      ["pools.gpus.scaling={ oracle: { target: 5/s } }", "traffic.chat.arrivals={ closedLoop: { clients: 4, thinkTime: 1s } }"],
      "pools.gpus.scaling.oracle: nobody can know when chat will ask, since its clients wait for their answers",
    ],
    [
      ["pools.gpus.faults={ spotInterruption: { every: 6h } }"],
      "pools.gpus.faults.spotInterruption: there are no spot replicas to interrupt; add price.spot",
    ],
    [["pools.gpus.faults={ crash: { every: 0s } }"], "pools.gpus.faults.crash.every: must be above 0"],
    [["pools.gpus.faults={ slowReplica: { share: 120% } }"], "pools.gpus.faults.slowReplica.share: must be at most 100%"],
    [["pools.gpus.faults={ stockOut: { lasts: 1h } }"], "pools.gpus.faults.stockOut: needs either every or at"],
    [["pools.gpus.faults={ stockOut: { at: [1h, 90m], lasts: 1h } }"], "pools.gpus.faults.stockOut.at.1: begins before"],
    [["pools.gpus.concurrency={ perReplica: 9, total: 4 }"], "pools.gpus.concurrency.perReplica: perReplica 9 is above total 4"],
    [["pools.gpus.concurrency={ perReplica: 0 }"], "pools.gpus.concurrency.perReplica: must be at least 1"],
    [
      ["pools.gpus.queue={ maxWait: 5s, sojourn: { target: 1s, interval: 10s } }"],
      "pools.gpus.queue.sojourn: maxWait and sojourn both bound the wait; give one of them",
    ],
    [["pools.gpus.queue={ sojourn: { target: 10s, interval: 1s } }"], "pools.gpus.queue.sojourn.target: target is not shorter"],
    [["pools.gpus.queue={ shedAbove: { low: 50% } }"], "pools.gpus.queue.shedAbove: shedAbove is a share of the capacity"],
    [
      ["pools.gpus.queue={ capacity: 10, shedAbove: { low: 90%, normal: 50% } }"],
      "pools.gpus.queue.shedAbove.low: low priority would be shed after normal",
    ],
    [
      ["pools.gpus.queue.order=lfo"],
      "pools.gpus.queue.order: must be one of fifo, lifo, priority, shortestPromptFirst; did you mean `lifo`?",
    ],
    [
      ["pools.gpus.engine={ gpu: h100, staticBatch: { size: 4, perAttempt: 1s } }", "pools.gpus.queue.order=lifo"],
      "pools.gpus.queue.order: a staticBatch takes who came first, not lifo",
    ],
    [["pools.gpus.routing=leastOutstandin"], "pools.gpus.routing: there is no `leastOutstandin`; did you mean `leastOutstanding`?"],
    [["pools.gpus.routing={ random: {}, stalenes: 1s }"], "pools.gpus.routing.stalenes: is not a setting; did you mean `staleness`?"],
    [
      ["pools.gpus.routing={ random: {}, roundRobin: {} }"],
      "pools.gpus.routing: needs exactly one of its kinds, found roundRobin and random",
    ],
    [
      ["pools.gpus.scaling={ targetTracking: { metric: gpuBusy, target: 0.92 } }"],
      "pools.gpus.scaling.targetTracking.target: a full replica is within the tolerance of 10 %, so that nothing would ever be added",
    ],
    [
      [station, "pools.gpus.scaling={ targetTracking: { metric: kvUse, target: 0.5 } }"],
      "pools.gpus.scaling: kvUse is always 0, since the engine has no KV",
    ],
    [["pools.gpus.scaling={ fixed: { replicas: 9 } }"], "pools.gpus.scaling.fixed.replicas: wants 9 replicas, but the pool has 1 to 4"],
    [
      ["pools.gpus.scaling={ scheduled: { table: [[0h, 1], [8h, 40]] } }"],
      "pools.gpus.scaling.scheduled.table.1.1: wants 40 replicas, but the pool has 1 to 4",
    ],
    [["pools.gpus.scaling={ oracle: { target: 5/s, window: 2h } }"], "pools.gpus.scaling.oracle.window: is longer than the run"],
    [
      ["pools.gpus.faults={ zoneLoss: { every: 10ms, lasts: 10ms } }"],
      "pools.gpus.faults.zoneLoss.every: would happen 180,000 times in 1 h",
    ],
    [["pools.gpus.faults={ crash: { every: 10ms } }"], "pools.gpus.faults.crash.every: would happen 1,800,000 times in 1 h"],
    [["traffic.chat.priority=urgent"], "traffic.chat.priority: must be one of high, normal, low"],
  ])("%j is refused", (flags, words) => {
    const [path, ...rest] = words.split(": ");
    expect(mistake(...flags)).toContain(rest.join(": "));
    expect(mistake(...flags)).toContain(path);
  });

  it("and what is meant to work does", () => {
    const { scenario } = decode(
      example,
      "pools.gpus.routing={ powerOfTwo: {}, staleness: 250ms }",
      "pools.gpus.queue={ capacity: 100, order: priority, shedAbove: { low: 50% }, sojourn: { target: 1s, interval: 10s } }",
      "pools.gpus.faults={ zoneLoss: { at: [20m], lasts: 5m }, spotInterruption: { every: 2h } }",
      "pools.gpus.price={ perReplicaHour: $4, spot: { count: 3, perReplicaHour: $1.5 }, minimum: 60s, billedFrom: loading }",
    );
    expect(scenario.pools["gpus"]).toMatchObject({
      routing: { powerOfTwo: {}, staleness: 0.25 },
      faults: { zoneLoss: { zones: 3, at: [1200], lasts: 300 }, spotInterruption: { every: 7200, notice: 120 } },
      price: { minimum: 60, billedFrom: "loading" },
    });
  });
});
