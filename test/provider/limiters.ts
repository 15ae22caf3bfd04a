import * as fc from "fast-check";
import { Streams } from "../../src/kernel/random.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import type { Call } from "../../src/provider/limits/limiter.ts";
import { limitsSettings } from "../../src/provider/limits/limits-settings.ts";
import { Quota } from "../../src/provider/quota.ts";

/** One limit or several, as a scenario writes them. */
export type Written = Record<string, unknown> | readonly Record<string, unknown>[];

/** What guards an account, and what a provider does with it when a call comes. */
class Account extends Quota {
  /** 0 for a call that is taken, otherwise the seconds after which it would be, as far as can be told after its refusal. */
  admit(now: number, call: Call): number {
    if (this.wait(now, call) > 0) {
      this.refused(now, call);
      return this.wait(now, call);
    }
    this.take(now, call);
    return 0;
  }
}

export function limiterOf(written: Written, simulation = new Simulation()): Account {
  return new Account(limitsSettings.parse(written), { stream: "api", simulation, streams: new Streams(4, 0) });
}

export function callOf(given: Partial<Call>): Call {
  return { input: 1, cached: 0, output: 1, maxOutput: Infinity, tpot: 0, number: 0, turn: 0, salt: 0, ...given };
}

interface Sent {
  readonly at: number;
  readonly ttft: number;
  readonly fails: boolean;
  readonly call: Call;
}

const seconds = (max: number) => fc.oneof(fc.constant(0), fc.double({ min: 0, max, noNaN: true }));

/** Calls at random moments, often several at once; of an answer that is as long as is asked for at most. */
export const traffic: fc.Arbitrary<readonly Sent[]> = fc
  .array(
    fc.record({
      gap: seconds(15),
      input: fc.integer({ min: 1, max: 300 }),
      hit: fc.constantFrom(0, 0, 0.5, 1),
      output: fc.integer({ min: 1, max: 200 }),
      spare: fc.option(fc.integer({ min: 0, max: 100 })),
      ttft: seconds(5),
      tpot: seconds(0.3),
      fails: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((given) => {
    let at = 0;
    return given.map(({ gap, input, hit, output, spare, ttft, tpot, fails }, number): Sent => {
      const call = callOf({
        input,
        cached: Math.floor(input * hit),
        output,
        maxOutput: spare === null ? Infinity : output + spare,
        tpot,
        number,
      });
      return { at: (at += gap), ttft, fails, call };
    });
  });

/** What happened to a call, in order of time. */
interface Seen {
  readonly at: number;
  readonly kind: "admitted" | "refused" | "ended";
  /** What really came of it. */
  readonly call: Call;
  readonly wait: number;
}

interface Drive {
  /** What the limiter is told at admission about how much the call will produce. */
  readonly claimed?: (output: number) => number;
  /** Nothing happens any more after the first call that is refused for a while. */
  readonly untilRefused?: boolean;
}

/** Sends calls to a limiter and tells it of their first tokens and ends, as a provider does. */
export function drive(settings: Written, sent: readonly Sent[], { claimed = (n) => n, untilRefused }: Drive = {}) {
  const simulation = new Simulation();
  const limiter = limiterOf(settings, simulation);
  const seen: Seen[] = [];
  let open = 0;
  let stopped = false;
  const handler = (action: (index: number) => void) => simulation.handler((index) => void (stopped || action(index)));
  const produced = ({ call, fails }: Sent): Call => (fails ? { ...call, output: 0 } : call);
  const firstToken = handler((index) => limiter.firstToken(simulation.now, sent[index].call));
  const ended = handler((index) => {
    open--;
    limiter.settle(simulation.now, produced(sent[index]));
    seen.push({ at: simulation.now, kind: "ended", call: produced(sent[index]), wait: 0 });
  });
  const arrive = handler((index) => {
    const { call, ttft, fails } = sent[index];
    const wait = limiter.admit(simulation.now, { ...call, output: claimed(call.output) });
    seen.push({ at: simulation.now, kind: wait === 0 ? "admitted" : "refused", call: produced(sent[index]), wait });
    if (wait === 0) {
      open++;
      if (!fails) simulation.after(ttft, firstToken, index);
      simulation.after(fails ? ttft : ttft + (call.output - 1) * call.tpot, ended, index);
    } else if (untilRefused === true && wait < Infinity) stopped = true;
  });
  sent.forEach(({ at }, index) => simulation.at(at, arrive, index));
  simulation.run((sent.at(-1)?.at ?? 0) + 1000);
  return { seen, limiter, open };
}

/** The most that amounts between any two moments come to, beyond what flows in at a rate meanwhile. */
export function mostBeyond(amounts: readonly { at: number; amount: number }[], perSecond: number): number {
  let most = 0;
  let level = 0;
  let before = 0;
  for (const { at, amount } of amounts) {
    level = Math.max(0, level - (at - before) * perSecond) + amount;
    before = at;
    most = Math.max(most, level);
  }
  return most;
}
