import type * as z from "zod";
import { PlanError } from "../../base/plan-error.ts";
import { count, duration, issue, settings } from "../../base/settings.ts";
import { asDistribution, createDistribution, valueOrDistribution } from "../../kernel/distributions/registry.ts";
import type { Distribution } from "../../kernel/distributions/distribution.ts";
import type { RandomSource } from "../../kernel/random.ts";
import type { Simulation } from "../../kernel/simulation.ts";

const mostClients = 1_000_000;

export const closedLoopSettings = settings({
  clients: count({ min: 1, max: mostClients, whole: true }).describe("how many there are, at rateScale 1"),
  thinkTime: valueOrDistribution(duration(), "a duration")
    .prefault("0s")
    .describe(
      "from the end of a client's request, whatever its outcome, to its next: 2s, or { exponential: { mean: 2s } }; above 0s where requests may be refused at once",
    ),
});

export type ClosedLoopSettings = z.infer<typeof closedLoopSettings>;

/** How many clients a multiple of the traffic is. */
function clientsOf({ clients }: ClosedLoopSettings, rateScale: number): number {
  return Math.round(clients * rateScale);
}

export function checkClosedLoop(given: ClosedLoopSettings, rateScale: number, context: z.RefinementCtx): void {
  const clients = clientsOf(given, rateScale);
  if (clients >= 1 && clients <= mostClients) return;
  issue(context, "out-of-range", `makes ${clients} clients of ${given.clients}`, {
    path: ["rateScale"],
    hint: `allowed: from 1 to ${mostClients} clients (clients × rateScale, rounded to a whole number)`,
  });
}

/** So many requests for each client within one instant, a million at least, mean that they have no end: time would stand still. */
const mostAtOnce = { perClient: 100, atLeast: 1_000_000 };

/**
 * Clients that each send a request, wait for its end, think, and send the next: arrivals that slow down when the system does.
 * Every client thinks once before its first request. The n-th thought of a class is as long under every policy that is compared,
 * whichever client has it.
 */
export class ClosedLoop {
  private readonly name: string;
  private readonly clients: number;
  private readonly thinkTime: Distribution;
  private readonly simulation: Simulation;
  private readonly random: RandomSource;
  private readonly arrive: number;
  private lastEnd = -1;
  private endsAtOnce = 0;

  /**
   * @param name of the class, for messages
   * @param send opens a request of some client and sends it
   */
  constructor(name: string, given: ClosedLoopSettings, rateScale: number, simulation: Simulation, random: RandomSource, send: () => void) {
    this.name = name;
    this.clients = clientsOf(given, rateScale);
    this.thinkTime = createDistribution(asDistribution(given.thinkTime));
    this.simulation = simulation;
    this.random = random;
    this.arrive = simulation.handler(send);
  }

  start(): void {
    for (let client = 0; client < this.clients; client++) this.think();
  }

  /**
   * A request has ended, and its client thinks about the next one.
   * @throws PlanError when requests come and go and the clock does not move
   */
  ended(): void {
    const { now } = this.simulation;
    this.endsAtOnce = now === this.lastEnd ? this.endsAtOnce + 1 : 1;
    this.lastEnd = now;
    if (this.endsAtOnce > Math.max(mostAtOnce.atLeast, mostAtOnce.perClient * this.clients)) throw this.standstill();
    this.think();
  }

  private think(): void {
    this.simulation.after(this.thinkTime.sample(this.random), this.arrive);
  }

  private standstill(): PlanError {
    return new PlanError({
      code: "contradiction",
      path: `traffic.${this.name}.arrivals.closedLoop.thinkTime`,
      message: `time stands still at ${this.simulation.now} s: requests end as they arrive, and their clients send the next ones at once`,
      hint: "take a thinkTime above 0s, or let what answers or refuses them at once take some time",
    });
  }
}
