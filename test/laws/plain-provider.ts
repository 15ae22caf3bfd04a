import type { Agenda } from "./plain-agenda.ts";
import type { PlainProvider } from "./plain-given.ts";
import type { Attempt, Target } from "./plain-target.ts";

export interface PlainMeter {
  calls: number;
  throttled: number;
  inputTokens: number;
  outputTokens: number;
}

/** A hosted API: what it takes it generates and bills to the end. */
export function provider(agenda: Agenda, { ttft, tpot, fails, limits }: PlainProvider, meter: PlainMeter): Target {
  const bucket = (perMinute: number | undefined, cost: (attempt: Attempt) => number) => {
    const perSecond = (perMinute ?? Infinity) / 60;
    const full = perSecond * (limits?.burst ?? 0);
    return { perSecond, full, level: full, at: 0, cost };
  };
  const buckets = [bucket(limits?.rpm, () => 1), bucket(limits?.tpm, ({ input, output }) => input + output)].filter(
    ({ perSecond }) => perSecond < Infinity,
  );

  /** Seconds until the attempt fits into every bucket; Infinity when it never will. */
  const wait = (attempt: Attempt): number =>
    Math.max(
      0,
      ...buckets.map((one) => {
        one.level = Math.min(one.full, one.level + (agenda.now - one.at) * one.perSecond);
        one.at = agenda.now;
        const missing = one.cost(attempt) - one.level;
        // Who comes back when told to must not be refused for a rounding error.
        const rounding = 1e-9 * one.full;
        if (missing <= rounding) return 0;
        return one.cost(attempt) > one.full + rounding ? Infinity : missing / one.perSecond;
      }),
    );

  return {
    send(attempt) {
      meter.calls++;
      const seconds = wait(attempt);
      if (seconds > 0) {
        meter.throttled++;
        return attempt.ended("throttled", limits!.retryAfter && seconds < Infinity ? seconds : 0);
      }
      for (const one of buckets) one.level -= one.cost(attempt);
      attempt.goesTo("provider");
      if (fails) return agenda.after(ttft, () => attempt.ended("failed"));
      meter.inputTokens += attempt.input;
      meter.outputTokens += attempt.output;
      agenda.after(ttft, () => attempt.firstToken());
      agenda.after(ttft + (attempt.output - 1) * tpot, () => attempt.ended("finished"));
    },
    abandon() {},
  };
}
