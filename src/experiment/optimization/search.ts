import { type Fate, fates } from "./fates.ts";
import type { Lattice } from "./lattice.ts";
import { hardestFirst } from "./hardest-first.ts";
import { cannotBeat, type Incumbent, incumbentOf, meanOf, pairsOf } from "./rivalry.ts";
import { type Demands, missesForAllBelow, prospectOf } from "./standing.ts";
import type { Sample, Trials, Unit } from "./trials.ts";

/** What is asked of a search: which objectives, how surely, in which cases, and which plans are not to be chosen. */
export interface Question extends Demands {
  readonly excluded?: readonly number[];
}

/** The cheapest plan, undefined where none meets every objective; and by plan what became of it. */
export interface Answer {
  readonly best: number | undefined;
  readonly fates: Uint8Array;
}

/** Most plans of equal use whose lowest cost is compared before one is tried. */
const mostCompared = 256;

/**
 * The cheapest plan that meets every objective. Plans are tried on one replication, that one first which settles most others
 * whichever way it turns out; who may meet everything is hopeful, and the cheapest of the hopeful is given the others. A plan is
 * ruled out when it costs too much whatever comes, when it cannot meet everything any more, when one with more of what is
 * known to help clearly misses, and when one with less is dearer than the best.
 */
export class Search {
  private readonly trials: Trials;
  private readonly question: Question;
  private readonly lattice: Lattice;
  private readonly fates: Uint8Array;
  /** How many plans that are hopeful, or have met everything, have at most as much as each. */
  private readonly deferrals: Int32Array;
  /** Plans that cost at least as much as the cheapest of the hopeful, which is not sure yet. */
  private readonly parked: Uint8Array;
  private readonly hopeful = new Set<number>();
  private incumbent: Incumbent | undefined;

  constructor(trials: Trials, question: Question) {
    this.trials = trials;
    this.question = question;
    this.lattice = trials.candidates.lattice;
    this.fates = new Uint8Array(this.lattice.size);
    this.deferrals = new Int32Array(this.lattice.size);
    this.parked = new Uint8Array(this.lattice.size);
  }

  async answer(): Promise<Answer> {
    for (const plan of this.trials.candidates.contradicting) this.settle(plan, "impossible");
    for (const plan of this.question.excluded ?? []) this.settle(plan, "excluded");
    this.recall();
    for (;;) {
      const next = this.steer("undeferred") ?? this.cheapestHopeful() ?? this.unpark() ?? this.steer("any");
      if (next === undefined) return { best: this.incumbent?.plan, fates: this.fates };
      await (this.hopeful.has(next) ? this.complete(next) : this.tryOut(next));
    }
  }

  /** Takes in what an earlier search has simulated. */
  private recall(): void {
    for (const plan of this.trials.tried()) {
      if (this.fates[plan] === fates.open && this.samplesOf(plan).length > 0) this.judge(plan);
    }
  }

  private samplesOf(plan: number): readonly Sample[] {
    return this.trials.of(plan).filter(({ unit }) => this.question.cases.includes(unit.demand));
  }

  /** One replication in the hardest case, then in all. */
  private async tryOut(plan: number): Promise<void> {
    do {
      await this.trials.run(plan, this.nextUnits(plan));
      if (this.judge(plan) !== "open") return;
    } while (this.samplesOf(plan).length < this.question.cases.length);
  }

  /** More and more replications, until it is out or has all. */
  private async complete(plan: number): Promise<void> {
    while (this.judge(plan) === "open") await this.trials.run(plan, this.nextUnits(plan));
  }

  /** One replication in the hardest case, the same in the others, then half as many again as there are, in all cases; the hardest come first. */
  private nextUnits(plan: number): Unit[] {
    const { cases } = this.question;
    const samples = this.samplesOf(plan);
    const done = new Set(samples.map(({ unit }) => unit.replication));
    const units = (demands: readonly number[], replications: readonly number[]): Unit[] =>
      replications.flatMap((replication) => demands.map((demand) => ({ demand, replication })));
    if (done.size === 0) return units(cases.slice(0, 1), this.hardestFirst().slice(0, 1));
    if (samples.length < done.size * cases.length) return units(cases, [...done]);
    const left = this.hardestFirst().filter((replication) => !done.has(replication));
    return units(cases, left.slice(0, Math.max(1, Math.floor(done.size / 2))));
  }

  private hardestFirst(): number[] {
    const tried = this.trials
      .tried()
      .map((plan) => this.samplesOf(plan))
      .filter((samples) => samples.length > 0);
    return hardestFirst(tried, this.question.bar.replications);
  }

  /** Rules a plan out, and with it others, or takes it as hopeful or as the best. */
  private judge(plan: number): Fate {
    const samples = this.samplesOf(plan);
    const prospect = prospectOf(samples, this.question);
    if (prospect === "missed") {
      this.forsake(plan);
      this.settle(plan, "missed");
      if (missesForAllBelow(samples, this.question)) this.ruleOut(plan, -1, "less");
      return "missed";
    }
    const least = this.trials.candidates.leastCost(plan)!;
    const total = this.question.cases.length * this.question.bar.replications;
    if (this.incumbent !== undefined && cannotBeat(samples, least, total, this.incumbent)) {
      this.hope(plan);
      this.hopeful.delete(plan);
      this.settle(plan, "dearer");
      if (this.costsInOrder(plan)) this.ruleOut(plan, 1, "more");
      return "dearer";
    }
    this.hope(plan);
    if (prospect === "open") return "open";
    this.hopeful.delete(plan);
    this.settle(plan, "met");
    this.incumbent = incumbentOf(plan, samples);
    return "met";
  }

  /**
   * Whether a plan is dearer than all that were tried and have less, on the replications that both have. A pool that scales may
   * cost less with more at hand, where it then panics less.
   */
  private costsInOrder(plan: number): boolean {
    if (this.lattice.isLess(plan, this.incumbent!.plan)) return false;
    return this.trials.tried().every((other) => {
      if (other === plan || !this.lattice.isLess(other, plan)) return true;
      const pairs = pairsOf(this.samplesOf(plan), this.samplesOf(other));
      return pairs.reduce((sum, [own, less]) => sum + own.usd - less.usd, 0) >= 0;
    });
  }

  private settle(plan: number, fate: Fate): void {
    this.fates[plan] = fates[fate];
  }

  private ruleOut(plan: number, way: -1 | 1, fate: Fate): void {
    this.lattice.visit(plan, way, (other) => {
      if (this.fates[other] !== fates.open) return;
      if (this.hopeful.has(other)) return;
      this.settle(other, fate);
    });
  }

  private hope(plan: number): void {
    if (this.hopeful.has(plan)) return;
    this.hopeful.add(plan);
    this.defer(plan, 1);
  }

  private forsake(plan: number): void {
    if (!this.hopeful.delete(plan)) return;
    this.defer(plan, -1);
  }

  private defer(plan: number, by: 1 | -1): void {
    this.lattice.visit(plan, 1, (other) => {
      this.deferrals[other] += by;
    });
  }

  /** Of those that may meet everything, the one that looks cheapest. */
  private cheapestHopeful(): number | undefined {
    let cheapest: number | undefined;
    for (const plan of this.hopeful) if (cheapest === undefined || this.expected(plan) < this.expected(cheapest)) cheapest = plan;
    return cheapest;
  }

  private expected(plan: number): number {
    return meanOf(this.samplesOf(plan).map(({ usd }) => usd));
  }

  /** Plans that were set aside for the sake of one that turned out not to be hopeful are looked at again. */
  private unpark(): number | undefined {
    this.parked.fill(0);
    return this.steer("undeferred");
  }

  /**
   * The open plan that settles most others whichever way it turns out; of those that are deferred, which are likely dearer than
   * the best, the one that then rules out most. Of equals the one that may cost least. Undefined when there is none.
   */
  private steer(among: "undeferred" | "any"): number | undefined {
    const open = this.fates.map((fate, plan) => {
      const waits = among === "undeferred" && (this.deferrals[plan] > 0 || this.parked[plan] === 1);
      return Number(fate === fates.open && !waits && !this.hopeful.has(plan));
    });
    for (;;) {
      const more = this.lattice.more(open);
      const less = this.lattice.less(open);
      const use = (plan: number): number => (among === "any" ? more[plan] : Math.min(more[plan], less[plan]));
      let most = 0;
      for (let plan = 0; plan < open.length; plan++) if (open[plan] === 1) most = Math.max(most, use(plan));
      if (most === 0) return undefined;
      const equals: number[] = [];
      for (let plan = 0; plan < open.length; plan++) if (open[plan] === 1 && use(plan) === most) equals.push(plan);
      const step = Math.ceil(equals.length / mostCompared);
      const chosen = this.cheapest(
        equals.filter((_, i) => i % step === 0),
        open,
      );
      if (chosen !== undefined) return chosen;
    }
  }

  /** The plan with the lowest bound; who cannot beat the best, or contradicts itself, is struck off. */
  private cheapest(plans: readonly number[], open: Uint8Array): number | undefined {
    const sure = this.incumbent?.usd ?? Infinity;
    const likely = this.cheapestHopeful();
    const limit = likely === undefined ? sure : Math.min(sure, this.expected(likely));
    let best: number | undefined;
    let lowest = Infinity;
    for (const plan of plans) {
      if (open[plan] === 0) continue;
      const least = this.trials.candidates.leastCost(plan);
      if (least === undefined) {
        this.settle(plan, "impossible");
        open[plan] = 0;
      } else if (least >= limit) {
        this.lattice.visit(plan, 1, (other) => {
          if (open[other] === 0) return;
          open[other] = 0;
          if (least >= sure) this.settle(other, "bound");
          else this.parked[other] = 1;
        });
      } else if (least < lowest) {
        best = plan;
        lowest = least;
      }
    }
    return best;
  }
}
