import * as fc from "fast-check";
import { expect, it } from "vitest";
import { lineOrderNames, lineOrders } from "../../../../src/serving/admission/orders/registry.ts";
import { shortestPromptFirst } from "../../../../src/serving/admission/orders/shortest-prompt-first.ts";
import { served, told } from "./line-driver.ts";

it("serves those with fewer input tokens before those with more, of equals who came first", () => {
  const lengths = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 2_147_483_647 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(told, lengths), { maxLength: 60 }), (drawn) => {
      const all = drawn.map(([known, inputTokens]) => ({ ...known, inputTokens }));
      const order = served(shortestPromptFirst, all);
      expect([...order].sort((a, b) => a - b)).toEqual(all.map((_, attempt) => attempt));
      for (let i = 1; i < order.length; i++) {
        const [before, after] = [order[i - 1], order[i]];
        const shorter = all[before].inputTokens < all[after].inputTokens;
        expect(shorter || (all[before].inputTokens === all[after].inputTokens && before < after)).toBe(true);
      }
    }),
  );
});

it("makes those who are there together wait no longer on average than another order, where reading takes as long as prompts are", () => {
  fc.assert(
    fc.property(fc.array(told, { minLength: 1, maxLength: 30 }), (all) => {
      const waited = (order: readonly number[]): number =>
        order.reduce((sum, attempt, place) => sum + all[attempt].inputTokens * (order.length - 1 - place), 0);
      const least = waited(served(shortestPromptFirst, all));
      for (const name of lineOrderNames) expect(least).toBeLessThanOrEqual(waited(served(lineOrders[name], all)));
    }),
  );
});
