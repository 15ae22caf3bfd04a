import type { Measurement } from "../kernel/level.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { resized } from "../kernel/slots.ts";
import { causeCode } from "../traffic/cause.ts";
import { none } from "../traffic/requests.ts";
import type { AttemptListener, Ending, Target } from "../traffic/target.ts";
import { Admission } from "./admission/admission.ts";
import { lineOrders } from "./admission/orders/registry.ts";
import type { WaitingLine } from "./admission/waiting-line.ts";
import { exceedsReplica } from "./exceeds-replica.ts";
import { ColdStart } from "./fleet/cold-start.ts";
import { Fleet } from "./fleet/fleet.ts";
import type { Member } from "./fleet/member.ts";
import { scaleBy, withinBounds } from "./fleet/scaling-loop.ts";
import { createScaler } from "./fleet/scaling/registry.ts";
import type { ScalingContext } from "./fleet/scaling/scaler.ts";
import type { PoolSettings } from "./pool-settings.ts";
import { poolView } from "./pool-view.ts";
import { createReplica } from "./replica/create-replica.ts";
import type { Replica, ReplicaListener } from "./replica/replica.ts";
import type { Sequences } from "./replica/sequences.ts";
import { FreshView } from "./routing/fresh-view.ts";
import { createRouter } from "./routing/registry.ts";
import type { ReplicasView, Router } from "./routing/router.ts";
import { StaleView } from "./routing/stale-view.ts";
import { Stays } from "./stays.ts";

/** Where an attempt is that the pool does not have. */
const elsewhere = -2;

/**
 * Replicas behind one router with one admission rule. An attempt is routed when it arrives and waits at its replica; while no
 * replica is ready, or all have as many attempts as they may, it is held in the pool. The queue's capacity and longest wait count
 * over both.
 */
export class Pool implements Target {
  readonly name: string;
  readonly settings: PoolSettings;
  readonly fleet: Fleet;
  readonly stays: Stays;
  /** Attempts that wait for their first iteration. */
  waiting = 0;
  /** Attempts refused because no replica could ever hold them. */
  oversized = 0;
  /** Attempts that failed with their replica. */
  lost = 0;
  /** Replica-seconds spent on attempts that had gone on from here to another pool when their clients left. */
  wastedAfterwards = 0;
  private readonly simulation: Simulation;
  private readonly sequences: Sequences;
  private readonly listener: AttemptListener;
  private readonly admission: Admission;
  private readonly route: Router;
  private readonly replicas = new FreshView();
  /** The replicas as the router sees them. */
  private readonly seen: ReplicasView;
  private readonly held: WaitingLine;
  private readonly mostPerReplica: number;
  private readonly mostAtReplicas: number;
  /** Number of the member that has the attempt; `none` while the pool holds it, `elsewhere` unless it is here. */
  private memberOf = new Int32Array(0);

  /** @param future the requests to come, for a policy that knows them */
  constructor(
    name: string,
    simulation: Simulation,
    sequences: Sequences,
    settings: PoolSettings,
    streams: Streams,
    measurement: Measurement,
    listener: AttemptListener,
    future: ScalingContext["future"],
  ) {
    const { attempts, lines } = sequences;
    this.name = name;
    this.simulation = simulation;
    this.sequences = sequences;
    this.settings = settings;
    this.listener = listener;
    this.stays = new Stays(attempts, measurement);
    this.mostPerReplica = settings.concurrency.perReplica ?? Infinity;
    this.mostAtReplicas = settings.concurrency.total ?? Infinity;
    const order = lineOrders[settings.queue.order];
    this.held = order.create(lines);
    const stillWaits = (attempt: number, serial: number): boolean =>
      attempts.serial[attempt] === serial && this.memberOf[attempt] !== elsewhere && sequences.started[attempt] === 0;
    this.admission = new Admission(simulation, settings.queue, stillWaits, (attempt) => this.shedWaiting(attempt));
    attempts.onResize((capacity) => {
      this.memberOf = resized(this.memberOf, capacity).fill(elsewhere, this.memberOf.length);
    });

    const told: ReplicaListener = {
      started: (attempt) => {
        this.waiting--;
        this.admission.begun(this.stays.start(attempt, simulation.now));
      },
      firstToken: (attempt) => {
        // An answer that comes whole frees its place before: whoever is sent here in reply finds that so.
        this.replicas.loadChanged(this.fleet.members[this.memberOf[attempt]]);
        listener.firstToken(attempt);
      },
      spends: listener.spends,
      finished: (attempt) => this.leave(attempt, "finished"),
      dropped: (attempt) => this.leave(attempt, "dropped"),
    };
    const { onCancel, engine, scaling, replicas } = settings;
    const random = streams.keyed(`pools.${name}.service`);
    const create = (pace: number): Replica =>
      createReplica(engine, { simulation, sequences, onCancel, listener: told, line: order.create(lines), pace }, random);
    const coldStart = new ColdStart(settings.coldStart, streams.keyed(`pools.${name}.coldStart`));
    const scaler = scaling && createScaler(scaling, { coldStart: coldStart.mean, horizon: measurement.horizon, future });
    this.fleet = new Fleet(name, simulation, settings, coldStart, withinBounds(scaler?.initial ?? 0, replicas), streams, measurement, {
      createReplica: create,
      readyChanged: (ready) => this.replicas.readyChanged(ready),
      becameReady: () => this.becameReady(),
      lost: (members) => this.failAll(members),
    });
    const { staleness } = settings.routing;
    this.seen = staleness === 0 ? this.replicas : new StaleView(this.replicas, simulation, staleness, () => this.replicas.version);
    this.route = createRouter(settings.routing, streams.sequence(`pools.${name}.routing`), attempts);
    if (scaler !== undefined) scaleBy(scaler, this.fleet, poolView(this), replicas, simulation);
  }

  send(attempt: number): void {
    const { sequences, fleet, simulation, stays, admission } = this;
    const { attempts } = sequences;
    stays.arrived++;
    if (exceedsReplica(this.settings.engine, sequences, attempt)) {
      this.oversized++;
      this.listener.ended(attempt, "failed", 0);
      return;
    }
    const member = this.held.length === 0 ? this.choose(attempt) : undefined;
    const startsNow = member !== undefined && member.replica.hasRoom;
    if (!startsNow && !admission.mayWait(this.waiting, attempts.priority[attempt])) {
      this.listener.ended(attempt, "shed", 0);
      return;
    }
    const cold = !startsNow && (fleet.ready.length === 0 || fleet.roster.starting.length > 0);
    stays.begin(attempt, simulation.now, !startsNow, cold);
    sequences.started[attempt] = 0;
    admission.startWait(attempt, attempts.serial[attempt], this.waiting++);
    if (member === undefined) {
      this.memberOf[attempt] = none;
      this.held.join(attempt);
    } else this.place(attempt, member);
    if (sequences.started[attempt] === 0) this.listener.spends(attempt, cold ? causeCode.cold : causeCode.busy);
  }

  abandon(attempt: number): void {
    const member = this.memberOf[attempt];
    // Lost with its replica, of which its client is yet to be told.
    if (member === elsewhere) return;
    if (member !== none) {
      this.fleet.members[member].replica.abandon(attempt);
    } else if (this.settings.onCancel === "abort") {
      this.held.leave(attempt);
      this.leave(attempt, "dropped");
    }
  }

  /** The replica that takes an attempt now: the router's choice, or where that has as many as it may the one with the fewest. */
  private choose(attempt: number): Member | undefined {
    const { fleet, replicas, mostPerReplica } = this;
    if (fleet.ready.length === 0 || this.stays.outstanding.value - this.held.length >= this.mostAtReplicas) return undefined;
    const chosen = this.route(this.seen, attempt);
    if (replicas.outstanding(chosen) < mostPerReplica) return fleet.ready[chosen];
    const least = replicas.leastOutstanding();
    return replicas.outstanding(least) < mostPerReplica ? fleet.ready[least] : undefined;
  }

  private place(attempt: number, member: Member): void {
    this.memberOf[attempt] = member.number;
    member.replica.take(attempt);
    this.replicas.loadChanged(member);
  }

  /** Gives those held to the replicas as long as these take any. */
  private placeHeld(): void {
    const { held } = this;
    while (held.head !== none) {
      const attempt = held.head;
      if (this.sequences.attempts.abandoned[attempt] === 1) {
        held.leave(attempt);
        this.leave(attempt, "dropped");
        continue;
      }
      const member = this.choose(attempt);
      if (member === undefined) return;
      held.leave(attempt);
      this.place(attempt, member);
    }
  }

  private becameReady(): void {
    const { memberOf, sequences, listener } = this;
    this.placeHeld();
    if (this.fleet.roster.starting.length > 0) return;
    // Whoever still waits does so for replicas that are busy.
    for (let attempt = 0; attempt < memberOf.length; attempt++) {
      if (memberOf[attempt] !== elsewhere && sequences.started[attempt] === 0) listener.spends(attempt, causeCode.busy);
    }
  }

  /** What replicas had goes down with them, all at once: whoever is told of one attempt finds none of the others there. */
  private failAll(members: readonly Member[]): void {
    const { serial } = this.sequences.attempts;
    const numbers = new Set(members.map(({ number }) => number));
    const attempts = Array.from(this.memberOf.keys()).filter((attempt) => numbers.has(this.memberOf[attempt]));
    for (const attempt of attempts) this.takeOut(attempt);
    this.lost += attempts.length;
    if (attempts.length > 0) this.placeHeld();
    // In the order in which they were sent: serial numbers begin anew only after two billion.
    for (const attempt of attempts.sort((a, b) => serial[a] - serial[b])) this.listener.ended(attempt, "failed", 0);
  }

  private shedWaiting(attempt: number): void {
    const member = this.memberOf[attempt];
    if (member === none) this.held.leave(attempt);
    else if (!this.fleet.members[member].replica.withdraw(attempt)) return;
    this.leave(attempt, "shed");
  }

  private leave(attempt: number, ending: Ending): void {
    const { fleet, held, replicas } = this;
    const number = this.memberOf[attempt];
    this.takeOut(attempt);
    if (number !== none) {
      const member = fleet.members[number];
      replicas.loadChanged(member);
      fleet.emptied(member);
      // Who waits goes before whoever is sent here in reply.
      if (held.length > 0) this.placeHeld();
    }
    this.listener.ended(attempt, ending, 0);
  }

  /** It is no longer here; one that was never started also leaves those that wait. */
  private takeOut(attempt: number): void {
    const started = this.sequences.started[attempt] === 1;
    if (!started) this.waiting--;
    this.memberOf[attempt] = elsewhere;
    this.stays.end(attempt, this.simulation.now, started);
  }
}
