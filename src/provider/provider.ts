import * as z from "zod";
import { duration, money, settings, share } from "../base/settings.ts";
import type { Distribution } from "../kernel/distributions/distribution.ts";
import { createDistribution, distribution } from "../kernel/distributions/registry.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { resized } from "../kernel/slots.ts";
import type { Attempts } from "../traffic/attempts.ts";
import type { AttemptListener, Target } from "../traffic/target.ts";
import type { Call } from "./limits/limiter.ts";
import { limitsSettings } from "./limits/limits-settings.ts";
import type { Quota } from "./quota.ts";

export const providerSettings = settings({
  model: settings({
    inputPerMillion: money(),
    outputPerMillion: money(),
  }).describe("what is called: a model of models/prices/tokens.yaml, or its prices"),
  latency: settings({
    ttft: distribution(duration()).describe("from the call to the first token"),
    tpot: distribution(duration()).describe("from one token to the next, drawn once per call"),
  }),
  limits: limitsSettings
    .optional()
    .describe(
      "of the account that is called: one limit, several in a list, or several by names; a profile of models/providers; none unless given",
    ),
  quota: z.string().optional().describe("instead of limits: one of the quotas, which it shares with others that name it"),
  faults: settings({ errorRate: share().prefault(0).describe("share of the calls that fail after their time to first token") }).prefault(
    {},
  ),
});

export type ProviderSettings = z.infer<typeof providerSettings>;

/**
 * A hosted API: limits first, then a latency that depends on nothing of ours. A call that was taken is generated and billed to
 * its end, whether or not its client is still there. What a call draws is keyed by its request and turn.
 */
export class Provider implements Target {
  readonly name: string;
  calls = 0;
  throttled = 0;
  inputTokens = 0;
  outputTokens = 0;
  private readonly simulation: Simulation;
  private readonly attempts: Attempts;
  private readonly settings: ProviderSettings;
  private readonly listener: AttemptListener;
  private readonly quota: Quota | undefined;
  private readonly ttft: Distribution;
  private readonly tpot: Distribution;
  private readonly random: KeyedRandom;
  private readonly firstToken: number;
  private readonly lastToken: number;
  private readonly error: number;
  /** Seconds per token of each call under way. */
  private tpots = new Float64Array(0);
  /** What the limiter is shown, filled anew for each call, since none is made for an event. */
  private readonly shown = { input: 0, cached: 0, output: 0, maxOutput: 0, tpot: 0, number: 0, turn: 0, salt: 0 };

  /** @param quota what guards its account, nothing when undefined */
  constructor(
    name: string,
    simulation: Simulation,
    attempts: Attempts,
    given: ProviderSettings,
    quota: Quota | undefined,
    streams: Streams,
    listener: AttemptListener,
  ) {
    this.name = name;
    this.simulation = simulation;
    this.attempts = attempts;
    this.settings = given;
    this.listener = listener;
    this.quota = quota;
    attempts.onResize((capacity) => (this.tpots = resized(this.tpots, capacity)));
    this.ttft = createDistribution(given.latency.ttft);
    this.tpot = createDistribution(given.latency.tpot);
    this.random = streams.keyed(`providers.${name}`);
    this.firstToken = simulation.handler((attempt) => {
      quota?.firstToken(simulation.now, this.call(attempt));
      listener.firstToken(attempt);
    });
    this.lastToken = simulation.handler((attempt) => {
      quota?.settle(simulation.now, this.call(attempt));
      listener.ended(attempt, "finished", 0);
    });
    this.error = simulation.handler((attempt) => {
      quota?.settle(simulation.now, this.call(attempt, 0));
      listener.ended(attempt, "failed", 0);
    });
  }

  send(attempt: number): void {
    const { simulation, attempts, quota, settings: given, random } = this;
    this.calls++;
    const input = attempts.inputTokens[attempt];
    const output = attempts.outputTokens[attempt];
    if (quota !== undefined) {
      const call = this.call(attempt);
      if (quota.wait(simulation.now, call) > 0) {
        this.throttled++;
        quota.refused(simulation.now, call);
        this.listener.ended(attempt, "throttled", quota.retryAfter(simulation.now, call));
        return;
      }
      quota.take(simulation.now, call);
    }
    random.of(attempts.number[attempt], attempts.turn[attempt], attempts.salt[attempt]);
    const fails = random.uniform() < given.faults.errorRate;
    const ttft = this.ttft.sample(random);
    if (fails) {
      simulation.after(ttft, this.error, attempt);
      return;
    }
    this.inputTokens += input;
    this.outputTokens += output;
    simulation.after(ttft, this.firstToken, attempt);
    const tpot = this.tpot.sample(random);
    this.tpots[attempt] = tpot;
    simulation.after(ttft + (output - 1) * tpot, this.lastToken, attempt);
  }

  abandon(): void {
    // Nothing can be taken back: the call runs to its end.
  }

  /** @param output tokens that it really produces */
  private call(attempt: number, output = this.attempts.outputTokens[attempt]): Call {
    const { attempts, shown } = this;
    shown.input = attempts.inputTokens[attempt];
    shown.output = output;
    shown.maxOutput = attempts.maxOutput[attempt];
    shown.tpot = this.tpots[attempt];
    shown.number = attempts.number[attempt];
    shown.turn = attempts.turn[attempt];
    shown.salt = attempts.salt[attempt];
    return shown;
  }
}
