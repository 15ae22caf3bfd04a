/**
 * A second reading of the contract: the whole path from the client to a server and back, in the plainest style there is. One list
 * of events, an object for each thing, closures everywhere, and no care for speed. Nothing is random. It shares no code with the
 * engine, so that a mistake would have to be made twice to stay unseen. All times are in seconds.
 */
import type { Outcome } from "../../src/traffic/outcome.ts";

export interface PlainRequest {
  readonly at: number;
  readonly input: number;
  readonly output: number;
}

interface PlainClient {
  readonly ttft?: number | undefined;
  readonly total?: number | undefined;
  readonly attemptTtft?: number | undefined;
  readonly attemptTotal?: number | undefined;
  readonly attempts: number;
  readonly backoff: { readonly base: number; readonly factor: number; readonly max: number };
  readonly retryAfterMax: number;
  readonly budget?: { readonly share: number; readonly burst: number } | undefined;
}

export interface PlainClass {
  readonly name: string;
  readonly requests: readonly PlainRequest[];
  readonly maxOutput?: number | undefined;
  readonly cache?: { readonly name: string; readonly latency: number; readonly hits: boolean } | undefined;
  /** Names of targets, asked in this order. */
  readonly first: readonly string[];
  readonly client: PlainClient;
}

interface PlainElastic {
  readonly min: number;
  readonly coldStart: number;
  readonly metric: "concurrency" | "queueLength";
  readonly target: number;
  readonly every: number;
  readonly lag: number;
  readonly tolerance: number;
  readonly scaleDownAfter: number;
}

export interface PlainPool {
  readonly name: string;
  readonly kind: "pool";
  readonly servers: number;
  readonly service: number;
  readonly replicas: number;
  readonly routing: "roundRobin" | "leastOutstanding";
  readonly capacity?: number | undefined;
  readonly maxWait?: number | undefined;
  readonly onCancel: "finish" | "abort";
  /** With it, `replicas` is the most there may be. */
  readonly elastic?: PlainElastic | undefined;
}

export interface PlainProvider {
  readonly name: string;
  readonly kind: "provider";
  readonly ttft: number;
  readonly tpot: number;
  readonly fails: boolean;
  readonly limits?:
    | { readonly rpm?: number | undefined; readonly tpm?: number | undefined; readonly burst: number; readonly retryAfter: boolean }
    | undefined;
}

export interface PlainSystem {
  readonly horizon: number;
  readonly classes: readonly PlainClass[];
  readonly targets: readonly (PlainPool | PlainProvider)[];
}

/** What became of a request; `ttft` and `total` from its arrival, undefined where the moment never came. */
export interface PlainFate {
  readonly className: string;
  readonly arrivedAt: number;
  outcome: Outcome;
  servedBy: string | undefined;
  attempts: number;
  ttft: number | undefined;
  total: number | undefined;
}

export interface PlainMeter {
  calls: number;
  throttled: number;
  inputTokens: number;
  outputTokens: number;
}

interface Attempt {
  readonly input: number;
  readonly output: number;
  firstTokenAt: number | undefined;
  /** Its client has left. */
  left: boolean;
  firstToken(): void;
  /** @param retryAfter seconds; 0 when the target does not say */
  ended(ending: "finished" | "shed" | "throttled" | "failed", retryAfter?: number): void;
}

interface Target {
  send(attempt: Attempt): void;
  abandon(attempt: Attempt): void;
}

/** What is due, first by time, then by who was first to say so. */
class Agenda {
  now = 0;
  private said = 0;
  private readonly due: { time: number; nth: number; what: () => void }[] = [];

  at(time: number, what: () => void): void {
    this.due.push({ time, nth: this.said++, what });
  }

  after(delay: number, what: () => void): void {
    this.at(this.now + delay, what);
  }

  /** What is due at `until` itself comes after the run. */
  run(until: number): void {
    for (;;) {
      this.due.sort((a, b) => a.time - b.time || a.nth - b.nth);
      if (this.due.length === 0 || this.due[0].time >= until) return;
      const { time, what } = this.due.shift()!;
      this.now = time;
      what();
    }
  }
}

/** Runs the system to its horizon. Fates are in order of arrival. */
export function playPlainly(system: PlainSystem): { fates: PlainFate[]; meters: Record<string, PlainMeter> } {
  const agenda = new Agenda();
  const fates: PlainFate[] = [];
  const meters: Record<string, PlainMeter> = {};
  const targets = new Map<string, Target>();
  for (const given of system.targets) {
    if (given.kind === "pool") targets.set(given.name, pool(agenda, given));
    else
      targets.set(given.name, provider(agenda, given, (meters[given.name] = { calls: 0, throttled: 0, inputTokens: 0, outputTokens: 0 })));
  }
  for (const given of system.classes) {
    const budget = retryBudget(given.client.budget);
    const arrive = (nth: number): void => {
      if (nth === given.requests.length) return;
      agenda.at(given.requests[nth].at, () => {
        const fate: PlainFate = {
          className: given.name,
          arrivedAt: agenda.now,
          outcome: "unfinished",
          servedBy: undefined,
          attempts: 0,
          ttft: undefined,
          total: undefined,
        };
        fates.push(fate);
        arrive(nth + 1);
        ask(agenda, given, given.requests[nth], targets, budget, fate);
      });
    };
    arrive(0);
  }
  agenda.run(system.horizon);
  return { fates, meters };
}

interface Budget {
  earn(): void;
  /** Whether a retry may be made; it is then paid for. */
  spend(): boolean;
}

/** Full at the start; a first call earns its share of a retry, a retry costs one. */
function retryBudget(given: PlainClient["budget"]): Budget {
  if (given === undefined) return { earn() {}, spend: () => true };
  let saved = given.burst;
  return {
    earn() {
      saved = Math.min(given.burst, saved + given.share);
    },
    spend() {
      if (saved < 1) return false;
      saved--;
      return true;
    },
  };
}

/** One request, from its arrival to its end. */
function ask(
  agenda: Agenda,
  { cache, first, client, maxOutput = Infinity }: PlainClass,
  { input, output }: PlainRequest,
  targets: ReadonlyMap<string, Target>,
  budget: Budget,
  fate: PlainFate,
): void {
  const arrivedAt = agenda.now;
  let over = false;
  let calls = 0;
  let current: { attempt: Attempt; target: Target } | undefined;
  /** What the last attempt has ended in. */
  let verdict: Outcome = "timedOut";
  /** The first moment at which a target of this call would be tried again, if one said so. */
  let comeBackAt = Infinity;

  const end = (outcome: Outcome): void => {
    over = true;
    fate.outcome = outcome;
    fate.total = agenda.now - arrivedAt;
  };
  const leave = (): void => {
    if (current === undefined) return;
    const { attempt, target } = current;
    current = undefined;
    attempt.left = true;
    fate.ttft = undefined;
    target.abandon(attempt);
  };
  const giveUp = (): void => {
    // Patience may end in a back-off; only after a 429 is that not called a time-out.
    const throttled = current === undefined && verdict === "throttled";
    leave();
    end(throttled ? "throttled" : "timedOut");
  };

  const call = (): void => {
    calls++;
    comeBackAt = Infinity;
    askTarget(0);
  };

  const askTarget = (stage: number): void => {
    if (stage === first.length) return backOff();
    const target = targets.get(first[stage])!;
    const attempt: Attempt = {
      input,
      output: Math.min(output, maxOutput),
      firstTokenAt: undefined,
      left: false,
      firstToken() {
        attempt.firstTokenAt = agenda.now;
        if (!attempt.left) fate.ttft = agenda.now - arrivedAt;
      },
      ended(ending, after = 0) {
        if (attempt.left) return;
        current = undefined;
        if (ending === "finished") {
          fate.servedBy = first[stage];
          end("served");
          return;
        }
        verdict = ending;
        if (after > 0 && after <= client.retryAfterMax) comeBackAt = Math.min(comeBackAt, agenda.now + after);
        askTarget(stage + 1);
      },
    };
    const tooLong = (): void => {
      if (attempt.left || current?.attempt !== attempt) return;
      leave();
      verdict = "timedOut";
      // The first token that it had counts no longer; if the time for one is up, so is the request's.
      if (agenda.now - arrivedAt >= (client.ttft ?? Infinity)) end("timedOut");
      else askTarget(stage + 1);
    };
    fate.attempts++;
    current = { attempt, target };
    if (client.attemptTtft !== undefined)
      agenda.after(client.attemptTtft, () => {
        if (attempt.firstTokenAt === undefined) tooLong();
      });
    if (client.attemptTotal !== undefined) agenda.after(client.attemptTotal, tooLong);
    target.send(attempt);
  };

  /** No target has answered this call. */
  const backOff = (): void => {
    if (calls === client.attempts || !budget.spend()) return end(verdict);
    const { base, factor, max } = client.backoff;
    const wait = Math.min(max, base * factor ** (calls - 1));
    agenda.at(Math.max(agenda.now + wait, comeBackAt < Infinity ? comeBackAt : 0), () => {
      if (!over) call();
    });
  };

  if (client.ttft !== undefined)
    agenda.after(client.ttft, () => {
      if (!over && current?.attempt.firstTokenAt === undefined) giveUp();
    });
  if (client.total !== undefined)
    agenda.after(client.total, () => {
      if (!over) giveUp();
    });

  const firstCall = (): void => {
    budget.earn();
    call();
  };
  const lookedUp = (): void => {
    if (over) return;
    if (cache === undefined || !cache.hits) return firstCall();
    fate.servedBy = cache.name;
    fate.ttft = agenda.now - arrivedAt;
    end("served");
  };
  if (cache === undefined || cache.latency === 0) lookedUp();
  else agenda.after(cache.latency, lookedUp);
}

interface Replica {
  readonly line: Attempt[];
  readonly served: Attempt[];
}

/** Replicas with some servers each, a line before each replica, and one line of those who found no replica ready. */
function pool(agenda: Agenda, given: PlainPool): Target {
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
    agenda.after(service, () => {
      if (!remove(on.served, attempt)) return;
      serveNext(on);
      attempt.firstToken();
      attempt.ended("finished");
    });
  };

  const serveNext = (on: Replica): void => {
    while (on.served.length < servers && on.line.length > 0) {
      const next = on.line.shift()!;
      if (!next.left) serve(on, next);
    }
  };

  if (elastic !== undefined) {
    scale(agenda, elastic, given.replicas, {
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

/** Target tracking, as its settings describe it; a decision is made every period, on what the metric was `lag` earlier. */
function scale(agenda: Agenda, given: PlainElastic, most: number, { metric, ready, open, close }: Scaled): void {
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
}

/** A hosted API: what it takes it generates and bills to the end. */
function provider(agenda: Agenda, { ttft, tpot, fails, limits }: PlainProvider, meter: PlainMeter): Target {
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
      if (fails) return agenda.after(ttft, () => attempt.ended("failed"));
      meter.inputTokens += attempt.input;
      meter.outputTokens += attempt.output;
      agenda.after(ttft, () => attempt.firstToken());
      agenda.after(ttft + (attempt.output - 1) * tpot, () => attempt.ended("finished"));
    },
    abandon() {},
  };
}

/** Takes it out; whether it was there. */
function remove<T>(from: T[], what: T): boolean {
  const at = from.indexOf(what);
  if (at >= 0) from.splice(at, 1);
  return at >= 0;
}
