import { createDistribution } from "../../src/kernel/distributions/registry.ts";
import type { Streams } from "../../src/kernel/random.ts";
import type { VectorStoreSettings } from "../../src/retrieval/vector-store-settings.ts";
import { type Agenda, remove } from "../laws/plain-agenda.ts";

interface PlainRead {
  readonly number: number;
  readonly rank: number;
  readonly ended: (ending: "found" | "failed" | "shed", complete: boolean) => void;
  state: "waiting" | "served" | "over";
  left: boolean;
  replica?: PlainReplica;
}

interface PlainWrite {
  readonly rank: number;
  readonly time: number;
}

interface PlainReplica {
  held: number;
  readonly writes: PlainWrite[];
  /** Seconds that are left of its rebuild at the moment `known`. */
  rebuild?: { left: number; known: number; plan: number } | undefined;
}

/** A vector store by arrays, in which all is looked for anew at every step, and the end of a rebuild is planned anew whenever a slot is taken. */
export function plainStore(given: VectorStoreSettings, agenda: Agenda, streams: Streams) {
  const stream = (aspect: string) => streams.keyed(`vectorStores.store.${aspect}`);
  const [times, scans, misses, parts, writeTimes] = ["reads", "scans", "memory", "reembedding", "writeTimes"].map(stream);
  const laws = {
    read: createDistribution(given.read),
    scan: createDistribution(given.scan ?? given.read),
    write: createDistribution(given.write),
  };
  const { concurrency, rebuild, memory, outages, reembed } = given;
  const replicas: PlainReplica[] = Array.from({ length: given.replicas }, () => ({ held: 0, writes: [] }));
  const line: PlainRead[] = [];
  const all: PlainRead[] = [];
  const backfill = { done: 0, old: 0, ongoing: false };
  let vectors = given.vectors;
  let refused = 0;
  let ranks = 0;
  let out = false;
  let outside = 0;
  let due = false;
  let written = 0;

  const inSecond = (): number => (backfill.ongoing && reembed!.cutover === "atEnd" ? backfill.done + vectors - backfill.old : 0);
  const taken = (more = 0): number => (memory === undefined ? 0 : ((vectors + inSecond() + more) * memory.bytesPerVector) / memory.limit);

  const progress = (replica: PlainReplica): void => {
    const work = replica.rebuild;
    if (work === undefined) return;
    work.left -= (agenda.now - work.known) * (1 - (rebuild!.drag * replica.held) / concurrency);
    work.known = agenda.now;
  };
  const plan = (replica: PlainReplica): void => {
    const work = replica.rebuild;
    if (work === undefined) return;
    const nth = ++work.plan;
    agenda.after(work.left / (1 - (rebuild!.drag * replica.held) / concurrency), () => {
      if (replica.rebuild === work && work.plan === nth) endRebuild(replica);
    });
  };
  const hold = (replica: PlainReplica, change: number): void => {
    progress(replica);
    replica.held += change;
    plan(replica);
  };

  const canBegin = (replica: PlainReplica): boolean =>
    !out && replica.held < concurrency && !(replica.rebuild !== undefined && rebuild!.effect === "blockReads");
  const settle = (): void => {
    for (const replica of replicas) {
      while (canBegin(replica) && replica.writes.length > 0 && !(line.length > 0 && line[0].rank < replica.writes[0].rank)) {
        const { time } = replica.writes.shift()!;
        hold(replica, 1);
        agenda.after(time, () => {
          hold(replica, -1);
          settle();
        });
      }
    }
    const free = replicas.filter(canBegin).sort((a, b) => a.held - b.held);
    if (line.length === 0 || free.length === 0) return;
    serve(line.shift()!, free[0]);
    settle();
  };

  const serve = (read: PlainRead, replica: PlainReplica): void => {
    const { number } = read;
    const happens = (random: typeof times, share: number): boolean => random.of(number, 0, 7).uniform() < share;
    progress(replica);
    const rebuilding = replica.rebuild === undefined ? undefined : rebuild!.effect;
    const unindexed = rebuilding === "scan" ? ((rebuild!.unindexed ?? 1) * Math.max(0, replica.rebuild!.left)) / rebuild!.lasts : 0;
    const atStart = backfill.ongoing && reembed!.cutover === "atStart";
    const complete = !happens(parts, atStart ? (backfill.old - backfill.done) / vectors : 0);
    let time = laws[happens(scans, unindexed) ? "scan" : "read"].sample(times.of(number, 0, 7));
    if (rebuilding === "slowReads") time *= given.slowdown;
    if (memory !== undefined && happens(misses, (taken() - memory.pressureFrom) / (1 - memory.pressureFrom))) time *= memory.slowdown;
    read.state = "served";
    read.replica = replica;
    hold(replica, 1);
    agenda.after(time, () => {
      if (read.state === "over" || out) return;
      read.state = "over";
      hold(replica, -1);
      settle();
      if (!read.left) read.ended("found", complete);
    });
  };

  const write = (time: number): void => {
    const rank = ranks++;
    for (const replica of replicas) replica.writes.push({ rank, time });
    settle();
    if (rebuild?.afterWrites !== undefined && ++written >= rebuild.afterWrites) rebuildIsDue();
  };
  const add = (nth: number, writer: number): void => {
    const second = backfill.ongoing && reembed!.cutover === "atEnd";
    if (taken(second ? 2 : 1) > 1) {
      refused++;
      return;
    }
    vectors++;
    write(laws.write.sample(writeTimes.of(nth, writer)));
  };

  const rebuildIsDue = (): void => {
    due = true;
    if (replicas.some((replica) => replica.rebuild !== undefined)) return;
    due = false;
    written = 0;
    for (const replica of rebuild!.replicas === "inTurn" ? [replicas[0]] : replicas) beginRebuild(replica);
  };
  const beginRebuild = (replica: PlainReplica): void => {
    replica.rebuild = { left: rebuild!.lasts, known: agenda.now, plan: 0 };
    plan(replica);
  };
  const endRebuild = (replica: PlainReplica): void => {
    replica.rebuild = undefined;
    settle();
    const next = replicas[replicas.indexOf(replica) + 1];
    if (rebuild!.replicas === "inTurn" && next !== undefined) beginRebuild(next);
    else if (due) rebuildIsDue();
  };

  const breakOff = (): PlainRead[] => {
    const broken = all.filter((read) => read.state !== "over");
    for (const read of broken) {
      if (read.state === "served") hold(read.replica!, -1);
      else remove(line, read);
      read.state = "over";
    }
    return broken.filter(({ left }) => !left);
  };
  const outage = (): void => {
    out = true;
    if (outages!.effect === "fail") for (const read of breakOff()) read.ended("failed", false);
    agenda.after(outages!.lasts, () => {
      const broken = breakOff();
      out = false;
      settle();
      for (const read of broken) read.ended("failed", false);
    });
  };

  if (rebuild?.every !== undefined) for (let nth = 1; nth < 1000; nth++) agenda.at(nth * rebuild.every, rebuildIsDue);
  for (const at of rebuild?.at ?? []) agenda.at(at, rebuildIsDue);
  for (const at of outages?.at ?? []) agenda.at(at, outage);
  if (reembed !== undefined) {
    const step = (nth: number): void => {
      agenda.at(reembed.at + nth / reembed.rate, () => {
        if (reembed.cutover === "atEnd" && taken(1) > 1) refused++;
        else write(laws.write.sample(writeTimes.of(backfill.done++, 2)));
        backfill.ongoing = backfill.done < backfill.old;
        if (backfill.ongoing) step(nth + 1);
      });
    };
    agenda.at(reembed.at, () => {
      backfill.old = vectors;
      backfill.ongoing = true;
      step(1);
    });
  }
  if (given.writes > 0) {
    const random = streams.sequence("vectorStores.store.writes");
    const gaps = createDistribution({ exponential: { mean: 1 / given.writes } });
    const own = (nth: number): void => {
      agenda.after(gaps.sample(random), () => {
        add(nth, 0);
        own(nth + 1);
      });
    };
    own(0);
  }

  return {
    read(number: number, ended: PlainRead["ended"]): PlainRead {
      const read: PlainRead = { number, rank: ranks, ended, state: "waiting", left: false };
      if (out && outages!.effect === "fail") {
        read.state = "over";
        ended("failed", false);
      } else if (!out && !replicas.some(canBegin) && line.length >= (given.queue.capacity ?? Infinity)) {
        read.state = "over";
        ended("shed", false);
      } else {
        ranks++;
        all.push(read);
        line.push(read);
        settle();
      }
      return read;
    },
    leave(read: PlainRead): void {
      read.left = true;
      if (read.state === "waiting") {
        remove(line, read);
        read.state = "over";
      }
    },
    write: (): void => add(outside++, 1),
    counts: () => ({ vectors, refused, backfilled: backfill.done }),
  };
}
