import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KvBlocks } from "../../../src/serving/replica/kv-blocks.ts";
import { decodingPace } from "../../../src/serving/replica/speculation.ts";

const decoders = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
const blockSize = fc.constantFrom(1, 2, 5, 16);

/** Blocks that the sequences need in the n-th iteration from now, counted one by one; each holds so many tokens before the first. */
function needed(held: readonly number[], size: number, n: number): number {
  return held.reduce((sum, tokens) => sum + Math.ceil((tokens + n + 1) / size) - Math.ceil((tokens + n) / size), 0);
}

function decoding(held: readonly number[], size: number, iteration: number, free: number): KvBlocks {
  const blocks = new KvBlocks(free, size);
  for (const tokens of held) blocks.startDecoding(blocks.residue(iteration, tokens));
  return blocks;
}

describe("the KV blocks of decoding sequences", () => {
  it("are needed in each iteration as counting them one by one says", () => {
    fc.assert(
      fc.property(decoders, blockSize, fc.nat(100), fc.nat(80), (held, size, iteration, count) => {
        const blocks = decoding(held, size, iteration, 0);
        let sum = 0;
        for (let n = 0; n < count; n++) {
          expect(blocks.neededIn(iteration + n)).toBe(needed(held, size, n));
          sum += needed(held, size, n);
        }
        expect(blocks.neededOver(iteration, count)).toBe(sum);
      }),
    );
  });

  it("last for as many iterations as taking them one by one says", () => {
    fc.assert(
      fc.property(decoders, blockSize, fc.nat(100), fc.nat(200), fc.nat(300), (held, size, iteration, free, limit) => {
        let covered = 0;
        for (let left = free; covered < limit && needed(held, size, covered) <= left; covered++) left -= needed(held, size, covered);
        expect(decoding(held, size, iteration, free).iterationsCovered(iteration, limit)).toBe(covered);
      }),
    );
  });

  it("are no longer needed by who has stopped decoding", () => {
    const blocks = decoding([3, 3, 7], 4, 0, 0);
    expect(blocks.neededOver(0, 4)).toBe(3);
    blocks.stopDecoding(blocks.residue(0, 3));
    expect(blocks.neededOver(0, 4)).toBe(2);
  });

  it("are needed as counting one by one says where an iteration yields a part of a token more, and drafts need room", () => {
    const pace = fc.record({ draftTokens: fc.integer({ min: 1, max: 4 }), share: fc.nat(100) });
    fc.assert(
      fc.property(decoders, blockSize, fc.nat(100), fc.nat(300), pace, (held, size, iteration, count, { draftTokens, share }) => {
        const gain = 100 + share * draftTokens;
        const blocks = new KvBlocks(0, size, decodingPace({ draftTokens, acceptedTokens: gain / 100, draftTime: 0 }));
        for (const tokens of held) blocks.startDecoding(blocks.residue(iteration, tokens));
        const holding = (tokens: number, n: number) => Math.ceil((tokens * 100 + (1 + draftTokens) * 100 - gain + n * gain) / (size * 100));
        const between = (from: number, to: number) => held.reduce((sum, tokens) => sum + holding(tokens, to) - holding(tokens, from), 0);
        expect(blocks.neededIn(iteration)).toBe(between(0, 1));
        expect(blocks.neededBy(blocks.residue(iteration, held[0]), iteration)).toBe(holding(held[0], 1) - holding(held[0], 0));
        expect(blocks.neededOver(iteration, count)).toBe(between(0, count));
      }),
    );
  });
});
