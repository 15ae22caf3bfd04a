import { expect, it } from "vitest";
import { traceBytes, traceFromBytes, traceHash } from "../../../src/cli/tasks/trace-bytes.ts";
import type { Trace } from "../../../src/traffic/trace.ts";

const trace: Trace = {
  name: "day.csv",
  count: 3,
  time: Float64Array.of(0, 0.1, 2),
  inputTokens: Int32Array.of(5, 6, 7),
  outputTokens: Int32Array.of(1, 2, 3),
  duration: 3,
  hash: "abc",
  dropped: 2,
};
const hashed: Trace = { ...trace, hashes: { block: 512, starts: Int32Array.of(0, 1, 1, 2), keys: Int32Array.of(0, 0), distinct: 1 } };

it.each([trace, hashed])("a trace survives the way through bytes, wherever these lie in memory", (one) => {
  const bytes = traceBytes(one);
  for (const offset of [0, 1, 5]) {
    const within = Buffer.alloc(bytes.length + offset);
    bytes.copy(within, offset);
    expect(traceFromBytes(within.subarray(offset), "day.csv")).toStrictEqual(one);
  }
});

it("a trace is hashed by what it holds, wherever it was read from", () => {
  const others: Trace[] = [
    hashed,
    { ...trace, duration: 4 },
    { ...trace, time: Float64Array.of(0, 0.1, 3) },
    { ...trace, outputTokens: Int32Array.of(1, 2, 4) },
  ];
  expect(traceHash({ ...trace, name: "other.csv" })).toBe(traceHash(trace));
  expect(new Set([trace, ...others].map(traceHash)).size).toBe(1 + others.length);
});
