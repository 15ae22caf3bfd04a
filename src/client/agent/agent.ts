import { asDistribution, createDistribution } from "../../kernel/distributions/registry.ts";
import type { Distribution } from "../../kernel/distributions/distribution.ts";
import type { KeyedRandom } from "../../kernel/random.ts";
import { outcomeCode } from "../../traffic/outcome.ts";
import type { Requests } from "../../traffic/requests.ts";
import { wholeTokens } from "../../traffic/lengths.ts";
import type { AgentSettings } from "./agent-settings.ts";

/** A loop that finds no end is a mistake of the agent's, and is cut here. */
const mostTurns = 100;

/**
 * A model that is called in turns for one request. How many, what each writes and what its tools give depend on the request and the turn
 * alone. A turn's prompt is the one before with what was written and what the tool gave.
 */
export class Agent {
  private readonly requests: Requests;
  private readonly random: KeyedRandom;
  private readonly calls: Distribution;
  private readonly outputTokens: Distribution;
  private readonly toolTime: Distribution;
  private readonly toolTokens: Distribution;

  constructor(given: AgentSettings, requests: Requests, random: KeyedRandom) {
    this.requests = requests;
    this.random = random;
    this.calls = createDistribution(asDistribution(given.calls));
    this.outputTokens = createDistribution(given.outputTokens);
    this.toolTime = createDistribution(asDistribution(given.toolTime));
    this.toolTokens = createDistribution(asDistribution(given.toolTokens));
  }

  /** A request has arrived. */
  begin(request: number): void {
    const { requests, random } = this;
    random.of(requests.number[request]);
    const turns = Math.min(mostTurns, Math.max(1, Math.round(this.calls.sample(random))));
    requests.turnsLeft[request] = turns - 1;
    requests.lastOutput[request] = requests.outputTokens[request];
    if (turns > 1) requests.outputTokens[request] = wholeTokens(this.outputTokens.sample(random));
  }

  /** No turn is needed, or no further one: what the request gets is the answer that the last would have given. */
  answeredBefore(request: number): void {
    this.requests.outputTokens[request] = this.requests.lastOutput[request];
  }

  /** Whether another turn follows the present one. */
  goesOn(request: number): boolean {
    return this.requests.turnsLeft[request] > 0;
  }

  /** Prepares the turn after one that was answered. @returns seconds until it begins */
  nextTurn(request: number): number {
    const { requests, random } = this;
    const left = --requests.turnsLeft[request];
    random.of(requests.number[request], left + 1);
    const time = this.toolTime.sample(random);
    const given = Math.max(0, Math.round(this.toolTokens.sample(random)));
    requests.inputTokens[request] += requests.outputTokens[request] + given;
    requests.outputTokens[request] = left === 0 ? requests.lastOutput[request] : wholeTokens(this.outputTokens.sample(random));
    requests.callsBefore[request] = requests.calls[request];
    requests.verdict[request] = outcomeCode.timedOut;
    requests.billed[request] = 0;
    return time;
  }
}
