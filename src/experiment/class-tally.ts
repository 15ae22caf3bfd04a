import { GrowingColumn } from "../kernel/growing-column.ts";
import type { Scenario, TrafficClass } from "../scenario/schema.ts";
import { askedTargets } from "../scenario/clients.ts";
import { type Outcome, outcomeCode, outcomes } from "../traffic/outcome.ts";
import { none } from "../traffic/requests.ts";
import { HourTally } from "./hours.ts";
import { budgetLeft, isDegraded, metBy, totalOf, tpotOf, ttftOf } from "./objectives.ts";
import { percentiles } from "./percentile-values.ts";
import type { Recorder } from "./recorder.ts";
import type { RecoverySummary } from "./recovery.ts";
import { StageTally } from "./stage-tally.ts";
import type { ClassSummary } from "./summary.ts";
import { TimeTally } from "./time-tally.ts";

/** Counts and latencies of one class. */
export class ClassTally {
  readonly outcomes = new Float64Array(outcomes.length);
  offered = 0;
  good = 0;
  outputTokens = 0;
  private attempts = 0;
  /** Served a worse answer. */
  private worse = 0;
  private readonly servedBy: Float64Array;
  /** By rung, of which the first is at 0. */
  private readonly degraded: Float64Array;
  /** Wrong answers by server, of which only caches give any. */
  private readonly wrong: Float64Array;
  private readonly stages: StageTally;
  private readonly hours: HourTally;
  private readonly time = new TimeTally();
  private readonly met: Float64Array;
  /** By objective: 1 where the request that is being added met it. */
  private readonly isMet: Uint8Array;
  private readonly ttft = new GrowingColumn();
  private readonly total = new GrowingColumn();
  private readonly tpot = new GrowingColumn();
  private readonly traffic: TrafficClass;
  private readonly servers: readonly string[];
  private readonly scenario: Scenario;

  constructor(traffic: TrafficClass, servers: readonly string[], scenario: Scenario) {
    this.traffic = traffic;
    this.servers = servers;
    this.scenario = scenario;
    this.wrong = new Float64Array(servers.length);
    this.stages = new StageTally(traffic, scenario);
    this.hours = new HourTally(traffic, scenario);
    this.servedBy = new Float64Array(servers.length);
    this.degraded = new Float64Array(Object.keys(traffic.client.degrade).length);
    this.met = new Float64Array(traffic.slo.length);
    this.isMet = new Uint8Array(traffic.slo.length);
  }

  add(recorder: Recorder, request: number): void {
    const { slo } = this.traffic;
    this.offered++;
    this.outcomes[recorder.outcome[request]]++;
    this.attempts += recorder.attempts[request];
    this.stages.add(recorder, request);
    let good = recorder.outcome[request] === outcomeCode.served;
    for (let i = 0; i < slo.length; i++) {
      const isMet = metBy(slo[i], recorder, request);
      this.isMet[i] = isMet ? 1 : 0;
      if (isMet) this.met[i]++;
      else good = false;
    }
    if (good) this.good++;
    this.hours.add(recorder, request, this.isMet);
    this.time.add(recorder, request, good);
    const by = recorder.servedBy[request];
    if (by === none) return;
    this.servedBy[by]++;
    this.wrong[by] += recorder.wrong[request];
    if (isDegraded(recorder, request)) this.worse++;
    if (recorder.rung[request] > 0) this.degraded[recorder.rung[request] - 1]++;
    this.outputTokens += recorder.outputTokens[request];
    this.ttft.add(ttftOf(recorder, request));
    this.total.add(totalOf(recorder, request));
    const tpot = tpotOf(recorder, request);
    if (!Number.isNaN(tpot)) this.tpot.add(tpot);
  }

  /** Dollars. */
  penalties(): number {
    const ofRungs = Object.values(this.traffic.client.degrade).reduce((sum, { penalty }, i) => sum + penalty * this.degraded[i], 0);
    return ofRungs + this.stages.penalties();
  }

  /** Dollars. */
  wrongPenalties(): number {
    const { caches } = this.scenario;
    return this.servers.reduce((sum, name, i) => {
      const cache = Object.hasOwn(caches, name) ? caches[name] : undefined;
      return sum + (cache?.kind === "semantic" ? cache.wrongAnswerPenalty * this.wrong[i] : 0);
    }, 0);
  }

  summary(seconds: number, usdPerMonth: number, recoveries: readonly RecoverySummary[]): ClassSummary {
    const { servers } = this;
    const { slo } = this.traffic;
    const used = servers.filter((name, number) => this.servedBy[number] > 0 || this.reaches(name));
    // Where nothing was offered nothing was missed.
    const share = (count: number): number => (this.offered === 0 ? 1 : count / this.offered);
    const wrong = this.wrong.reduce((sum, count) => sum + count, 0);
    const attained = slo.map((objective, i) => (objective.kind === "cost" ? usdPerMonth : share(this.met[i])));
    return {
      counts: {
        offered: this.offered,
        outcomes: Object.fromEntries(outcomes.map((outcome, code) => [outcome, this.outcomes[code]])) as Record<Outcome, number>,
        servedBy: Object.fromEntries(used.map((name) => [name, this.servedBy[servers.indexOf(name)]])),
        attemptsPerRequest: this.offered === 0 ? 0 : this.attempts / this.offered,
        degraded: Object.fromEntries(Object.keys(this.traffic.client.degrade).map((rung, i) => [rung, this.degraded[i]])),
        degradedShare: this.offered === 0 ? 0 : this.worse / this.offered,
        wrong,
        wrongShare: this.offered === 0 ? 0 : wrong / this.offered,
        goodput_per_s: this.good / seconds,
      },
      ttft_s: percentiles(this.ttft.values),
      total_s: percentiles(this.total.values),
      tpot_s: percentiles(this.tpot.values),
      time: this.time.summary(),
      stages: this.stages.summary(),
      attained,
      budgetsLeft: slo.map((objective, i) => budgetLeft(objective, attained[i])),
      hours: this.hours.summary(),
      recoveries,
    };
  }

  private reaches(server: string): boolean {
    return this.traffic.path.includes(server) || askedTargets(this.traffic).includes(server);
  }
}
