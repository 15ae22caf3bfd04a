import * as z from "zod";
import { duration, factor, issue, settings } from "../base/settings.ts";
import type { Distribution } from "../kernel/distributions/distribution.ts";
import { createDistribution, distribution } from "../kernel/distributions/registry.ts";
import type { RandomSource } from "../kernel/random.ts";
import { checkSteps, StepTable } from "../kernel/step-table.ts";

const day = 86_400;

export const latencySettings = settings({
  ttft: distribution(duration()).describe("from the call to the first token"),
  tpot: distribution(duration()).describe("from one token to the next, drawn once per call"),
  perInputToken: duration().prefault("0s").describe("on top of ttft, for each token of the prompt that is not cached"),
  hours: z
    .array(z.tuple([duration(), factor({ above: 0, max: 1000 })]))
    .min(1)
    .optional()
    .describe(
      "factor on both times by the time of day at which a call is sent, such as [[0h, 1], [9h, 1.4]]; each holds until the next, every " +
        "24h anew, and the run begins at 0h",
    ),
}).superRefine(({ hours = [] }, context) => {
  checkSteps(hours, "hours", { noun: "factor", example: "[[0h, 1], [9h, 1.4], [18h, 1.1]]" }, context);
  const beyond = hours.findIndex(([time], i) => i > 0 && time >= day);
  if (beyond >= 0)
    issue(context, "out-of-range", "must be below 24h", { path: ["hours", beyond, 0], hint: "the table is that of one day" });
});

type LatencySettings = z.infer<typeof latencySettings>;

/** How long a provider takes, in seconds, whatever else it serves. */
export class Latency {
  private readonly first: Distribution;
  private readonly next: Distribution;
  private readonly perInputToken: number;
  private readonly hours: StepTable | undefined;

  constructor({ ttft, tpot, perInputToken, hours }: LatencySettings) {
    this.first = createDistribution(ttft);
    this.next = createDistribution(tpot);
    this.perInputToken = perInputToken;
    this.hours = hours && new StepTable(hours, day);
  }

  /** Factor on both times of a call sent now, which is not before the moment last asked about. */
  pace(now: number): number {
    const { hours } = this;
    if (hours === undefined) return 1;
    while (hours.next <= now) hours.step();
    return hours.level;
  }

  /** To the first token. @param uncached tokens of the prompt that are read */
  ttft(random: RandomSource, uncached: number): number {
    return this.first.sample(random) + this.perInputToken * uncached;
  }

  /** From each token to the next. */
  tpot(random: RandomSource): number {
    return this.next.sample(random);
  }
}
