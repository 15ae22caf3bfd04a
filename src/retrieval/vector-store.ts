import { CountOverTime } from "../kernel/count-over-time.ts";
import { createDistribution } from "../kernel/distributions/registry.ts";
import type { Level, Measurement } from "../kernel/level.ts";
import { Outages } from "../kernel/outages.ts";
import type { Streams } from "../kernel/random.ts";
import type { Simulation } from "../kernel/simulation.ts";
import { none } from "../traffic/requests.ts";
import { Chances, writers } from "./chances.ts";
import { Contents } from "./contents.ts";
import { phases, Reads } from "./reads.ts";
import { Rebuilds } from "./rebuilds.ts";
import { Reembedding } from "./reembedding.ts";
import { Replicas } from "./replicas.ts";
import type { TroubleSpan } from "./spans.ts";
import type { VectorStoreSettings } from "./vector-store-settings.ts";

/** Ends a read. @param caller as given to `read`; @param complete whether it found all there is, which one that is not found never did */
export type ReadListener = (caller: number, ending: "found" | "failed" | "shed", complete: boolean) => void;

/**
 * A vector store under way. How long a read takes, and whether it finds all, is decided when it gets a slot, by what is wrong with its
 * replica then. In an outage no read or write begins; writes wait until it is over, and rebuilds and backfills go on.
 */
export class VectorStore {
  readonly name: string;
  /** Reads asked for; those that were answered, of these those that found only a part, those that failed, and those that found the line full. */
  reads = 0;
  found = 0;
  incomplete = 0;
  failed = 0;
  shed = 0;
  /** Reads whose callers left before they had ended. */
  left = 0;
  /** From asking to the answer, waits included, added up over those that were answered. */
  readSeconds = 0;
  /** By window of the read, and by window of the failure. */
  readonly readsOverTime: CountOverTime;
  readonly failedOverTime: CountOverTime;
  private readonly simulation: Simulation;
  private readonly given: VectorStoreSettings;
  private readonly listener: ReadListener;
  private readonly open = new Reads();
  private readonly chances: Chances;
  private readonly contents: Contents;
  private readonly replicas: Replicas;
  private readonly rebuild: Rebuilds | undefined;
  private readonly outages: Outages | undefined;
  private readonly reembedding: Reembedding | undefined;
  private writesFromOutside = 0;

  constructor(
    name: string,
    given: VectorStoreSettings,
    simulation: Simulation,
    streams: Streams,
    measurement: Measurement,
    listener: ReadListener,
  ) {
    const { window, horizon } = measurement;
    this.name = name;
    this.given = given;
    this.simulation = simulation;
    this.listener = listener;
    this.readsOverTime = new CountOverTime(window, horizon);
    this.failedOverTime = new CountOverTime(window, horizon);
    this.chances = new Chances(name, given, this.open, streams);
    this.contents = new Contents(simulation, given);
    const readTime = (ticket: number, replica: number): number => this.begin(ticket, replica);
    this.replicas = new Replicas(simulation, this.open, given, measurement, readTime, (ticket) => this.finish(ticket));
    this.rebuild = given.rebuild && new Rebuilds(simulation, given.rebuild, this.replicas);
    this.reembedding =
      given.reembed && new Reembedding(simulation, given.reembed, this.contents, (nth) => this.apply(nth, writers.backfill));
    this.outages = given.outages && this.startOutages(given.outages, streams);
    if (given.writes > 0) this.startWrites(streams);
  }

  /** Slots that reads and writes hold, of `slotCount`. */
  get slots(): Level {
    return this.replicas.slots;
  }

  get slotCount(): number {
    return this.replicas.count * this.replicas.concurrency;
  }

  get vectors(): number {
    return this.contents.vectors;
  }

  /** Share of the memory limit that is taken; undefined without a limit. */
  get memoryShare(): number | undefined {
    return this.contents.memoryShare;
  }

  /** Writes that found no memory. */
  get refusedWrites(): number {
    return this.contents.refused;
  }

  /** Rebuilds of a replica that began. */
  get rebuilds(): number {
    return this.rebuild?.begun ?? 0;
  }

  /** Spent on rebuilding until now, added up over replicas. */
  rebuildSeconds(now: number): number {
    return this.rebuild?.seconds(now) ?? 0;
  }

  /** Vectors written anew since the embedding model changed. */
  get backfilled(): number {
    return this.reembedding?.backfilled ?? 0;
  }

  /** When what went wrong, by kind and in order of time. */
  troubles(): TroubleSpan[] {
    const outages = (this.outages?.spans ?? []).map(({ begin, end }) => ({ trouble: "outage" as const, from: begin, to: end }));
    return [...(this.rebuild?.spans.all ?? []), ...outages, ...(this.reembedding?.spans.all ?? []), ...this.contents.pressure.all];
  }

  /**
   * Takes a read; exactly one call of the listener follows, perhaps before this returns, unless `leave` comes first.
   * @param number with turn and salt the key of its random numbers
   * @returns its ticket until then; `none` when it has ended already
   */
  read(caller: number, number: number, turn: number, salt: number): number {
    const { simulation, replicas, outages, given } = this;
    this.reads++;
    this.readsOverTime.add(simulation.now);
    const isOut = outages?.ongoing === true;
    if (isOut && given.outages!.effect === "fail") {
      this.fail(caller);
      return none;
    }
    const replica = replicas.free();
    // What hangs stands in no line that could be full.
    if (!isOut && replica === none && replicas.waiting >= (given.queue.capacity ?? Infinity)) {
      this.shed++;
      this.listener(caller, "shed", false);
      return none;
    }
    const ticket = this.open.open(caller, number, turn, salt, simulation.now, replicas.rank());
    replicas.take(ticket, replica);
    return ticket;
  }

  /** The caller leaves: a read that waits is taken out; one under way holds its slot to its end, in vain. The listener is not called any more. */
  leave(ticket: number): void {
    const { open } = this;
    this.left++;
    if (open.phase[ticket] === phases.served) {
      open.left[ticket] = 1;
      return;
    }
    if (open.phase[ticket] === phases.waiting) this.replicas.leave(ticket);
    open.close(ticket);
  }

  /** A write from outside the store's own rate. */
  write(): void {
    this.add(this.writesFromOutside++, writers.outside);
  }

  private add(nth: number, writer: number): void {
    if (this.contents.add()) this.apply(nth, writer);
  }

  private apply(nth: number, writer: number): void {
    this.replicas.write(this.chances.writeTime(nth, writer));
    this.rebuild?.wrote();
  }

  private begin(ticket: number, replica: number): number {
    const { chances, contents, rebuild, reembedding, given, open } = this;
    open.complete[ticket] = chances.missesVectors(ticket, reembedding?.missed ?? 0) ? 0 : 1;
    const time = chances.readTime(ticket, rebuild?.unindexed(replica) ?? 0) * (rebuild?.pace(replica, given.slowdown) ?? 1);
    return chances.missesMemory(ticket, contents.missShare) ? time * given.memory!.slowdown : time;
  }

  private finish(ticket: number): void {
    const { open } = this;
    const left = open.left[ticket] === 1;
    const caller = open.caller[ticket];
    const complete = open.complete[ticket] === 1;
    const seconds = this.simulation.now - open.askedAt[ticket];
    open.close(ticket);
    if (left) return;
    this.found++;
    if (!complete) this.incomplete++;
    this.readSeconds += seconds;
    this.listener(caller, "found", complete);
  }

  private fail(caller: number): void {
    this.failed++;
    this.failedOverTime.add(this.simulation.now);
    this.listener(caller, "failed", false);
  }

  private startOutages(given: NonNullable<VectorStoreSettings["outages"]>, streams: Streams): Outages {
    const { replicas } = this;
    const begun = (): void => {
      replicas.stop();
      if (given.effect === "fail") this.failAll(replicas.breakOff());
    };
    const ended = (): void => {
      const failing = replicas.breakOff();
      replicas.resume();
      this.failAll(failing);
    };
    return new Outages(this.simulation, given, streams.sequence(`vectorStores.${this.name}.outages`), begun, ended);
  }

  /** Their callers may read anew, and may leave with others of these, meanwhile. */
  private failAll(tickets: readonly number[]): void {
    const { open } = this;
    for (const ticket of tickets) {
      if (open.phase[ticket] !== phases.failing) continue;
      const caller = open.caller[ticket];
      open.close(ticket);
      this.fail(caller);
    }
  }

  private startWrites(streams: Streams): void {
    const { simulation, given } = this;
    const random = streams.sequence(`vectorStores.${this.name}.writes`);
    const gaps = createDistribution({ exponential: { mean: 1 / given.writes } });
    let nth = 0;
    const next = simulation.handler(() => {
      this.add(nth++, writers.own);
      simulation.after(gaps.sample(random), next);
    });
    simulation.after(gaps.sample(random), next);
  }
}
