import type { PlainAgent } from "./plain-given-stages.ts";
import type { PlainRequest } from "./plain-given.ts";

/** Turns of the model for one request; a single one without an agent. */
export interface Turns {
  /** Tokens that the model reads now. */
  prompt: number;
  isLast(): boolean;
  /** Tokens that it writes in this turn if nothing cuts it. */
  output(): number;
  /** It has written so many tokens. @returns seconds until its next turn */
  next(written: number): number;
}

export function turnsOf(agent: PlainAgent | undefined, { input, output }: PlainRequest): Turns {
  let left = agent?.calls ?? 1;
  const turns: Turns = {
    prompt: input,
    isLast: () => left === 1,
    output: () => (left === 1 ? output : agent!.output),
    next(written) {
      left--;
      turns.prompt += written + agent!.toolTokens;
      return agent!.toolTime;
    },
  };
  return turns;
}
