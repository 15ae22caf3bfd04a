import type { KeyedRandom } from "../kernel/random.ts";
import type { Requests } from "../traffic/requests.ts";
import type { Chain, Path, Step } from "./path.ts";

/** More steps than a chain may have, so that a call's draws at its steps are told apart. */
const stepsApart = 16;

/** Chooses which target a call asks at each step of its chain. */
export class Chooser {
  private readonly requests: Requests;
  private readonly path: Path;
  private readonly random: KeyedRandom;

  /** @param random for splits, keyed by the request's number, its call and the step */
  constructor(requests: Requests, path: Path, random: KeyedRandom) {
    this.requests = requests;
    this.path = path;
    this.random = random;
  }

  chainOf(request: number): Chain {
    return this.path.chains[this.requests.chain[request]];
  }

  /** Position in the chain of the step that the request is at. */
  stepOf(request: number): number {
    return this.requests.stage[request] - this.path.stages.length;
  }

  /** Position in the path's targets of the one that the request's call asks at a step. */
  draw(request: number, position: number): number {
    const { targets, upTo } = this.chainOf(request).steps[position];
    if (targets.length === 1) return targets[0];
    const { number, calls } = this.requests;
    const drawn = this.random.of(number[request], calls[request] * stepsApart + position).uniform();
    let chosen = 0;
    while (drawn >= upTo[chosen]) chosen++;
    return targets[chosen];
  }

  /** Whether a step is passed over, since its target has enough to do or the prompt is too long for it. */
  spillsOver({ targets, mostOutstanding, longestPrompt }: Step, request: number): boolean {
    const { outstanding, targetNumbers } = this.path;
    const busy = outstanding !== undefined && outstanding[targetNumbers[targets[0]]] >= mostOutstanding;
    return busy || this.requests.inputTokens[request] > longestPrompt;
  }
}
