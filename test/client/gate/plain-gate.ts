import type { GateSettings } from "../../../src/client/gate/gate-settings.ts";

/** An attempt that asks to be let out once, as a script has it. Times are in seconds. */
export interface Visit {
  readonly at: number;
  readonly tokens: number;
  readonly priority: number;
  /** How long it is under way when let out, and the tokens that it gives back then. */
  readonly lasts: number;
  readonly back: number;
  /** How long it waits before it leaves by itself; Infinity: for ever. */
  readonly patience: number;
}

/** What became of a visit, and when; Infinity while it still waits. */
export interface Fate {
  readonly kind: "out" | "refused" | "shed" | "left" | "waits";
  readonly at: number;
}

interface Waiting {
  readonly index: number;
  readonly since: number;
}

/** Carries out visits to a gate with a fixed limit from lists alone, looking at everything anew at each moment at which something may happen. */
export function plainGate({ limiter, queue }: GateSettings, limit: number, visits: readonly Visit[], until: number): Fate[] {
  const fates = visits.map((): Fate => ({ kind: "waits", at: Infinity }));
  const rates = [(limiter?.rpm ?? Infinity) / 60, (limiter?.tpm ?? Infinity) / 60];
  const full = rates.map((rate) => (rate === Infinity ? Infinity : rate * (limiter?.burst ?? 0)));
  const content = [...full];
  const waiting: Waiting[] = [];
  const underWay: { index: number; endsAt: number }[] = [];
  let arrived = 0;
  let now = 0;

  const patience = ({ index, since }: Waiting) => since + Math.min(visits[index].patience, queue?.maxWait ?? Infinity);
  const needs = (index: number) => [1, visits[index].tokens].map((amount, i) => Math.min(amount, full[i]));
  const opensAt = (index: number) =>
    now + Math.max(0, ...needs(index).map((amount, i) => (full[i] === Infinity ? 0 : (amount - content[i]) / rates[i])));
  const fits = (index: number) => underWay.length < limit && opensAt(index) <= now + 1e-9;
  const head = () =>
    waiting.reduce<Waiting | undefined>(
      (best, one) => (best && visits[best.index].priority <= visits[one.index].priority ? best : one),
      undefined,
    );
  const letOut = (index: number) => {
    fates[index] = { kind: "out", at: now };
    content[0] -= 1;
    content[1] -= visits[index].tokens;
    underWay.push({ index, endsAt: now + visits[index].lasts });
  };
  const refill = (seconds: number) => {
    content.forEach((amount, i) => (content[i] = full[i] === Infinity ? Infinity : Math.min(full[i], amount + seconds * rates[i])));
  };

  while (now < until) {
    const first = head();
    const moments = [
      until,
      visits[arrived]?.at ?? Infinity,
      ...underWay.map(({ endsAt }) => endsAt),
      ...waiting.map(patience),
      first !== undefined && underWay.length < limit ? opensAt(first.index) : Infinity,
    ];
    const next = Math.min(...moments);
    refill(next - now);
    now = next;
    const ended = underWay.findIndex(({ endsAt }) => endsAt <= now);
    const gone = waiting.findIndex((one) => patience(one) <= now);
    if (ended >= 0) {
      const [{ index }] = underWay.splice(ended, 1);
      content[1] = Math.min(full[1], content[1] + visits[index].back);
    } else if (gone >= 0) {
      const [{ index }] = waiting.splice(gone, 1);
      fates[index] = { kind: visits[index].patience < (queue?.maxWait ?? Infinity) ? "left" : "shed", at: now };
    } else if (arrived < visits.length && visits[arrived].at <= now) {
      const index = arrived++;
      const before = waiting.some((one) => visits[one.index].priority <= visits[index].priority);
      const mayWait = waiting.length < (queue?.capacity ?? Infinity);
      if ((waiting.length === 0 || (mayWait && !before)) && fits(index)) letOut(index);
      else if (mayWait) waiting.push({ index, since: now });
      else fates[index] = { kind: "refused", at: now };
    }
    for (let one = head(); one !== undefined && fits(one.index); one = head()) {
      waiting.splice(waiting.indexOf(one), 1);
      letOut(one.index);
    }
  }
  return fates;
}
