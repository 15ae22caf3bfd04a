import type { Simulation } from "../kernel/simulation.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { outcomeCode } from "../traffic/outcome.ts";
import { Breakers, refused, uncounted } from "./breakers.ts";
import type { ClientMeter } from "./client-meter.ts";
import type { ClientSetup } from "./client-setup.ts";
import type { Gate } from "./gate/gate.ts";
import { TokenEstimate } from "./gate/token-estimate.ts";
import type { Path } from "./path.ts";

/** What stands between a client and its targets, if anything does. */
export function createGuards(setup: ClientSetup, meter: ClientMeter): Guards | undefined {
  const guarded = setup.settings.breaker ?? setup.gate ?? setup.path.outstanding;
  return guarded === undefined ? undefined : new Guards(setup, meter);
}

/**
 * The breaker before each target and the gate before all of them, which are asked in this order, and the count of attempts
 * outstanding at each target. All are told how every attempt ended.
 */
export class Guards {
  private readonly simulation: Simulation;
  private readonly attempts: Attempts;
  private readonly path: Path;
  private readonly priority: number;
  private readonly gate: Gate | undefined;
  private readonly tokens: TokenEstimate;
  private readonly breakers: Breakers;
  /** What the breaker calls the time for which it has given its last permission. */
  private epoch = 0;

  constructor(setup: ClientSetup, meter: ClientMeter) {
    const { simulation, attempts, requests, path, settings } = setup;
    this.simulation = simulation;
    this.attempts = attempts;
    this.path = path;
    this.priority = setup.priority;
    this.gate = setup.gate;
    this.tokens = new TokenEstimate(requests, attempts, setup.maxOutput, setup.expectedOutput);
    this.breakers = new Breakers(simulation, settings.breaker, path.targets.length, meter);
  }

  /** Whether some breaker lets nothing through. */
  get breakerOpen(): boolean {
    return this.breakers.open;
  }

  /** Asks to send an attempt for the request: `out` is followed by `sent`; the gate tells what becomes of one that waits. */
  ask(request: number, target: number): "out" | "waits" | "refused" | "broken" {
    if (!this.breakerAdmits(target)) return "broken";
    const { gate, tokens, breakers } = this;
    const passage = gate === undefined ? "out" : gate.enter(request, tokens.beforehand(request), this.priority);
    // A place among a breaker's probes is not kept by who only waits.
    if (passage !== "out") breakers.ended(target, this.epoch, uncounted);
    return passage;
  }

  /** The gate has let out one that has waited: whether the breaker still lets it through. */
  askAgain(request: number, target: number): boolean {
    if (this.breakerAdmits(target)) return true;
    this.gate!.ended(this.tokens.beforehand(request), NaN, false);
    return false;
  }

  /** Asks to send an attempt at once or not at all: true is followed by `sent` or `withdraw`. */
  askBeside(request: number, target: number): boolean {
    if (!this.breakerAdmits(target)) return false;
    const { gate, tokens, breakers } = this;
    if (gate === undefined || gate.tryEnter(tokens.beforehand(request))) return true;
    breakers.ended(target, this.epoch, uncounted);
    return false;
  }

  /** An attempt that was let through is not sent after all. */
  withdraw(request: number, target: number): void {
    this.breakers.ended(target, this.epoch, uncounted);
    this.gate?.ended(this.tokens.beforehand(request), NaN, false);
  }

  /** The request leaves the line before the gate. */
  leave(request: number): void {
    this.gate?.leave(request);
  }

  sent(attempt: number): void {
    const { attempts, path } = this;
    attempts.sentAt[attempt] = this.simulation.now;
    attempts.epoch[attempt] = this.epoch;
    if (path.outstanding !== undefined) path.outstanding[path.targetNumbers[attempts.target[attempt]]]++;
  }

  /** @param verdict how it ended for its client: a code of `outcomes`, or `uncounted` when it was given up for another's sake */
  ended(attempt: number, verdict: number): void {
    const { attempts, breakers, gate, simulation, path, tokens } = this;
    const target = attempts.target[attempt];
    if (path.outstanding !== undefined) path.outstanding[path.targetNumbers[target]]--;
    breakers.ended(target, attempts.epoch[attempt], verdict);
    if (gate === undefined) return;
    const ok = verdict === outcomeCode.served;
    const until = ok ? attempts.firstTokenAt[attempt] : simulation.now;
    gate.ended(tokens.back(attempt, verdict), verdict === uncounted ? NaN : until - attempts.sentAt[attempt], ok);
  }

  private breakerAdmits(target: number): boolean {
    const epoch = this.breakers.admit(target);
    if (epoch === refused) return false;
    this.epoch = epoch;
    return true;
  }
}
