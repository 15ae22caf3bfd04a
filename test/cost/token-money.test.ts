import { describe, expect, it } from "vitest";
import { tokenMoney } from "../../src/cost/token-money.ts";

const none = { input: 0, cached: 0, written: 0, output: 0 };
const price = { inputPerMillion: 2, outputPerMillion: 10, cachedInputPerMillion: 0.2, cacheWritePerMillion: 2.5 };

describe("tokens cost their price per million", () => {
  it("input and output apart", () => {
    const tokens = { base: { ...none, input: 3e6, output: 500_000 }, above: none };
    expect(tokenMoney(tokens, { inputPerMillion: 0.2, outputPerMillion: 1.2 })).toBeCloseTo(1.2, 12);
  });

  it("what a prompt cache read and wrote at prices of their own, and at that of input without these", () => {
    const tokens = { base: { input: 10e6, cached: 6e6, written: 1e6, output: 1e6 }, above: none };
    expect(tokenMoney(tokens, price)).toBeCloseTo(3 * 2 + 6 * 0.2 + 2.5 + 10, 12);
    expect(tokenMoney(tokens, { inputPerMillion: 2, outputPerMillion: 10 })).toBeCloseTo(30, 12);
    expect(tokenMoney(tokens, { ...price, cachedInputPerMillion: 0 })).toBeCloseTo(3 * 2 + 2.5 + 10, 12);
  });

  it("of long prompts at those of their tier, where the prompt cache keeps its ratio to input", () => {
    const tokens = { base: { ...none, input: 1e6 }, above: { input: 10e6, cached: 6e6, written: 1e6, output: 1e6 } };
    const above = { tokens: 200_000, inputPerMillion: 4, outputPerMillion: 15 };
    expect(tokenMoney(tokens, { ...price, above })).toBeCloseTo(2 + 3 * 4 + 6 * 0.4 + 5 + 15, 12);
    expect(tokenMoney(tokens, { inputPerMillion: 0, outputPerMillion: 10, cachedInputPerMillion: 0.2, above })).toBeCloseTo(
      (3 + 1) * 4 + 6 * 0.2 + 15,
      12,
    );
  });
});
