import * as z from "zod";
import { count, factor, issue, settings, share } from "../base/settings.ts";
import { checkOutages, outageShape, Outages } from "../kernel/outages.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";

const outages = settings({
  ...outageShape,
  effect: z
    .enum(["fail", "hang"])
    .prefault("fail")
    .describe("fail: calls sent meanwhile fail at once; hang: they get no answer until it is over, and fail then"),
}).superRefine(checkOutages);

const brownOuts = settings({
  ...outageShape,
  slower: factor({ min: 1, max: 1000 }).prefault(1).describe("factor on ttft and tpot of calls sent meanwhile"),
  errorRate: share().optional().describe("share of the calls sent meanwhile that fail, instead of the usual"),
}).superRefine((given, context) => {
  checkOutages(given, context);
  if (given.slower > 1 || given.errorRate !== undefined) return;
  issue(context, "missing-key", "needs slower or errorRate", { hint: "{ every: 7d, lasts: 30m, slower: 3, errorRate: 20% }" });
});

const overload = settings({
  ...outageShape,
  refused: share().describe("share of the calls sent meanwhile that fail at once"),
}).superRefine(checkOutages);

const saturation = settings({
  above: count({ min: 1, max: 1e8, whole: true }).describe("calls of ours under way at this provider"),
  refused: share().prefault("100%").describe("share of the calls sent beyond them that fail at once"),
});

/** What can go wrong at a provider beside its limits. What fails here is no 429, counts against no limit, and costs nothing. */
export const providerFaultSettings = settings({
  errorRate: share().prefault(0).describe("share of the calls that fail after their time to first token"),
  outages: outages.optional().describe("times in which nothing is served; calls under way fail when one begins"),
  brownOuts: brownOuts.optional().describe("times in which it is slower, or fails more often"),
  overload: overload.optional().describe("times in which it refuses some calls with an error, a 529, whatever we send"),
  saturation: saturation.optional().describe("it refuses calls with an error, a 529, while too many of ours are under way"),
});

type ProviderFaultSettings = z.infer<typeof providerFaultSettings>;

/** Faults that come and go. */
export const passingFaults = ["outages", "brownOuts", "overload"] as const;

/** What becomes of a call when it is sent; `taken` when nothing is wrong. */
type Reception = "taken" | "failed" | "hung";

/** All that goes wrong at one provider. When it does depends on nothing of ours but saturation. */
export class ProviderFaults {
  private readonly given: ProviderFaultSettings;
  private readonly times: Readonly<Record<(typeof passingFaults)[number], Outages | undefined>>;
  private readonly overloaded: KeyedRandom;
  private readonly saturated: KeyedRandom;

  /** @param breakOff called when an outage begins and when it has ended, to end all calls under way */
  constructor(provider: string, given: ProviderFaultSettings, simulation: Simulation, streams: Streams, breakOff: () => void) {
    const stream = (fault: string): string => `providers.${provider}.faults.${fault}`;
    const nothing = (): void => {};
    const timesOf = (fault: (typeof passingFaults)[number], turn: () => void): Outages | undefined =>
      given[fault] && new Outages(simulation, given[fault], streams.sequence(stream(fault)), turn, turn);
    this.given = given;
    this.times = {
      outages: timesOf("outages", breakOff),
      brownOuts: timesOf("brownOuts", nothing),
      overload: timesOf("overload", nothing),
    };
    this.overloaded = streams.keyed(stream("overload"));
    this.saturated = streams.keyed(stream("saturation"));
  }

  /** The first three are the key of the call's random numbers. @param underWay calls before it that have not ended */
  reception(number: number, turn: number, salt: number, underWay: number): Reception {
    const { given, times } = this;
    if (times.outages?.ongoing === true) return given.outages!.effect === "hang" ? "hung" : "failed";
    if (times.overload?.ongoing === true && this.overloaded.of(number, turn, salt).uniform() < given.overload!.refused) return "failed";
    if (given.saturation === undefined || underWay < given.saturation.above) return "taken";
    return this.saturated.of(number, turn, salt).uniform() < given.saturation.refused ? "failed" : "taken";
  }

  /** Factor on both times of a call sent now. */
  get pace(): number {
    return this.times.brownOuts?.ongoing === true ? this.given.brownOuts!.slower : 1;
  }

  /** Of calls sent now. */
  get errorRate(): number {
    const { given, times } = this;
    return (times.brownOuts?.ongoing === true ? given.brownOuts!.errorRate : undefined) ?? given.errorRate;
  }

  /** When each passing fault went on, in order of its name here and of time; the end is Infinity while one does. */
  spans(): { readonly fault: string; readonly begin: number; readonly end: number }[] {
    return passingFaults.flatMap((fault) => (this.times[fault]?.spans ?? []).map(({ begin, end }) => ({ fault, begin, end })));
  }
}
