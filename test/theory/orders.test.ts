import { expect, it } from "vitest";
import { cobham, meanWaitShortestFirst } from "./closed-forms.ts";
import { expectRow, expectWithin, measuredPoint } from "./measured-point.ts";

const meanService = 0.1;

/** One server that is 80 % of the time busy, and the order of its line. */
const server = (order: string, engine: string, traffic: string): string => `
name: Orders of one line
seed: 1
horizon: 75m
warmup: 5m
replications: 20
traffic:
${traffic}
pools:
  server: { engine: ${engine}, replicas: 1, queue: { order: ${order} } }
`;

const traffic = (name: string, rate: number, more = "priority: normal", inputTokens = "{ constant: 1 }"): string =>
  `  ${name}: { arrivals: { rate: ${rate}/s }, inputTokens: ${inputTokens}, outputTokens: { constant: 1 }, path: [server], ${more} }`;

const cv = 0.5;
const gamma = `{ station: { service: { gamma: { mean: ${meanService}s, cv: ${cv} } } } }`;
/** λ E[S²] / 2 at 8/s in all. */
const residual = (8 * meanService * meanService * (1 + cv * cv)) / 2;

it("M/G/1 with two priorities: each class waits by Cobham's formula", async () => {
  const classes = `${traffic("bulk", 5, "priority: low")}\n${traffic("urgent", 3, "priority: high")}`;
  const found = (await measuredPoint(server("priority", gamma, classes))).classes;
  const [urgent, bulk] = [cobham(residual, 0, 0.3) + meanService, cobham(residual, 0.3, 0.8) + meanService];
  expectWithin(found["urgent"].total_s.mean!, urgent);
  expectWithin(found["bulk"].total_s.mean!, bulk);
  expectRow("M/G/1, priority high", found["urgent"].total_s.mean!, urgent);
  expectRow("M/G/1, priority low", found["bulk"].total_s.mean!, bulk);
});

it("M/G/1 last come, first served: the mean of first come, first served, and a longer tail", async () => {
  const [fifo, lifo] = [
    (await measuredPoint(server("fifo", gamma, traffic("jobs", 8)))).classes["jobs"].total_s,
    (await measuredPoint(server("lifo", gamma, traffic("jobs", 8)))).classes["jobs"].total_s,
  ];
  const exact = cobham(residual, 0, 0.8) + meanService;
  expectWithin(fifo.mean!, exact);
  expectWithin(lifo.mean!, exact);
  expect(lifo.p99!.low!).toBeGreaterThan(1.5 * fifo.p99!.high!);
  expectRow("M/G/1, fifo", fifo.mean!, exact);
  expectRow("M/G/1, lifo", lifo.mean!, exact);
});

it("M/M/1 shortest prompt first, on an LLM engine that takes one prompt at a time: the mean wait by Phipps' formula", async () => {
  // A prompt of exponential length is read in one iteration, in a time in proportion to it: 100 ms in the mean.
  const engine = "{ stepTime: { densePerToken: 10us }, maxSequences: 1, maxBatchedTokens: 1000k, kvBlocks: 100k }";
  const found = await measuredPoint(
    server("shortestPromptFirst", engine, traffic("jobs", 8, "priority: normal", "{ exponential: { mean: 10000 } }")),
  );
  const exact = meanWaitShortestFirst(8, meanService) + meanService;
  expectWithin(found.classes["jobs"].total_s.mean!, exact);
  expectRow("M/M/1, shortest first", found.classes["jobs"].total_s.mean!, exact);
});
