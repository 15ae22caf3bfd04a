import type { z } from "zod";
import { duration, settings } from "../../base/settings.ts";
import { createDistribution, distribution } from "../../kernel/distributions/registry.ts";
import type { KeyedRandom } from "../../kernel/random.ts";

/** What a replica passes through before it is ready, in this order. */
const coldStartPhases = ["provisioning", "pulling", "loading", "compiling", "warming"] as const;

/** Where replicas of a warm pool wait: image on the node; weights on the node and process up; ready but idle. */
export const warmStates = ["stopped", "paused", "ready"] as const;
export type WarmState = (typeof warmStates)[number];

const time = () => distribution(duration()).optional();

export const coldStartSettings = settings({
  phases: settings({
    provisioning: time().describe("until the node is there"),
    pulling: time().describe("the image"),
    loading: time().describe("the weights into the GPU"),
    compiling: time().describe("kernels and graphs"),
    warming: time().describe("profiling, first requests, health checks"),
  }),
  resume: settings({
    stopped: time().describe("from node and image ready to ready"),
    paused: time().describe("from weights on the node and process up to ready"),
    ready: time().describe("from idle to serving"),
  })
    .prefault({})
    .describe("how long a warm replica in that state needs to become ready"),
});

export type ColdStartSettings = z.infer<typeof coldStartSettings>;

/** Draws how long starts take: the n-th start of a pool takes as long under every policy that is compared. */
export class ColdStart {
  private readonly phases;
  private readonly resume;
  private readonly random: KeyedRandom;
  private starts = 0;

  constructor(given: ColdStartSettings | undefined, random: KeyedRandom) {
    this.phases = coldStartPhases.map((phase) => given?.phases[phase]).map((law) => law && createDistribution(law));
    this.resume = Object.fromEntries(
      warmStates.map((state) => [state, given?.resume[state]] as const).map(([state, law]) => [state, law && createDistribution(law)]),
    );
    this.random = random;
  }

  /** Seconds of a start from nothing: the sum of its phases. */
  fromNothing(): number {
    const start = this.starts++;
    return this.phases.reduce((sum, law, phase) => sum + (law?.sample(this.random.of(start, phase)) ?? 0), 0);
  }

  /** Seconds until a replica of the warm pool is ready. */
  fromWarm(state: WarmState): number {
    return this.resume[state]?.sample(this.random.of(this.starts++, coldStartPhases.length)) ?? 0;
  }
}
