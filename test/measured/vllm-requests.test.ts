import { describe, expect, it } from "vitest";
import { signed } from "./closed-loop-errors.ts";
import { measuredIsAbsent } from "./closed-loop-rows.ts";
import { rowsMissingInReadme } from "./readme-tables.ts";
import { type Means, measuredMeans, measuredRequests, replayedMeans } from "./replayed-requests.ts";
import { shippedEngine } from "./shipped-engine.ts";

/** Bounds of the relative errors, just above what they are; preemptions as that engine counted them. */
const runs = [
  {
    run: "RTX4090_Llama-3.1-8B_vllm",
    engine: "llama-3.1-8b/rtx-4090/tp1",
    bounds: { ttft: 0.03, tpot: 0.03, total: 0.03 },
    preemptions: [235, 260],
  },
  {
    run: "RTXPRO6000_Llama-3.1-8B_vllm",
    engine: "llama-3.1-8b/rtx-pro-6000/tp1",
    bounds: { ttft: 0.14, tpot: 0.06, total: 0.08 },
    preemptions: [0, 0],
  },
] as const;

describe.skipIf(measuredIsAbsent).each(runs)("the 300 requests of $run", ({ run, engine, bounds, preemptions }) => {
  it(`are reproduced by ${engine} in the mean`, () => {
    const requests = measuredRequests(run);
    const measured = measuredMeans(requests);
    const simulated = replayedMeans(requests, shippedEngine(engine)!);
    const errorOf = (of: keyof Means) => simulated[of] / measured[of] - 1;
    const table = (["ttft", "tpot", "total"] as const)
      .map((of) => `| ${[engine, of, milliseconds(measured[of]), milliseconds(simulated[of]), signed(errorOf(of))].join(" | ")} |`)
      .join("\n");
    console.log(`\n${table}\npreemptions: ${simulated.preemptions}`);

    expect(requests).toHaveLength(300);
    for (const of of ["ttft", "tpot", "total"] as const) expect(Math.abs(errorOf(of)), of).toBeLessThan(bounds[of]);
    expect(simulated.preemptions).toBeGreaterThanOrEqual(preemptions[0]);
    expect(simulated.preemptions).toBeLessThanOrEqual(preemptions[1]);
    expect(rowsMissingInReadme(table)).toEqual([]);
  });
});

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(1);
}
