import type { Simulation } from "../kernel/simulation.ts";
import { causeCode } from "../traffic/cause.ts";
import { none, type Requests } from "../traffic/requests.ts";
import type { ClientSetup } from "./client-setup.ts";
import type { Path } from "./path.ts";
import { Pipeline, type PipelineListener } from "./pipeline/pipeline.ts";

/** What becomes of a request before its targets: exactly one of `found`, `call` and `endInVain`, unless it leaves before. */
export interface WalkListener {
  /** Whether the stage at this position of the path is left out. */
  skips(request: number, stage: number): boolean;
  /** The cache at this position has an answer. */
  found(request: number, stage: number): void;
  /** It has come to its targets. */
  call(request: number): void;
  /** A stage came to nothing without which it cannot go on. @param verdict a code of `outcomes` */
  endInVain(request: number, verdict: number): void;
}

/** Takes requests through the stages of their path, and tells the caches that had no answer how it went on. */
export class Walk implements PipelineListener {
  readonly pipeline: Pipeline;
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly path: Path;
  private readonly salt: number;
  private readonly listener: WalkListener;
  private readonly looked: number;

  constructor(setup: ClientSetup, listener: WalkListener) {
    const { simulation, requests, path, salt } = setup;
    this.simulation = simulation;
    this.requests = requests;
    this.path = path;
    this.salt = salt;
    this.listener = listener;
    this.pipeline = new Pipeline(setup, this);
    this.looked = simulation.handler((request, ordinal) => {
      if (requests.ordinal[request] === ordinal) this.lookUp(request);
    });
  }

  /** The request comes to the stage at this position, or behind the last. */
  enter(request: number, position: number): void {
    const { requests, path, simulation, listener } = this;
    const { stages } = path;
    let at = position;
    requests.stage[request] = at;
    while (at < stages.length && listener.skips(request, at)) {
      requests.lacks[request] |= stages[at].gives;
      requests.stage[request] = ++at;
    }
    if (at === stages.length) {
      listener.call(request);
      return;
    }
    const { cache, work } = stages[at];
    requests.stageAt[request] = simulation.now;
    if (cache !== undefined) requests.time.enter(request, causeCode.cache, simulation.now);
    if (work !== none) this.pipeline.begin(request, work);
    else this.reach(request, cache!.lookup.latency);
  }

  worked(request: number): void {
    const { cache } = this.here(request);
    if (cache === undefined) this.enter(request, this.requests.stage[request] + 1);
    else this.reach(request, cache.lookup.latency);
  }

  broke(request: number, verdict: number): void {
    const { cache } = this.here(request);
    if (cache === undefined) {
      this.listener.endInVain(request, verdict);
      return;
    }
    cache.lookup.gaveUp();
    this.pass(request);
  }

  /** What the request waited for at a cache has come, or will not. */
  awaited(request: number, found: boolean): void {
    this.requests.awaiting[request] = 0;
    if (found) this.hit(request);
    else this.goOn(request);
  }

  /** The request leaves the stage at which it is, if it is at one. */
  leave(request: number): void {
    const { requests, path, salt } = this;
    if (requests.stage[request] >= path.stages.length) return;
    this.pipeline.leave(request);
    const { cache } = this.here(request);
    if (cache === undefined) return;
    this.timed(request, cache.slot);
    if (requests.awaiting[request] === 0) return;
    requests.awaiting[request] = 0;
    cache.lookup.leave(request, requests.number[request], salt, requests.question[request]);
  }

  /** The run ends while the request is in flight: the time at the stage at which it is counts so far. */
  cut(request: number): void {
    const { requests, path } = this;
    if (requests.stage[request] >= path.stages.length) return;
    this.pipeline.cut(request);
    const { cache } = this.here(request);
    if (cache !== undefined) this.timed(request, cache.slot);
  }

  /**
   * A request has ended.
   * @param number of the request; @param question what it asked; @param missed its bits
   * @param answered whether what caches keep of it is there
   */
  ended(number: number, question: number, missed: number, answered: boolean): void {
    const { path, salt } = this;
    for (let stage = 0, rest = missed; rest !== 0; stage++, rest >>= 1) {
      if ((rest & 1) === 1) path.stages[stage].cache!.lookup.settle(number, salt, question, answered);
    }
  }

  /** The look-up begins. @param latency seconds until it has an answer */
  private reach(request: number, latency: number): void {
    if (latency === 0) this.lookUp(request);
    else this.simulation.after(latency, this.looked, request, this.requests.ordinal[request]);
  }

  private lookUp(request: number): void {
    const { requests, salt } = this;
    const { lookup } = this.here(request).cache!;
    const number = requests.number[request];
    const question = requests.question[request];
    const finding = lookup.lookUp(number, salt, question);
    if (finding === "wrong") requests.wrong[request] = 1;
    if (finding !== "miss") this.hit(request);
    else if (lookup.join(request, number, salt, question)) requests.awaiting[request] = 1;
    else this.goOn(request);
  }

  private hit(request: number): void {
    this.listener.found(request, this.requests.stage[request]);
  }

  /** The cache has no answer, but may keep the one that this request gets. */
  private goOn(request: number): void {
    const { requests } = this;
    requests.missed[request] |= 1 << requests.stage[request];
    this.pass(request);
  }

  private pass(request: number): void {
    this.timed(request, this.here(request).cache!.slot);
    this.enter(request, this.requests.stage[request] + 1);
  }

  private timed(request: number, slot: number): void {
    const { requests, simulation } = this;
    requests.spend(request, slot, simulation.now - requests.stageAt[request]);
  }

  private here(request: number) {
    return this.path.stages[this.requests.stage[request]];
  }
}
