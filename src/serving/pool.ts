import { Level, type Measurement } from "../kernel/level.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { resized } from "../kernel/slots.ts";
import { Timeouts } from "../kernel/timeouts.ts";
import { none } from "../traffic/requests.ts";
import type { AttemptListener, Ending, Target } from "../traffic/target.ts";
import { ContinuousBatch } from "./replica/continuous-batch.ts";
import { Fleet, type Member } from "./fleet/fleet.ts";
import type { PoolSettings } from "./pool-settings.ts";
import type { Replica, ReplicaListener } from "./replica/replica.ts";
import type { ReplicasView, Router } from "./routing/router.ts";
import { createRouter } from "./routing/registry.ts";
import type { Sequences } from "./replica/sequences.ts";
import { StaticBatch } from "./replica/static-batch.ts";
import { mostHeldTokens } from "./replica/speculation.ts";
import { Station } from "./replica/station.ts";
import { FifoLine } from "./admission/orders/fifo.ts";
import type { WaitingLine } from "./admission/waiting-line.ts";

/** Where an attempt is that the pool does not have. */
const elsewhere = -2;

/**
 * Replicas behind one router with one admission rule. An attempt is routed when it arrives and waits at its replica; while no
 * replica is ready it waits in the pool. The queue's capacity and longest wait count over the whole pool.
 */
export class Pool implements Target {
  readonly name: string;
  readonly fleet: Fleet;
  /** Attempts queued and running. */
  readonly outstanding: Level;
  /** Attempts that wait for their first iteration. */
  waiting = 0;
  /** Attempts refused because no replica could ever hold them. */
  oversized = 0;
  /** Attempts that found no replica ready. */
  coldWaits = 0;
  /** Replica-seconds spent on attempts that had gone on from here to another pool when their clients left. */
  wastedAfterwards = 0;
  private readonly simulation: Simulation;
  private readonly sequences: Sequences;
  private readonly settings: PoolSettings;
  private readonly streams: Streams;
  private readonly listener: AttemptListener;
  private readonly route: Router;
  private readonly ready: ReplicasView;
  /** Attempts that wait for a replica to be ready. */
  private readonly held: WaitingLine;
  /** Number of the member that has the attempt; `none` while the pool holds it, `elsewhere` unless it is here. */
  private memberOf = new Int32Array(0);
  private readonly waits: Timeouts | undefined;
  private readonly replicaListener: ReplicaListener;

  constructor(
    name: string,
    simulation: Simulation,
    sequences: Sequences,
    settings: PoolSettings,
    streams: Streams,
    measurement: Measurement,
    listener: AttemptListener,
  ) {
    this.name = name;
    this.simulation = simulation;
    this.sequences = sequences;
    this.settings = settings;
    this.streams = streams;
    this.listener = listener;
    this.outstanding = new Level(measurement);
    this.held = new FifoLine(sequences.lines);
    this.route = createRouter(settings.routing, streams.sequence(`pools.${name}.routing`), sequences.attempts);
    this.replicaListener = {
      started: () => this.waiting--,
      firstToken: (attempt) => listener.firstToken(attempt),
      finished: (attempt) => this.leave(attempt, "finished"),
      dropped: (attempt) => this.leaveWaiting(attempt, "dropped"),
    };
    const fleet = new Fleet(name, simulation, settings, streams, measurement, {
      createReplica: () => this.createReplica(),
      load: () => ({ outstanding: this.outstanding.value, waiting: this.waiting }),
      becameReady: () => this.routeHeld(),
    });
    this.fleet = fleet;
    this.ready = {
      get count() {
        return fleet.ready.length;
      },
      outstanding: (index) => fleet.ready[index].replica.outstanding,
      leastOutstanding: () => {
        let best = 0;
        for (let i = 1; i < fleet.ready.length; i++) {
          if (fleet.ready[i].replica.outstanding < fleet.ready[best].replica.outstanding) best = i;
        }
        return best;
      },
      kvUse: (index) => fleet.ready[index].replica.kvUse,
      number: (index) => fleet.ready[index].number,
    };
    const { maxWait } = settings.queue;
    if (maxWait !== undefined) {
      const stillWaits = (attempt: number, serial: number): boolean =>
        sequences.attempts.serial[attempt] === serial && this.memberOf[attempt] !== elsewhere && sequences.started[attempt] === 0;
      this.waits = new Timeouts(simulation, maxWait, stillWaits, (attempt) => this.shedWaiting(attempt));
    }
    sequences.attempts.onResize((capacity) => {
      this.memberOf = resized(this.memberOf, capacity).fill(elsewhere, this.memberOf.length);
    });
  }

  send(attempt: number): void {
    const { sequences, settings, fleet, simulation } = this;
    if (this.exceedsReplica(attempt)) {
      this.oversized++;
      this.listener.ended(attempt, "failed", 0);
      return;
    }
    const member = fleet.ready.length === 0 ? undefined : fleet.ready[this.route(this.ready, attempt)];
    const startsNow = member !== undefined && member.replica.hasRoom;
    if (!startsNow && this.waiting >= (settings.queue.capacity ?? Infinity)) {
      this.listener.ended(attempt, "shed", 0);
      return;
    }
    this.waiting++;
    this.outstanding.add(simulation.now, 1);
    sequences.started[attempt] = 0;
    this.waits?.start(attempt, sequences.attempts.serial[attempt]);
    if (member === undefined) {
      this.coldWaits++;
      this.memberOf[attempt] = none;
      this.held.join(attempt);
    } else this.place(attempt, member);
  }

  abandon(attempt: number): void {
    const member = this.memberOf[attempt];
    if (member !== none) this.fleet.members[member].replica.abandon(attempt);
    else if (this.settings.onCancel === "abort") {
      this.held.leave(attempt);
      this.leaveWaiting(attempt, "dropped");
    }
  }

  /** Whether no replica could ever serve it: beyond the context or all KV blocks, or a prompt to be read in one piece beyond the budget. */
  exceedsReplica(attempt: number): boolean {
    const { engine } = this.settings;
    if (engine.stepTime === undefined) return false;
    const { attempts, received } = this.sequences;
    const input = attempts.inputTokens[attempt];
    const output = attempts.outputTokens[attempt];
    const inOnePiece = !engine.chunkedPrefill && received[attempt] === 0;
    return (
      input + output > (engine.context ?? Infinity) ||
      mostHeldTokens(input, output, engine.speculation) > engine.kvBlocks! * engine.blockSize ||
      (inOnePiece && input > engine.maxBatchedTokens)
    );
  }

  private createReplica(): Replica {
    const { simulation, sequences, settings, streams, name } = this;
    const { engine, onCancel } = settings;
    const context = { simulation, sequences, onCancel, listener: this.replicaListener };
    const random = streams.keyed(`pools.${name}.service`);
    if (engine.station !== undefined) return new Station(context, engine.station, random);
    if (engine.staticBatch !== undefined) return new StaticBatch(context, engine.staticBatch, random);
    return new ContinuousBatch(context, { ...engine, stepTime: engine.stepTime!, kvBlocks: engine.kvBlocks! });
  }

  private place(attempt: number, member: Member): void {
    this.memberOf[attempt] = member.number;
    member.replica.take(attempt);
  }

  private routeHeld(): void {
    while (this.held.head !== none) {
      const attempt = this.held.head;
      this.held.leave(attempt);
      if (this.sequences.attempts.abandoned[attempt] === 1) this.leaveWaiting(attempt, "dropped");
      else this.place(attempt, this.fleet.ready[this.route(this.ready, attempt)]);
    }
  }

  private shedWaiting(attempt: number): void {
    const member = this.memberOf[attempt];
    if (member === none) this.held.leave(attempt);
    else if (!this.fleet.members[member].replica.withdraw(attempt)) return;
    this.leaveWaiting(attempt, "shed");
  }

  /** An attempt leaves before it has finished; one that was never started also leaves the line. */
  private leaveWaiting(attempt: number, ending: Ending): void {
    const { sequences } = this;
    if (sequences.started[attempt] === 0) this.waiting--;
    this.leave(attempt, ending);
  }

  private leave(attempt: number, ending: Ending): void {
    const member = this.memberOf[attempt];
    this.memberOf[attempt] = elsewhere;
    this.outstanding.add(this.simulation.now, -1);
    this.listener.ended(attempt, ending, 0);
    if (member !== none) this.fleet.emptied(member);
  }
}
