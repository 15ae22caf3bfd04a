import { CountOverTime } from "../kernel/count-over-time.ts";
import type { Measurement } from "../kernel/level.ts";
import type { KeyedRandom, Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { resized } from "../kernel/slots.ts";
import type { Attempts } from "../traffic/attempts.ts";
import type { AttemptListener, Target } from "../traffic/target.ts";
import { Bill } from "./bill.ts";
import { ProviderFaults } from "./faults.ts";
import { Latency } from "./latency.ts";
import type { Call, Limiter } from "./limits/limiter.ts";
import { createLimiter } from "./limits/registry.ts";
import { PromptCache } from "./prompt-cache.ts";
import type { ProviderSettings } from "./provider-settings.ts";

/** Where a call stands: not here; not taken, and held until an outage is over; taken; past its first token. */
const phases = { none: 0, held: 1, taken: 2, answering: 3 };

/**
 * A hosted API: its faults first, then its limits, then a latency that depends on nothing of ours. A call that was taken is
 * generated and billed to its end, whether or not its client is still there; one that fails, or breaks off in an outage, is not
 * billed. What a call draws is keyed by its request and turn.
 */
export class Provider implements Target {
  readonly name: string;
  calls = 0;
  throttled = 0;
  /** Calls that ended in an error. */
  failed = 0;
  /** Calls that have not ended. */
  underWay = 0;
  readonly bill: Bill;
  readonly faults: ProviderFaults;
  /** Per window, from the start of the run: calls, those refused with a 429, and tokens of prompts and answers of those taken. */
  readonly overTime: { readonly calls: CountOverTime; readonly throttled: CountOverTime; readonly tokens: CountOverTime };
  private readonly simulation: Simulation;
  private readonly attempts: Attempts;
  private readonly settings: ProviderSettings;
  private readonly listener: AttemptListener;
  private readonly limiter: Limiter | undefined;
  private readonly latency: Latency;
  private readonly promptCache: PromptCache | undefined;
  private readonly random: KeyedRandom;
  private readonly firstToken: number;
  private readonly lastToken: number;
  private readonly error: number;
  /** Of each call under way: one of `phases`, and its number in the order in which they were sent. */
  private phase = new Uint8Array(0);
  private nth = new Float64Array(0);
  /** Seconds per token, and the moment of the first token. */
  private tpots = new Float64Array(0);
  private firstTokenAt = new Float64Array(0);
  /** Tokens of its prompt that were read from the prompt cache, and those that were written to it. */
  private cached = new Int32Array(0);
  private written = new Int32Array(0);
  /** What the limiter is shown, filled anew for each call, since none is made for an event. */
  private readonly shown = { input: 0, output: 0, maxOutput: 0, tpot: 0, number: 0, turn: 0, salt: 0 };

  constructor(
    name: string,
    simulation: Simulation,
    attempts: Attempts,
    given: ProviderSettings,
    streams: Streams,
    { window, horizon }: Measurement,
    listener: AttemptListener,
  ) {
    this.name = name;
    this.simulation = simulation;
    this.attempts = attempts;
    this.settings = given;
    this.listener = listener;
    this.limiter = given.limits && createLimiter(given.limits, { provider: name, simulation, streams });
    this.latency = new Latency(given.latency);
    this.promptCache = given.promptCache && new PromptCache(attempts, given.promptCache);
    this.bill = new Bill(attempts, given.model.above?.tokens ?? Infinity);
    this.faults = new ProviderFaults(name, given.faults, simulation, streams, () => this.breakOff());
    const perWindow = (): CountOverTime => new CountOverTime(window, horizon);
    this.overTime = { calls: perWindow(), throttled: perWindow(), tokens: perWindow() };
    this.random = streams.keyed(`providers.${name}`);
    attempts.onResize((capacity) => this.resize(capacity));
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
    const { simulation, attempts } = this;
    this.calls++;
    this.overTime.calls.add(simulation.now);
    const reception = this.faults.reception(attempts.number[attempt], attempts.turn[attempt], attempts.salt[attempt], this.underWay);
    this.nth[attempt] = this.calls;
    this.underWay++;
    this.phase[attempt] = phases.held;
    if (reception === "taken") this.admit(attempt);
    else if (reception === "failed") this.fail(attempt);
  }

  abandon(): void {
    // Nothing can be taken back: the call runs to its end.
  }

  private admit(attempt: number): void {
    const { simulation, promptCache } = this;
    const hit = promptCache?.hit(simulation.now, attempt) ?? 0;
    this.cached[attempt] = hit;
    const wait = this.limiter?.admit(simulation.now, this.call(attempt)) ?? 0;
    if (wait > 0) {
      this.throttled++;
      this.overTime.throttled.add(simulation.now);
      this.end(attempt, "throttled", this.settings.limits!.retryAfter && wait < Infinity ? wait : 0);
      return;
    }
    this.written[attempt] = promptCache === undefined ? 0 : promptCache.cacheable(attempt) - hit;
    promptCache?.keep(simulation.now, attempt);
    this.take(attempt);
  }

  private take(attempt: number): void {
    const { simulation, attempts, random, latency, faults } = this;
    this.phase[attempt] = phases.taken;
    random.of(attempts.number[attempt], attempts.turn[attempt], attempts.salt[attempt]);
    const fails = random.uniform() < faults.errorRate;
    const pace = latency.pace(simulation.now) * faults.pace;
    const input = attempts.inputTokens[attempt];
    const ttft = pace * latency.ttft(random, input - this.cached[attempt]);
    const serial = attempts.serial[attempt];
    if (fails) {
      simulation.after(ttft, this.error, attempt, serial);
      return;
    }
    const output = attempts.outputTokens[attempt];
    this.bill.charge(attempt, this.cached[attempt], this.written[attempt]);
    this.overTime.tokens.add(simulation.now, input + output);
    simulation.after(ttft, this.firstToken, attempt, serial);
    const tpot = pace * latency.tpot(random);
    this.tpots[attempt] = tpot;
    simulation.after(ttft + (output - 1) * tpot, this.lastToken, attempt, serial);
  }

  private begin(attempt: number): void {
    this.phase[attempt] = phases.answering;
    this.firstTokenAt[attempt] = this.simulation.now;
    this.limiter?.firstToken?.(this.simulation.now, this.call(attempt));
    this.listener.firstToken(attempt);
  }

  private finish(attempt: number): void {
    if (this.attempts.abandoned[attempt] === 1) this.bill.waste(attempt, this.cached[attempt], this.written[attempt]);
    this.limiter?.settle?.(this.simulation.now, this.call(attempt));
    this.end(attempt, "finished", 0);
  }

  private fail(attempt: number): void {
    this.failed++;
    if (this.attempts.billed[attempt] === 1) this.bill.takeBack(attempt, this.cached[attempt], this.written[attempt]);
    // What was not taken was never shown to the limiter.
    if (this.phase[attempt] !== phases.held) this.limiter?.settle?.(this.simulation.now, this.call(attempt, this.produced(attempt)));
    this.end(attempt, "failed", 0);
  }

  private end(attempt: number, ending: "finished" | "throttled" | "failed", retryAfter: number): void {
    this.underWay--;
    this.phase[attempt] = phases.none;
    this.listener.ended(attempt, ending, retryAfter);
  }

  /** All calls under way fail, in the order in which they were sent. Their clients may send others meanwhile. */
  private breakOff(): void {
    const { phase, nth } = this;
    const broken: number[] = [];
    for (let attempt = 0; attempt < phase.length; attempt++) if (phase[attempt] !== phases.none) broken.push(attempt);
    broken.sort((a, b) => nth[a] - nth[b]);
    for (const attempt of broken) this.fail(attempt);
  }

  /** Tokens of the answer so far; the one that is on its way counts. */
  private produced(attempt: number): number {
    if (this.phase[attempt] !== phases.answering) return 0;
    const output = this.attempts.outputTokens[attempt];
    const tpot = this.tpots[attempt];
    return tpot > 0 ? Math.min(output, 2 + Math.floor((this.simulation.now - this.firstTokenAt[attempt]) / tpot)) : output;
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

  private resize(capacity: number): void {
    this.phase = resized(this.phase, capacity);
    this.nth = resized(this.nth, capacity);
    this.tpots = resized(this.tpots, capacity);
    this.firstTokenAt = resized(this.firstTokenAt, capacity);
    this.cached = resized(this.cached, capacity);
    this.written = resized(this.written, capacity);
  }
}
