import { shortDuration, thousands } from "../../base/format.ts";
import { StepTime, type StepTimeSettings } from "../replica/step-time.ts";
import { type Deployment, gigabytes, type Precision } from "./deployment.ts";
import { rankKvBytes } from "./memory.ts";
import { type Work, workOf } from "./work.ts";

/** The least that a step time may say, in seconds: bytes at the full bandwidth of the memory, FLOP at the full peak of the GPU. */
export interface Floor {
  /** Weights of the layers without routed experts, read once. */
  readonly weights: number;
  /** The output head, which fits put into the overhead. */
  readonly head: number;
  /** All routed experts, and those that one token uses. */
  readonly experts: number;
  readonly expertsOfToken: number;
  /** FLOP of the linear layers, per token. */
  readonly perToken: number;
  /** Attention of decoding, per token held: its bytes, or its FLOP where those take longer. */
  readonly perKvToken: number;
  /** Attention of prefill, per pair of tokens. */
  readonly perPair: number;
}

export function floorOf(deployment: Deployment): Floor {
  const { gpu, kvPrecision } = deployment;
  const work = workOf(deployment);
  const denseFlops = work.flopsPerToken - work.expertFlopsPerToken;
  // An engine whose KV is in fp8 may attend in fp8 too.
  const attention = peak(deployment, kvPrecision);
  return {
    weights: (work.weightBytes - work.headBytes) / gpu.bandwidth,
    head: work.headBytes / gpu.bandwidth,
    experts: work.expertBytes / gpu.bandwidth,
    expertsOfToken: (work.expertBytes * work.expertShare) / gpu.bandwidth,
    perToken: denseFlops / peak(deployment, work.densePrecision) + work.expertFlopsPerToken / peak(deployment, work.expertPrecision),
    perKvToken: Math.max(work.kvBytesPerToken / gpu.bandwidth, work.flopsPerKvToken / attention),
    perPair: work.flopsPerPair / attention,
  };
}

function peak({ gpu }: Deployment, precision: Precision): number {
  return gpu.flops[precision] ?? gpu.flops.bf16;
}

/** What a step time promises beyond its hardware: both numbers, and what would take so long. */
export interface FloorViolation {
  readonly coefficient: keyof StepTimeSettings | "kvBlocks";
  /** In seconds, or blocks. */
  readonly given: number;
  readonly bound: number;
  /** "perKvToken 0.02 us is below the 0.0391 us that 131,072 bytes take at 3.35 TB/s". */
  readonly message: string;
}

/** Coefficients are rounded when they are written: they may lie below their floor by this share of it. */
const rounding = 1e-4;

/**
 * Where a step time and its KV blocks promise more than the hardware can do. A coefficient that nothing else can make up for is held to a
 * floor of its own. Reading the weights is held as a whole, since a fit cannot tell how much of a small iteration is overhead: for the
 * lightest iteration and, where the law counts experts apart, for one that uses all.
 */
export function beatsFloor(stepTime: StepTimeSettings, kvBlocks: number, deployment: Deployment, blockSize: number): FloorViolation[] {
  const floor = floorOf(deployment);
  const work = workOf(deployment);
  const checks = [...weightChecks(stepTime, floor, work), ...tokenChecks(stepTime, floor, work, deployment.kvPrecision)];
  const violations = checks
    .filter(({ given, bound }) => given < bound * (1 - rounding))
    .map(({ coefficient, subject = coefficient, given, bound, ...spent }): FloorViolation => {
      const message = `${subject} ${time(given)} is below the ${time(bound)} that ${reason(spent, deployment)}`;
      return { coefficient, given, bound, message };
    });
  return [...violations, ...memoryViolation(kvBlocks, deployment, work, blockSize)];
}

/** A number that must be at least its bound, and what takes that long: bytes that are read, or FLOP in some precision. */
interface Check {
  readonly coefficient: keyof StepTimeSettings;
  readonly subject?: string;
  readonly given: number;
  readonly bound: number;
  readonly bytes?: number;
  readonly flop?: number;
  readonly precision?: Precision;
}

function weightChecks(stepTime: StepTimeSettings, floor: Floor, work: Work): Check[] {
  const lightest: Check = {
    coefficient: "denseFloor",
    subject: "an iteration of one token at",
    given: new StepTime(stepTime).iteration(1, 1, 0, 0),
    bound: floor.weights + floor.head + floor.expertsOfToken,
    bytes: work.weightBytes + work.expertBytes * work.expertShare,
  };
  if (stepTime.expertsFloor === 0) return [lightest];
  const { overhead, communication, denseFloor, expertsFloor } = stepTime;
  const everything: Check = {
    coefficient: "expertsFloor",
    subject: "the sum of overhead, communication, denseFloor and expertsFloor",
    given: overhead + communication + denseFloor + expertsFloor,
    bound: floor.weights + floor.head + floor.experts,
    bytes: work.weightBytes + work.expertBytes,
  };
  return [lightest, everything];
}

function tokenChecks(stepTime: StepTimeSettings, floor: Floor, work: Work, precision: Precision): Check[] {
  const { densePerToken, communicationPerToken, perKvToken, perPrefillPair, dense } = stepTime;
  const linear = { flop: work.flopsPerToken, precision: work.expertPrecision };
  const points = (dense ?? []).map(([tokens, given]): Check => {
    const subject = `dense of ${tokens} tokens`;
    const bound = tokens * floor.perToken;
    return { coefficient: "dense", subject, given, bound, flop: tokens * linear.flop, precision: linear.precision };
  });
  const hinge: Check = { coefficient: "densePerToken", given: densePerToken + communicationPerToken, bound: floor.perToken, ...linear };
  const attends = { bytes: work.kvBytesPerToken, flop: work.flopsPerKvToken, precision };
  return [
    ...(dense === undefined ? [hinge] : points),
    { coefficient: "perKvToken", given: perKvToken, bound: floor.perKvToken, ...attends },
    { coefficient: "perPrefillPair", given: perPrefillPair, bound: floor.perPair, flop: work.flopsPerPair, precision },
  ];
}

/** "131,072 bytes take at 3.35 TB/s": whichever of the two takes longer. */
function reason({ bytes = 0, flop = 0, precision = "bf16" }: Partial<Check>, deployment: Deployment): string {
  const { gpu, gpus } = deployment;
  const each = gpus > 1 ? ` on each of ${gpus} GPUs` : "";
  const rate = peak(deployment, precision);
  if (bytes / gpu.bandwidth >= flop / rate) return `${quantity(bytes, "bytes", "GB")}${each} take at ${short(gpu.bandwidth / 1e12)} TB/s`;
  return `${quantity(flop, "FLOP", "GFLOP")}${each} take at ${short(rate / 1e12)} TFLOPS`;
}

function memoryViolation(kvBlocks: number, deployment: Deployment, work: Work, blockSize: number): FloorViolation[] {
  const { gpu, gpus, dp } = deployment;
  const blockBytes = (blockSize * rankKvBytes(deployment)) / dp;
  const bound = Math.floor((gpu.memory - work.heldBytes) / blockBytes);
  if (kvBlocks <= bound) return [];
  const fits = `the ${grouped(bound)} that fit beside weights of ${gigabytes(work.heldBytes * gpus)} in ${gpus} × ${gigabytes(gpu.memory)}`;
  return [{ coefficient: "kvBlocks", given: kvBlocks, bound, message: `kvBlocks ${grouped(kvBlocks)} is above ${fits}` }];
}

function time(seconds: number): string {
  return shortDuration(seconds, 4).replace(/[a-z]+$/, " $&");
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** In the unit for a billion of them, where there are so many. */
function quantity(value: number, unit: string, billions: string): string {
  return value >= 1e9 ? `${short(value / 1e9)} ${billions}` : `${grouped(value)} ${unit}`;
}

function grouped(value: number): string {
  return thousands(Math.round(value));
}
