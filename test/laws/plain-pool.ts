import { type Agenda, remove } from "./plain-agenda.ts";
import type { PlainElastic, PlainPool } from "./plain-given.ts";
import type { Attempt, Target } from "./plain-target.ts";

interface Replica {
  readonly line: Attempt[];
  readonly served: Attempt[];
}

/** Replicas with some servers each, a line before each replica, and one line of those who found no replica ready. */
export function pool(agenda: Agenda, given: PlainPool): Target {
  const { servers, service, routing, capacity = Infinity, maxWait, onCancel, elastic } = given;
  const replica = (): Replica => ({ line: [], served: [] });
  const ready: Replica[] = Array.from({ length: elastic?.min ?? given.replicas }, replica);
  const everyone: Replica[] = [...ready];
  const held: Attempt[] = [];
  let turns = 0;

  const outstanding = ({ line, served }: Replica): number => line.length + served.length;
  const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
  const waiting = (): number => held.length + sum(everyone.map(({ line }) => line.length));

  const route = (): Replica => {
    if (routing === "roundRobin") return ready[turns++ % ready.length];
    const least = Math.min(...ready.map(outstanding));
    return ready.find((one) => outstanding(one) === least)!;
  };

  const serve = (on: Replica, attempt: Attempt): void => {
    on.served.push(attempt);
    attempt.goesTo("decode");
    agenda.after(service, () => {
      if (!remove(on.served, attempt)) return;
      serveNext(on);
      attempt.firstToken();
      // Who has left is noticed when a replica has room, though only a fresh one takes those that are held.
      while (held[0]?.left) held.shift();
      attempt.ended("finished");
    });
  };

  const serveNext = (on: Replica): void => {
    while (on.served.length < servers && on.line.length > 0) {
      const next = on.line.shift()!;
      if (!next.left) serve(on, next);
    }
  };

  let isStarting = (): boolean => false;
  if (elastic !== undefined) {
    isStarting = scale(agenda, elastic, given.replicas, {
      metric: () => (elastic.metric === "queueLength" ? waiting() : held.length + sum(everyone.map(outstanding))),
      ready: () => ready.length,
      open() {
        const fresh = replica();
        everyone.push(fresh);
        ready.push(fresh);
        for (const attempt of held.splice(0)) {
          if (attempt.left) continue;
          const on = route();
          if (on.served.length < servers) serve(on, attempt);
          else on.line.push(attempt);
        }
        // While nobody else is on the way, it is busy replicas that they wait for.
        if (!isStarting()) for (const { line } of everyone) for (const attempt of line) attempt.goesTo("busy");
      },
      close() {
        const least = Math.min(...ready.map(outstanding));
        ready.splice(
          ready.findIndex((one) => outstanding(one) === least),
          1,
        );
      },
    });
  }

  return {
    send(attempt) {
      const on = ready.length === 0 ? undefined : route();
      if (on !== undefined && on.served.length < servers) return serve(on, attempt);
      if (waiting() >= capacity) return attempt.ended("shed");
      (on?.line ?? held).push(attempt);
      attempt.goesTo(on === undefined || isStarting() ? "cold" : "busy");
      if (maxWait === undefined) return;
      agenda.after(maxWait, () => {
        if ([held, ...everyone.map(({ line }) => line)].some((line) => remove(line, attempt))) attempt.ended("shed");
      });
    },
    abandon(attempt) {
      if (onCancel === "finish") return;
      remove(held, attempt);
      for (const one of everyone) {
        remove(one.line, attempt);
        if (remove(one.served, attempt)) serveNext(one);
      }
    },
  };
}

interface Scaled {
  metric(): number;
  ready(): number;
  open(): void;
  close(): void;
}

/**
 * Target tracking, as its settings describe it; a decision is made every period, on what the metric was `lag` earlier.
 * @returns whether a replica is on its way
 */
function scale(agenda: Agenda, given: PlainElastic, most: number, { metric, ready, open, close }: Scaled): () => boolean {
  const { min, coldStart, target, every, lag, tolerance, scaleDownAfter } = given;
  const wanted: { at: number; replicas: number }[] = [];
  let starts: { givenUp: boolean }[] = [];

  const decide = (seen: number): void => {
    const active = ready() + starts.length;
    const near = active > 0 && Math.abs(seen / (target * active) - 1) <= tolerance;
    const now = near ? active : Math.ceil(seen / target);
    wanted.push({ at: agenda.now, replicas: now });
    const recent = wanted.filter(({ at }) => at >= agenda.now - scaleDownAfter);
    const chosen = now >= active ? now : Math.min(active, Math.max(...recent.map(({ replicas }) => replicas)));
    const aim = Math.min(most, Math.max(min, chosen));
    for (let missing = aim - active; missing > 0; missing--) start();
    for (let tooMany = active - aim; tooMany > 0; tooMany--) {
      const last = starts.pop();
      if (last === undefined) close();
      else last.givenUp = true;
    }
  };

  const start = (): void => {
    const one = { givenUp: false };
    starts.push(one);
    agenda.after(coldStart, () => {
      if (one.givenUp) return;
      starts = starts.filter((other) => other !== one);
      open();
    });
  };

  const look = (period: number): void => {
    agenda.at(period * every - lag, () => {
      const seen = metric();
      agenda.after(lag, () => decide(seen));
      look(period + 1);
    });
  };
  look(Math.max(1, Math.ceil(lag / every)));
  return () => starts.length > 0;
}
