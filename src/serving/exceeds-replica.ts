import type { PoolSettings } from "./pool-settings.ts";
import type { Sequences } from "./replica/sequences.ts";
import { mostHeldTokens } from "./replica/speculation.ts";

/** Whether no replica could ever serve it: beyond the context or all KV blocks, or a prompt to be read in one piece beyond the budget. */
export function exceedsReplica(engine: PoolSettings["engine"], { attempts, received }: Sequences, attempt: number): boolean {
  if (engine.stepTime === undefined) return false;
  const input = attempts.inputTokens[attempt];
  const output = attempts.outputTokens[attempt];
  const inOnePiece = !engine.chunkedPrefill && received[attempt] === 0;
  return (
    input + output > (engine.context ?? Infinity) ||
    mostHeldTokens(input, output, engine.speculation) > engine.kvBlocks! * engine.blockSize ||
    (inOnePiece && input > engine.maxBatchedTokens)
  );
}
