import { CountOverTime } from "../kernel/count-over-time.ts";
import type { Measurement } from "../kernel/level.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { causeCode } from "../traffic/cause.ts";
import type { AttemptListener, Target } from "../traffic/target.ts";
import { Bill } from "./bill.ts";
import { CallsUnderWay, phases } from "./calls-under-way.ts";
import { ProviderFaults } from "./faults.ts";
import { Latency } from "./latency.ts";
import type { Call } from "./limits/limiter.ts";
import { PromptCache } from "./prompt-cache.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import type { Quota } from "./quota.ts";
import { UnitDemand } from "./unit-demand.ts";

/**
 * A hosted API: its faults first, then its limits, then a latency that depends on nothing of ours. A call that was taken is
 * generated and billed to its end, whether or not its client is still there; one that fails, or breaks off in an outage, is not
 * billed. What a call draws is keyed by its request and turn.
 */
export class Provider implements Target {
  readonly name: string;
  calls = 0;
  throttled = 0;
  /** Of these, calls that never fit into a limit, whatever else is sent. */
  oversized = 0;
  /** Calls that ended in an error; from the end of the warm-up on, of those sent since. */
  failed = 0;
  readonly underWay: CallsUnderWay;
  readonly bill: Bill;
  readonly faults: ProviderFaults;
  /** Per window, from the start of the run: calls, those refused with a 429, and tokens of prompts and answers of those taken. */
  readonly overTime: { readonly calls: CountOverTime; readonly throttled: CountOverTime; readonly tokens: CountOverTime };
  /** Tokens of the calls taken after the warm-up, by minute of the run. */
  readonly tokensByMinute: CountOverTime;
  /** Where its account has provisioned units. */
  readonly unitDemand: UnitDemand | undefined;
  private readonly simulation: Simulation;
  private readonly attempts: Attempts;
  private readonly listener: AttemptListener;
  private readonly quota: Quota | undefined;
  private readonly latency: Latency;
  private readonly promptCache: PromptCache | undefined;
  private readonly random: KeyedRandom;
  private readonly warmup: number;
  private readonly firstToken: number;
  private readonly lastToken: number;
  private readonly error: number;
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
    measurement: Measurement,
    listener: AttemptListener,
  ) {
    this.name = name;
    this.simulation = simulation;
    this.attempts = attempts;
    this.listener = listener;
    this.quota = quota;
    const { window, horizon, warmup } = measurement;
    this.warmup = warmup;
    this.latency = new Latency(given.latency);
    this.promptCache = given.promptCache && new PromptCache(attempts, given.promptCache);
    this.underWay = new CallsUnderWay(attempts);
    this.bill = new Bill(attempts, given.model.above?.tokens ?? Infinity, (attempt) => this.isPast(attempt));
    this.faults = new ProviderFaults(name, given.faults, simulation, streams, () => this.breakOff());
    const perWindow = (): CountOverTime => new CountOverTime(window, horizon);
    this.overTime = { calls: perWindow(), throttled: perWindow(), tokens: perWindow() };
    this.tokensByMinute = new CountOverTime(60, horizon, warmup);
    this.unitDemand = quota?.provisioned && new UnitDemand(quota.provisioned, measurement);
    this.random = streams.keyed(`providers.${name}`);
    // An event of a call that broke off is due all the same; its number may be another's by then.
    const handler = (action: (attempt: number) => void): number =>
      simulation.handler((attempt, serial) => {
        if (attempts.serial[attempt] === serial) action(attempt);
      });
    this.firstToken = handler((attempt) => this.begin(attempt));
    this.lastToken = handler((attempt) => this.finish(attempt));
    this.error = handler((attempt) => this.fail(attempt));
  }

  send(attempt: number): void {
    const { simulation, attempts, underWay } = this;
    this.calls++;
    this.overTime.calls.add(simulation.now);
    const reception = this.faults.reception(attempts.number[attempt], attempts.turn[attempt], attempts.salt[attempt], underWay.count);
    underWay.enter(attempt, simulation.now);
    this.listener.spends(attempt, causeCode.provider);
    if (reception === "taken") this.admit(attempt);
    else if (reception === "failed") this.fail(attempt);
  }

  abandon(): void {
    // Nothing can be taken back: the call runs to its end.
  }

  private admit(attempt: number): void {
    const { simulation, promptCache, underWay, quota } = this;
    underWay.cached[attempt] = promptCache?.hit(simulation.now, attempt) ?? 0;
    if (quota !== undefined) {
      const { now } = simulation;
      const call = this.call(attempt);
      this.unitDemand?.ask(now, this.attempts.request[attempt], call);
      const wait = quota.wait(now, call);
      if (wait > 0) {
        this.throttled++;
        if (wait === Infinity) this.oversized++;
        this.overTime.throttled.add(now);
        quota.refused(now, call);
        this.end(attempt, "throttled", quota.retryAfter(now, call));
        return;
      }
      quota.take(now, call);
    }
    underWay.written[attempt] = promptCache === undefined ? 0 : promptCache.cacheable(attempt) - underWay.cached[attempt];
    promptCache?.keep(simulation.now, attempt);
    this.take(attempt);
  }

  private take(attempt: number): void {
    const { simulation, attempts, random, latency, faults, underWay } = this;
    underWay.phase[attempt] = phases.taken;
    random.of(attempts.number[attempt], attempts.turn[attempt], attempts.salt[attempt]);
    const fails = random.uniform() < faults.errorRate;
    const pace = latency.pace(simulation.now) * faults.pace;
    const input = attempts.inputTokens[attempt];
    const ttft = pace * latency.ttft(random, input - underWay.cached[attempt]);
    const serial = attempts.serial[attempt];
    if (fails) {
      simulation.after(ttft, this.error, attempt, serial);
      return;
    }
    const output = attempts.outputTokens[attempt];
    this.bill.charge(attempt, underWay.cached[attempt], underWay.written[attempt]);
    this.overTime.tokens.add(simulation.now, input + output);
    this.tokensByMinute.add(simulation.now, input + output);
    simulation.after(ttft, this.firstToken, attempt, serial);
    const tpot = pace * latency.tpot(random);
    underWay.tpot[attempt] = tpot;
    simulation.after(ttft + (output - 1) * tpot, this.lastToken, attempt, serial);
  }

  private begin(attempt: number): void {
    this.underWay.phase[attempt] = phases.answering;
    this.underWay.firstTokenAt[attempt] = this.simulation.now;
    this.quota?.firstToken(this.simulation.now, this.call(attempt));
    this.listener.firstToken(attempt);
  }

  private finish(attempt: number): void {
    const { cached, written } = this.underWay;
    if (this.attempts.abandoned[attempt] === 1) this.bill.waste(attempt, cached[attempt], written[attempt]);
    this.quota?.settle(this.simulation.now, this.call(attempt));
    this.end(attempt, "finished", 0);
  }

  private fail(attempt: number): void {
    const { cached, written, phase } = this.underWay;
    const { now } = this.simulation;
    if (!this.isPast(attempt)) this.failed++;
    if (this.attempts.billed[attempt] === 1) this.bill.takeBack(attempt, cached[attempt], written[attempt]);
    // What was not taken was never shown to the limiter.
    if (phase[attempt] !== phases.held) this.quota?.settle(now, this.call(attempt, this.underWay.produced(attempt, now)));
    this.end(attempt, "failed", 0);
  }

  private end(attempt: number, ending: "finished" | "throttled" | "failed", retryAfter: number): void {
    this.underWay.leave(attempt);
    this.listener.ended(attempt, ending, retryAfter);
  }

  /** Whether the call was sent in the warm-up, and that is over: what is measured then is the calls sent since. */
  private isPast(attempt: number): boolean {
    return this.underWay.sentAt[attempt] < this.warmup && this.simulation.now >= this.warmup;
  }

  /** All calls under way fail. Their clients may send others meanwhile, which do not. */
  private breakOff(): void {
    for (const attempt of this.underWay.inOrder()) this.fail(attempt);
  }

  /** @param output tokens that it really produces */
  private call(attempt: number, output = this.attempts.outputTokens[attempt]): Call {
    const { attempts, shown } = this;
    shown.input = attempts.inputTokens[attempt];
    shown.cached = this.underWay.cached[attempt];
    shown.output = output;
    shown.maxOutput = attempts.maxOutput[attempt];
    shown.tpot = this.underWay.tpot[attempt];
    shown.number = attempts.number[attempt];
    shown.turn = attempts.turn[attempt];
    shown.salt = attempts.salt[attempt];
    return shown;
  }
}
