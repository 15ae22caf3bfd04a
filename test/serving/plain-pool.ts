/**
 * A second reading of what a pool does with its attempts and its replicas, in the plainest style there is: one list of events, an object
 * for each thing, closures everywhere, and no care for speed. Nothing is random. It shares no code with the engine, so that a mistake
 * would have to be made twice to stay unseen. All times are in seconds.
 */

export interface PlainTracking {
  readonly target: number;
  readonly every: number;
  readonly lag: number;
  readonly tolerance: number;
  readonly scaleDownAfter: number;
}

export interface PlainPoolSettings {
  readonly servers: number;
  readonly service: number;
  readonly min: number;
  /** Only with `tracking` above `min`. */
  readonly max: number;
  readonly routing: "leastOutstanding" | "roundRobin";
  readonly order: "fifo" | "lifo" | "priority" | "shortestPromptFirst";
  readonly capacity?: { readonly places: number; readonly normal: number; readonly low: number } | undefined;
  readonly bound?: { readonly maxWait: number } | { readonly target: number; readonly interval: number } | undefined;
  readonly concurrency: { readonly perReplica?: number | undefined; readonly total?: number | undefined };
  readonly onCancel: "finish" | "abort";
  /** By name, in the order in which a start passes through them; those that take no time are left out. */
  readonly phases: readonly { readonly name: string; readonly seconds: number }[];
  readonly warm?: { readonly size: number; readonly resume: number } | undefined;
  readonly deadline?: number | undefined;
  readonly tracking?: PlainTracking | undefined;
  readonly stockOut?: { readonly at: readonly number[]; readonly lasts: number; readonly effect: "wait" | "fail" } | undefined;
  /** Of the only zone. */
  readonly zoneLoss?: { readonly at: readonly number[]; readonly lasts: number } | undefined;
}

export interface PlainArrival {
  readonly at: number;
  readonly prompt: number;
  readonly priority: "high" | "normal" | "low";
  readonly leavesAt?: number | undefined;
}

type PlainEnding = "finished" | "shed" | "failed" | "dropped";

export interface PlainRun {
  /** Endings in the order in which they were told. */
  readonly ends: readonly { readonly visit: number; readonly ending: PlainEnding; readonly at: number }[];
  /** Replica-seconds by state. */
  readonly seconds: Readonly<Record<string, number>>;
}

interface Attempt {
  readonly visit: number;
  readonly sentAt: number;
  readonly prompt: number;
  readonly importance: number;
  /** Its client has left. */
  left: boolean;
  over: boolean;
}

interface Replica {
  state: string;
  since: number;
  readonly line: Attempt[];
  readonly served: Attempt[];
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

  run(until: number): void {
    for (;;) {
      this.due.sort((a, b) => a.time - b.time || a.nth - b.nth);
      if (this.due.length === 0 || this.due[0].time > until) break;
      const { time, what } = this.due.shift()!;
      this.now = time;
      what();
    }
    this.now = until;
  }
}

/** Sends the attempts to a pool and runs it up to a moment, which is included. */
export function playPoolPlainly(given: PlainPoolSettings, arrivals: readonly PlainArrival[], until: number): PlainRun {
  const agenda = new Agenda();
  const ends: { visit: number; ending: PlainEnding; at: number }[] = [];
  const end = (attempt: Attempt, ending: PlainEnding): void => {
    attempt.over = true;
    ends.push({ visit: attempt.visit, ending, at: agenda.now });
  };
  const everyone: Replica[] = [];
  const ready: Replica[] = [];
  const seconds: Record<string, number> = {};
  const enter = (one: Replica, state: string): void => {
    seconds[one.state] = (seconds[one.state] ?? 0) + agenda.now - one.since;
    one.state = state;
    one.since = agenda.now;
  };
  const queue = admit(agenda, given, ready, everyone, end, (one) => enter(one, "gone"));
  const fleet = keep(agenda, given, ready, everyone, enter, queue);
  if (given.tracking !== undefined) track(agenda, given.tracking, given, queue.present, fleet);
  arrivals.forEach(({ at, prompt, priority, leavesAt }, visit) => {
    const importance = ["low", "normal", "high"].indexOf(priority);
    let attempt: Attempt | undefined;
    agenda.at(at, () => queue.send((attempt = { visit, sentAt: at, prompt, importance, left: false, over: false })));
    if (leavesAt === undefined) return;
    agenda.at(leavesAt, () => {
      if (attempt !== undefined && !attempt.over) queue.leave(attempt);
    });
  });
  agenda.run(until);
  for (const one of everyone) enter(one, one.state);
  return { ends, seconds };
}

interface Queue {
  send(attempt: Attempt): void;
  /** Its client leaves. */
  leave(attempt: Attempt): void;
  /** Those held go to replicas while that is possible. */
  place(): void;
  /** Everything at these replicas fails. */
  lose(replicas: readonly Replica[]): void;
  /** Attempts queued and running. */
  present(): number;
}

/** Who is served where and when: a line before each replica, and one of those who are held in the pool. */
function admit(
  agenda: Agenda,
  given: PlainPoolSettings,
  ready: readonly Replica[],
  everyone: readonly Replica[],
  end: (attempt: Attempt, ending: PlainEnding) => void,
  emptied: (replica: Replica) => void,
): Queue {
  const { servers, service } = given;
  const { perReplica = Infinity, total = Infinity } = given.concurrency;
  const held: Attempt[] = [];
  /** Position of the replica whose turn was last. */
  let turn = -1;
  /** When somebody last began in time, or found nobody waiting. */
  let promptAt = 0;

  /** Whoever has finished counts towards the total until the next in line is served. */
  let finishing = 0;

  const atReplicas = (): number => finishing + sum(everyone.map(outstanding));
  const waiting = (): number => held.length + sum(everyone.map(({ line }) => line.length));
  /** Who takes an attempt now. It is a replica's turn also when it cannot. */
  const route = (): Replica | undefined => {
    if (ready.length === 0 || atReplicas() >= total) return undefined;
    const fewest = leastBusy(ready);
    turn = (turn + 1) % ready.length;
    const chosen = given.routing === "roundRobin" ? ready[turn] : fewest;
    return [chosen, fewest].find((one) => outstanding(one) < perReplica);
  };

  const serve = (on: Replica, attempt: Attempt): void => {
    on.served.push(attempt);
    if (given.bound !== undefined && "target" in given.bound && agenda.now - attempt.sentAt <= given.bound.target) promptAt = agenda.now;
    agenda.after(service, () => {
      if (!remove(on.served, attempt)) return;
      finishing = 1;
      serveNext(on);
      finishing = 0;
      depart(on);
      end(attempt, "finished");
    });
  };

  const serveNext = (on: Replica): void => {
    while (on.served.length < servers && on.line.length > 0) {
      const next = first(on.line, given.order);
      remove(on.line, next);
      if (!next.left) serve(on, next);
      else {
        depart(on);
        end(next, "dropped");
      }
    }
  };

  /** Somebody is no longer at this replica. */
  const depart = (from: Replica): void => {
    if (from.state === "draining" && outstanding(from) === 0) emptied(from);
    place();
  };

  const place = (): void => {
    while (held.length > 0) {
      const next = first(held, given.order);
      const on = next.left ? undefined : route();
      if (on === undefined && !next.left) return;
      remove(held, next);
      if (on === undefined) {
        end(next, "dropped");
        continue;
      }
      on.line.push(next);
      serveNext(on);
    }
  };

  const longest = (): number | undefined => {
    const { bound } = given;
    if (bound === undefined || "maxWait" in bound) return bound?.maxWait;
    if (waiting() === 0) promptAt = agenda.now;
    return agenda.now - promptAt > bound.interval ? bound.target : bound.interval;
  };

  const mayWait = ({ importance }: Attempt): boolean => {
    if (given.capacity === undefined) return true;
    const { places, low, normal } = given.capacity;
    return waiting() < Math.floor(places * [low, normal, 1][importance]);
  };

  /** Takes a waiting attempt out of its line; whether it was in one. */
  const withdraw = (attempt: Attempt): boolean => {
    if (remove(held, attempt)) return true;
    const from = everyone.find(({ line }) => remove(line, attempt));
    if (from === undefined) return false;
    depart(from);
    return true;
  };

  return {
    place,
    present: () => held.length + atReplicas(),
    send(attempt) {
      const on = held.length === 0 ? route() : undefined;
      if (on !== undefined && on.served.length < servers) return serve(on, attempt);
      if (!mayWait(attempt)) return end(attempt, "shed");
      const wait = longest();
      (on?.line ?? held).push(attempt);
      if (wait === undefined) return;
      agenda.after(wait, () => {
        if (withdraw(attempt)) end(attempt, "shed");
      });
    },
    leave(attempt) {
      attempt.left = true;
      if (given.onCancel === "finish") return;
      const on = everyone.find(({ served }) => remove(served, attempt));
      if (on === undefined) withdraw(attempt);
      else {
        serveNext(on);
        depart(on);
      }
      end(attempt, "dropped");
    },
    lose(replicas) {
      const lost = replicas.map(({ line, served }) => [...line.splice(0), ...served.splice(0)].sort((a, b) => a.visit - b.visit));
      if (lost.flat().length > 0) place();
      for (const attempt of lost.flat()) end(attempt, "failed");
    },
  };
}

interface Fleet {
  /** Replicas that are ready or on their way to it. */
  active(): number;
  scaleTo(replicas: number): void;
}

/** Which replicas there are, and what each is doing. */
function keep(
  agenda: Agenda,
  given: PlainPoolSettings,
  ready: Replica[],
  everyone: Replica[],
  enter: (replica: Replica, state: string) => void,
  queue: Queue,
): Fleet {
  const { phases, warm = { size: 0, resume: 0 }, stockOut, zoneLoss, deadline } = given;
  const starting: Replica[] = [];
  const refilling: Replica[] = [];
  const pooled: Replica[] = [];
  const out = { stock: false, zone: false };
  /** What was decided last. */
  let wanted = given.min;

  const create = (state: string): Replica => {
    const one = { state, since: agenda.now, line: [], served: [] };
    everyone.push(one);
    return one;
  };

  /** Goes through states one after the other, at least one, unless something else becomes of the replica on the way. */
  const passThrough = (one: Replica, [next, ...rest]: PlainPoolSettings["phases"], then: () => void): void => {
    enter(one, next.name);
    agenda.after(next.seconds, () => {
      if (one.state !== next.name) return;
      if (rest.length > 0) passThrough(one, rest, then);
      else then();
    });
  };

  const open = (one: Replica): void => {
    remove(starting, one);
    enter(one, "ready");
    ready.push(one);
    queue.place();
  };

  const begin = (one: Replica): void =>
    passThrough(one, phases.length > 0 ? phases : [{ name: "warming", seconds: 0 }], () => {
      if (!remove(refilling, one)) return open(one);
      enter(one, "warm");
      pooled.push(one);
    });

  /** A new replica, when there is a machine for it. */
  const launch = (list: Replica[]): void => {
    if (out.stock && stockOut?.effect === "fail") return;
    const one = create("requested");
    list.push(one);
    if (!out.stock && !out.zone) begin(one);
  };

  const refill = (): void => {
    for (let missing = warm.size - pooled.length - refilling.length; missing > 0; missing--) launch(refilling);
  };

  const start = (): void => {
    const one = pooled.shift();
    if (one === undefined) return launch(starting);
    starting.push(one);
    passThrough(one, [{ name: "resuming", seconds: warm.resume }], () => open(one));
    refill();
  };

  const close = (): void => {
    const last = starting.pop();
    if (last !== undefined) return enter(last, "gone");
    const one = leastBusy(ready);
    remove(ready, one);
    enter(one, outstanding(one) === 0 ? "gone" : "draining");
    if (deadline === undefined || one.state === "gone") return;
    agenda.after(deadline, () => {
      if (one.state !== "draining") return;
      enter(one, "gone");
      queue.lose([one]);
    });
  };

  const restock = (): void => {
    for (const one of everyone) if (one.state === "requested" && !out.stock && !out.zone) begin(one);
    for (let missing = wanted - ready.length - starting.length; missing > 0; missing--) start();
    refill();
  };

  const loseZone = (): void => {
    const lost = everyone.filter(({ state }) => state !== "gone" && state !== "requested");
    const missing = lost.filter((one) => ready.includes(one) || starting.includes(one)).length;
    for (const one of lost) {
      enter(one, "gone");
      for (const list of [ready, starting, refilling, pooled]) remove(list, one);
    }
    for (let i = 0; i < missing; i++) start();
    refill();
    queue.lose(lost);
  };

  /** Outages one after the other; those that touch are one. */
  const suffer = (which: keyof typeof out, { at, lasts }: { at: readonly number[]; lasts: number }, begun: () => void): void => {
    let next = 0;
    const over = (): void => {
      if (at[next] === agenda.now) {
        next++;
        return agenda.after(lasts, over);
      }
      out[which] = false;
      plan();
      restock();
    };
    const plan = (): void => {
      if (next === at.length) return;
      agenda.at(at[next++], () => {
        out[which] = true;
        agenda.after(lasts, over);
        begun();
      });
    };
    plan();
  };

  for (let i = 0; i < given.min; i++) ready.push(create("ready"));
  for (let i = 0; i < warm.size; i++) pooled.push(create("warm"));
  if (stockOut !== undefined) suffer("stock", stockOut, () => {});
  if (zoneLoss !== undefined) suffer("zone", zoneLoss, loseZone);

  return {
    active: () => ready.length + starting.length,
    scaleTo(replicas) {
      wanted = replicas;
      const active = ready.length + starting.length;
      for (let missing = replicas - active; missing > 0; missing--) start();
      for (let tooMany = active - replicas; tooMany > 0; tooMany--) close();
    },
  };
}

/** Target tracking on concurrency: every period a decision, on what was seen `lag` earlier. */
function track(
  agenda: Agenda,
  { target, every, lag, tolerance, scaleDownAfter }: PlainTracking,
  { min, max }: Pick<PlainPoolSettings, "min" | "max">,
  present: () => number,
  fleet: Fleet,
): void {
  const seen: number[] = [];
  const wanted: { at: number; replicas: number }[] = [];
  const firstAt = every * Math.max(1, Math.ceil(lag / every));
  const look = (): void => {
    seen.push(present());
    agenda.after(every, look);
  };
  const decide = (): void => {
    const load = seen.shift()!;
    const active = fleet.active();
    const near = active > 0 && Math.abs(load / (target * active) - 1) <= tolerance;
    const now = near ? active : Math.ceil(load / target);
    // Before the first decision, what there was is what was wanted.
    if (wanted.length === 0) wanted.push({ at: agenda.now - every, replicas: active });
    wanted.push({ at: agenda.now, replicas: now });
    const recent = wanted.filter(({ at }) => at >= agenda.now - scaleDownAfter).map(({ replicas }) => replicas);
    const aim = now >= active ? now : Math.min(active, Math.max(...recent));
    fleet.scaleTo(Math.min(max, Math.max(min, aim)));
    agenda.after(every, decide);
  };
  agenda.at(firstAt - lag, look);
  agenda.at(firstAt, decide);
}

/** Who is next in a line, whose attempts stand in the order in which they joined. */
function first(line: readonly Attempt[], order: PlainPoolSettings["order"]): Attempt {
  switch (order) {
    case "fifo":
      return line[0];
    case "lifo":
      return line[line.length - 1];
    case "priority":
      return line.find(({ importance }) => importance === Math.max(...line.map((one) => one.importance)))!;
    case "shortestPromptFirst":
      return line.find(({ prompt }) => prompt === Math.min(...line.map((one) => one.prompt)))!;
  }
}

function outstanding({ line, served }: Replica): number {
  return line.length + served.length;
}

/** The first of those with the fewest attempts. */
function leastBusy(replicas: readonly Replica[]): Replica {
  const least = Math.min(...replicas.map(outstanding));
  return replicas.find((one) => outstanding(one) === least)!;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** Takes it out; whether it was there. */
function remove<T>(from: T[], what: T): boolean {
  const at = from.indexOf(what);
  if (at >= 0) from.splice(at, 1);
  return at >= 0;
}
