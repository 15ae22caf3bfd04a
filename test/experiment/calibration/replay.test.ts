import { describe, expect, it } from "vitest";
import { simulateClosedLoop } from "../../../src/experiment/calibration/closed-loop.ts";
import { replay } from "../../../src/experiment/calibration/replay.ts";
import { StepTime } from "../../../src/serving/replica/step-time.ts";
import { runReplica } from "../../serving/drive.ts";
import { measuredRequests, truth } from "./synthetic.ts";

const time = new StepTime(truth.stepTime);

/** A prompt of 100 tokens in one iteration, and then 9 tokens of which the n-th holds 100 + n tokens in KV. */
const prefill = time.iteration(100, 1, 0, (100 * 100) / 2);
const decode = time.sum(9, time.iteration(1, 1, 101, 0), 1);

describe("replay", () => {
  it("serves a request that is alone in the time of its iterations", () => {
    const { ttft, total } = replay([{ arrivedAt: 3, inputTokens: 100, outputTokens: 10 }], truth);
    expect(ttft[0]).toBeCloseTo(prefill, 12);
    expect(total[0]).toBeCloseTo(prefill + decode, 12);
  });

  it("counts each request's times from its own arrival, as the engine that is tested step by step has them", () => {
    const requests = measuredRequests(60, 4, 20);
    const jobs = requests.map(({ arrivedAt, inputTokens, outputTokens }) => {
      return { arrivesAt: arrivedAt, prompt: inputTokens, output: outputTokens, leavesAt: Infinity, withdrawnAt: Infinity };
    });
    const { fates, preemptions } = runReplica(jobs, truth, "finish");
    const replayed = replay(requests, truth);
    expect([...replayed.ttft]).toEqual(fates.map(({ firstTokenAt }, i) => firstTokenAt - jobs[i].arrivesAt));
    expect([...replayed.total]).toEqual(fates.map(({ endedAt }, i) => endedAt - jobs[i].arrivesAt));
    expect(replayed.preemptions).toBe(preemptions);
  });
});

describe("simulateClosedLoop", () => {
  it("gives one client the time of its iterations, when lengths are exact", () => {
    const loop = { concurrency: 1, inputTokens: 100, outputTokens: 10 };
    const { ttft, tpot } = simulateClosedLoop(loop, truth, 0, { requestsPerClient: 3, shortest: 1 });
    expect(ttft).toBeCloseTo(prefill, 12);
    expect(tpot).toBeCloseTo(decode / 9, 12);
  });
});
