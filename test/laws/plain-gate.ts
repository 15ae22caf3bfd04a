import { type Agenda, remove } from "./plain-agenda.ts";
import type { PlainGate } from "./plain-given.ts";

/** What an attempt is to the gate: tokens of its prompt, and the longest answer it asks for. */
export interface Load {
  readonly input: number;
  readonly maxOutput: number;
}

/** Leave to be under way; `back` follows once. */
export interface Permit {
  /** @param used tokens that its end has shown it to take: those of prompt and answer, none, or what was expected when undefined */
  back(used: number | undefined): void;
}

interface Waiting {
  readonly load: Load;
  /** Most important first, from 0. */
  readonly priority: number;
  out(permit: Permit): void;
}

export interface Gate {
  /** Whether it would be let out now: nobody waits or, when it has a priority, only those whom it may pass. */
  isOpenFor(load: Load, priority?: number): boolean;
  take(load: Load): Permit;
  /** Gets in line; undefined when there is no room, else how to leave the line. */
  wait(one: Waiting, tooLong: () => void): (() => void) | undefined;
}

/** What holds attempts back before they are sent, for one class or for all that share it. */
export function gate(agenda: Agenda, given: PlainGate = {}): Gate {
  const { limiter, concurrency = Infinity, queue = {} } = given;
  const capacity = queue.capacity ?? Infinity;
  const line: Waiting[] = [];
  let underWay = 0;

  const bucket = (perMinute: number | undefined) => {
    const perSecond = (perMinute ?? Infinity) / 60;
    const full = perSecond * (limiter?.burst ?? 1);
    return { perSecond, full, level: full, at: 0 };
  };
  type Bucket = ReturnType<typeof bucket>;
  const requests = bucket(limiter?.rpm);
  const tokens = bucket(limiter?.tpm);
  const refill = (one: Bucket): void => {
    if (one.full === Infinity) return;
    one.level = Math.min(one.full, one.level + (agenda.now - one.at) * one.perSecond);
    one.at = agenda.now;
  };
  const add = (one: Bucket, amount: number): void => {
    refill(one);
    if (one.full < Infinity) one.level = Math.min(one.full, one.level + amount);
  };
  const secondsUntil = (one: Bucket, amount: number): number => {
    refill(one);
    if (one.full === Infinity) return 0;
    const missing = Math.min(amount, one.full) - one.level;
    // Who has waited long enough must not be held for a rounding error.
    return missing <= 1e-9 * one.full ? 0 : missing / one.perSecond;
  };
  const expected = ({ input, maxOutput }: Load): number => input + Math.min(limiter?.expectedOutput ?? Infinity, maxOutput);
  const refilledIn = (load: Load): number => Math.max(secondsUntil(requests, 1), secondsUntil(tokens, expected(load)));
  const fits = (load: Load): boolean => underWay < concurrency && refilledIn(load) === 0;

  const take = (load: Load): Permit => {
    underWay++;
    add(requests, -1);
    add(tokens, -expected(load));
    return {
      back(used = expected(load)) {
        underWay--;
        if (tokens.full < Infinity) add(tokens, expected(load) - used);
        letOut();
      },
    };
  };

  /** Somebody is being let out: whoever is let out in consequence comes after that one has gone on. */
  let lettingOut = false;
  const letOut = (): void => {
    if (lettingOut) return;
    lettingOut = true;
    while (line.length > 0 && fits(line[0].load)) {
      const head = line.shift()!;
      head.out(take(head.load));
    }
    lettingOut = false;
    if (line.length > 0 && underWay < concurrency) agenda.after(refilledIn(line[0].load), letOut);
  };

  return {
    isOpenFor(load, priority) {
      const passes = priority !== undefined && line.length < capacity && line.every((one) => one.priority > priority);
      return (line.length === 0 || passes) && fits(load);
    },
    take,
    wait(one, tooLong) {
      if (line.length >= capacity) return undefined;
      const behind = line.findIndex(({ priority }) => priority > one.priority);
      line.splice(behind < 0 ? line.length : behind, 0, one);
      if (queue.maxWait !== undefined)
        agenda.after(queue.maxWait, () => {
          if (!remove(line, one)) return;
          letOut();
          tooLong();
        });
      letOut();
      return () => {
        if (remove(line, one)) letOut();
      };
    },
  };
}
