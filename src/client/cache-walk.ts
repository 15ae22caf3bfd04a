import type { Simulation } from "../kernel/simulation.ts";
import type { Requests } from "../traffic/requests.ts";
import type { ClientSetup } from "./client-setup.ts";
import type { Path } from "./path.ts";

/** What a request meets on its way through the caches: exactly one of `found` and `foundNothing`, unless it leaves before. */
export interface WalkListener {
  /** Whether the cache at this stage is left out. */
  skips(request: number, stage: number): boolean;
  found(request: number, stage: number): void;
  foundNothing(request: number): void;
}

/** Takes requests through the caches of their path, and tells those that had no answer how it went on. */
export class CacheWalk {
  private readonly simulation: Simulation;
  private readonly requests: Requests;
  private readonly path: Path;
  private readonly salt: number;
  private readonly listener: WalkListener;
  private readonly looked: number;

  constructor({ simulation, requests, path, salt }: ClientSetup, listener: WalkListener) {
    this.simulation = simulation;
    this.requests = requests;
    this.path = path;
    this.salt = salt;
    this.listener = listener;
    this.looked = simulation.handler((request, ordinal) => {
      if (requests.ordinal[request] === ordinal) this.lookUp(request);
    });
  }

  /** The request comes to the cache at this stage, or behind the last. */
  enter(request: number, stage: number): void {
    const { requests, path, simulation, listener } = this;
    const { caches } = path;
    let at = stage;
    requests.stage[request] = at;
    while (at < caches.length && listener.skips(request, at)) requests.stage[request] = ++at;
    if (at === caches.length) listener.foundNothing(request);
    else if (caches[at].latency === 0) this.lookUp(request);
    else simulation.after(caches[at].latency, this.looked, request, requests.ordinal[request]);
  }

  /** What the request waited for at a cache has come, or will not. */
  awaited(request: number, found: boolean): void {
    this.requests.awaiting[request] = 0;
    if (found) this.listener.found(request, this.requests.stage[request]);
    else this.goOn(request);
  }

  /** The request leaves the cache at which it waits, if it does. */
  leave(request: number): void {
    const { requests, path, salt } = this;
    if (requests.awaiting[request] === 0) return;
    requests.awaiting[request] = 0;
    path.caches[requests.stage[request]].leave(request, requests.number[request], salt, requests.question[request]);
  }

  /**
   * A request has ended.
   * @param number of the request; @param question of it; @param missed its bits; @param answered whether what caches keep of it is there
   */
  ended(number: number, question: number, missed: number, answered: boolean): void {
    const { path, salt } = this;
    for (let stage = 0, rest = missed; rest !== 0; stage++, rest >>= 1) {
      if ((rest & 1) === 1) path.caches[stage].settle(number, salt, question, answered);
    }
  }

  private lookUp(request: number): void {
    const { requests, path, salt, listener } = this;
    const stage = requests.stage[request];
    const cache = path.caches[stage];
    const number = requests.number[request];
    const question = requests.question[request];
    if (cache.lookUp(number, salt, question)) listener.found(request, stage);
    else if (cache.join(request, number, salt, question)) requests.awaiting[request] = 1;
    else this.goOn(request);
  }

  private goOn(request: number): void {
    const { requests } = this;
    const stage = requests.stage[request];
    requests.missed[request] |= 1 << stage;
    this.enter(request, stage + 1);
  }
}
