import type { Trace } from "./trace.ts";

/** A prompt of fewer blocks may be covered by chance, whatever its hashes stand for. */
const fewBlocks = 3;

/**
 * The largest share of a prompt that its hashes cover, where they leave more than a block of every prompt uncovered: then each of
 * them probably stands for more tokens than was said. Undefined where some prompt is covered, or none is long enough to tell.
 */
export function partialCover({ hashes, inputTokens }: Trace): number | undefined {
  if (hashes === undefined) return undefined;
  const { block, starts } = hashes;
  let most: number | undefined;
  for (let row = 0; row < inputTokens.length; row++) {
    const wholeBlocks = Math.floor(inputTokens[row] / block);
    if (wholeBlocks < fewBlocks) continue;
    const count = starts[row + 1] - starts[row];
    if (count >= wholeBlocks) return undefined;
    most = Math.max(most ?? 0, (count * block) / inputTokens[row]);
  }
  return most;
}
