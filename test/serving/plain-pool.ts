/**
 * A second reading of what a pool does with its attempts and its replicas, in the plainest style there is: one list of events, an object
 * for each thing, closures everywhere, and no care for speed. Nothing is random. It shares no code with the engine, so that a mistake
 * would have to be made twice to stay unseen. All times are in seconds.
 */

export interface PlainTracking {
  readonly metric: "concurrency" | "queueLength";
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
  /** Replicas beyond `min` that there may be; none without `tracking`. */
  readonly more: number;
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
  readonly incidents: readonly PlainIncident[];
}

/** Something that befalls the `nth` replica, counted round: of those that are ready a crash, of those that have a machine an interruption. */
interface PlainIncident {
  readonly at: number;
  readonly kind: "crash" | "interruption";
  readonly nth: number;
  /** Of an interruption. */
  readonly notice: number;
}

export interface PlainArrival {
  readonly at: number;
  readonly prompt: number;
  readonly priority: "high" | "normal" | "low";
  readonly leavesAt?: number | undefined;
  /** Whether another like it, which does not leave, is sent the moment it has ended without being dropped; that is numbered behind all. */
  readonly again: boolean;
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
  /** Position among all that were sent. */
  readonly nth: number;
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
  let sent = 0;
  const sendNew = (visit: number, { prompt, priority }: PlainArrival): Attempt => {
    const importance = ["low", "normal", "high"].indexOf(priority);
    const attempt = { visit, sentAt: agenda.now, nth: sent++, prompt, importance, left: false, over: false };
    queue.send(attempt);
    return attempt;
  };
  const end = (attempt: Attempt, ending: PlainEnding): void => {
    const { visit } = attempt;
    attempt.over = true;
    ends.push({ visit, ending, at: agenda.now });
    if (ending !== "dropped" && arrivals[visit]?.again) sendNew(visit + arrivals.length, arrivals[visit]);
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
  if (given.tracking !== undefined) track(agenda, given.tracking, given, queue, fleet);
  for (const incident of given.incidents) agenda.at(incident.at, () => fleet.suffer(incident));
  arrivals.forEach((arrival, visit) => {
    const { at, leavesAt } = arrival;
    let attempt: Attempt | undefined;
    agenda.at(at, () => (attempt = sendNew(visit, arrival)));
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
  /** Everything at these replicas is lost at once, and whoever sent it is told afterwards. */
  lose(replicas: readonly Replica[]): void;
  /** Attempts queued and running, or only queued. */
  concurrency(): number;
  queueLength(): number;
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
    const fewest = least(ready, outstanding);
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
    concurrency: () => held.length + atReplicas(),
    queueLength: waiting,
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
      const lost = replicas.flatMap(({ line, served }) => [...line.splice(0), ...served.splice(0)]);
      if (lost.length > 0) place();
      for (const attempt of lost.sort((a, b) => a.nth - b.nth)) end(attempt, "failed");
    },
  };
}

interface Fleet {
  /** Replicas that are ready or on their way to it. */
  active(): number;
  scaleTo(replicas: number): void;
  suffer(incident: PlainIncident): void;
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

  const begin = (one: Replica, through = phases): void =>
    passThrough(one, through.length > 0 ? through : [{ name: "warming", seconds: 0 }], () => {
      if (!remove(refilling, one)) return open(one);
      enter(one, "warm");
      pooled.push(one);
      // One that waits for a machine gives way to one that is there.
      const waits = starting.find(({ state }) => state === "requested");
      if (waits === undefined) return;
      remove(starting, waits);
      enter(waits, "gone");
      replace();
    });

  /** A new replica, when there is a machine for it. */
  const launch = (list: Replica[]): void => {
    // What is not started now is asked for again at the next decision, or when there are machines.
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
  };

  const close = (): void => {
    const last = starting.pop();
    if (last !== undefined) return enter(last, "gone");
    drain(least(ready, outstanding), deadline);
  };

  const drain = (one: Replica, within: number | undefined): void => {
    remove(ready, one);
    enter(one, outstanding(one) === 0 ? "gone" : "draining");
    if (within !== undefined) agenda.after(within, () => breakOff(one));
  };

  const breakOff = (one: Replica): void => {
    if (one.state !== "draining") return;
    enter(one, "gone");
    queue.lose([one]);
  };

  const replace = (): void => {
    for (let missing = wanted - ready.length - starting.length; missing > 0; missing--) start();
    refill();
  };

  const restock = (): void => {
    for (const one of everyone) if (one.state === "requested" && !out.stock && !out.zone) begin(one);
    replace();
  };

  const lose = (lost: readonly Replica[]): void => {
    for (const one of lost) {
      enter(one, "gone");
      for (const list of [ready, starting, refilling, pooled]) remove(list, one);
    }
    replace();
    queue.lose(lost);
  };

  const withMachine = (): Replica[] => everyone.filter(({ state }) => state !== "gone" && state !== "requested");

  const interrupt = (one: Replica, notice: number): void => {
    if (one.state === "draining") return agenda.after(notice, () => breakOff(one));
    if (one.state !== "ready") return lose([one]);
    drain(one, notice);
    replace();
  };

  /** Node and image are still there, and what the first start left on it. */
  const crash = (one: Replica): void => {
    remove(ready, one);
    starting.push(one);
    begin(
      one,
      phases.filter(({ name }) => name !== "provisioning" && name !== "pulling"),
    );
    queue.lose([one]);
  };

  /** Outages one after the other; those that touch are one. */
  const endure = (which: keyof typeof out, { at, lasts }: { at: readonly number[]; lasts: number }, begun: () => void): void => {
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
  if (stockOut !== undefined) endure("stock", stockOut, () => {});
  if (zoneLoss !== undefined) endure("zone", zoneLoss, () => lose(withMachine()));

  return {
    active: () => ready.length + starting.length,
    scaleTo(replicas) {
      wanted = replicas;
      const active = ready.length + starting.length;
      for (let missing = replicas - active; missing > 0; missing--) start();
      for (let tooMany = active - replicas; tooMany > 0; tooMany--) close();
      refill();
    },
    suffer({ kind, nth, notice }) {
      const candidates = kind === "crash" ? ready : withMachine();
      if (candidates.length === 0) return;
      const one = candidates[nth % candidates.length];
      if (kind === "crash") crash(one);
      else interrupt(one, notice);
    },
  };
}

/** Target tracking: every period a decision, on what was seen `lag` earlier. */
function track(
  agenda: Agenda,
  { metric, target, every, lag, tolerance, scaleDownAfter }: PlainTracking,
  { min, more }: Pick<PlainPoolSettings, "min" | "more">,
  queue: Queue,
  fleet: Fleet,
): void {
  const seen: number[] = [];
  const wanted: { at: number; replicas: number }[] = [];
  const firstAt = every * Math.max(1, Math.ceil(lag / every));
  const look = (): void => {
    seen.push(queue[metric]());
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
    fleet.scaleTo(Math.min(min + more, Math.max(min, aim)));
    agenda.after(every, decide);
  };
  agenda.at(firstAt - lag, look);
  agenda.at(firstAt, decide);
}

/** Who is next in a line, whose attempts stand in the order in which they joined. */
function first(line: readonly Attempt[], order: PlainPoolSettings["order"]): Attempt {
  const keys: Record<typeof order, (attempt: Attempt, position: number) => number> = {
    fifo: () => 0,
    lifo: (_, position) => -position,
    priority: ({ importance }) => -importance,
    shortestPromptFirst: ({ prompt }) => prompt,
  };
  return least(line, keys[order]);
}

function outstanding({ line, served }: Replica): number {
  return line.length + served.length;
}

/** The first of those with the smallest key. */
function least<T>(of: readonly T[], key: (one: T, position: number) => number): T {
  const keys = of.map(key);
  return of[keys.indexOf(Math.min(...keys))];
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
