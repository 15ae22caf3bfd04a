import type { Attempts } from "../../traffic/attempts.ts";
import { outcomeCode } from "../../traffic/outcome.ts";
import type { Requests } from "../../traffic/requests.ts";

/** What the attempts of a class count for at its gate, in tokens, before and after their answers are there. */
export class TokenEstimate {
  private readonly requests: Requests;
  private readonly attempts: Attempts;
  private readonly maxOutput: number;
  private readonly expectedOutput: number;

  /** @param maxOutput tokens, that of the class; @param expectedOutput tokens that an answer is taken for beforehand, at most */
  constructor(requests: Requests, attempts: Attempts, maxOutput: number, expectedOutput: number) {
    this.requests = requests;
    this.attempts = attempts;
    this.maxOutput = maxOutput;
    this.expectedOutput = expectedOutput;
  }

  /** What an attempt for the request is taken for beforehand. */
  beforehand(request: number): number {
    const { inputTokens, maxOutput } = this.requests;
    return inputTokens[request] + Math.min(this.expectedOutput, this.maxOutput, maxOutput[request]);
  }

  /** What is given back of it; nobody knows what an attempt has used that was given up. */
  back(attempt: number, verdict: number): number {
    const { attempts } = this;
    if (attempts.abandoned[attempt] === 1) return 0;
    const expected = Math.min(this.expectedOutput, attempts.maxOutput[attempt]);
    return verdict === outcomeCode.served ? expected - attempts.outputTokens[attempt] : attempts.inputTokens[attempt] + expected;
  }
}
