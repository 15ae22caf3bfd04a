import { describe, expect, it } from "vitest";
import { Streams } from "../../src/kernel/random.ts";
import { Prefixes } from "../../src/traffic/prefixes.ts";
import { none, Requests } from "../../src/traffic/requests.ts";
import { SharedPrefix, sharedPrefixSettings } from "../../src/traffic/shared-prefix.ts";

/** Prefixes of requests with prompts of the lengths given, as the chain's only key and the tokens it covers. */
function assigned(settings: object, inputs: readonly number[], seed = 1, prefixes = new Prefixes()) {
  const requests = new Requests();
  const shared = new SharedPrefix(sharedPrefixSettings.parse(settings), requests, prefixes, new Streams(seed, 0).keyed("prefix"));
  return inputs.map((input) => {
    const request = requests.open(0, 0, input, 1);
    shared.assign(request);
    const chain = requests.prefix[request];
    if (chain === none) return undefined;
    return { key: prefixes.key(chain, 0), of: prefixes.tokens(chain, 0), tokens: requests.prefixTokens[request] };
  });
}

describe("a shared prefix", () => {
  it("of so many tokens covers a prompt as far as it goes", () => {
    expect(assigned({ tokens: "1.2k" }, [5000, 1200, 1199, 1])).toEqual(
      [1200, 1200, 1199, 1].map((tokens) => ({ key: 0, of: 1200, tokens })),
    );
  });

  it("of a share is rounded to whole tokens, and a prompt of which it covers none has no prefix", () => {
    expect(assigned({ share: "60%" }, [1000, 4, 1]).map((one) => one?.tokens)).toEqual([600, 2, 1]);
    expect(assigned({ share: "30%" }, [1])).toEqual([undefined]);
  });

  it("is one of the groups, each as likely as the others", () => {
    const counts = [0, 0, 0, 0];
    for (const one of assigned({ tokens: 10, groups: 4 }, Array<number>(20_000).fill(100))) counts[one!.key]++;
    // Four and a half standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - 5000)).toBeLessThan(4.5 * Math.sqrt(20_000 * 0.25 * 0.75));
  });

  it("is drawn from the seed by the request's number, whatever its length and whatever other prefixes there are", () => {
    const settings = { tokens: 10, groups: 100 };
    const groups = (inputs: readonly number[], seed: number, before = 0): number[] => {
      const prefixes = new Prefixes();
      prefixes.reserveKeys(before);
      for (let i = 0; i < before; i++) prefixes.add();
      return assigned(settings, inputs, seed, prefixes).map((one) => one!.key - before);
    };
    const inputs = [50, 60, 70, 80, 90, 100];
    expect(groups(inputs, 1)).toEqual(groups([...inputs].reverse(), 1, 7));
    expect(groups(inputs, 1)).not.toEqual(groups(inputs, 2));
  });
});

it.each([
  [{}, "needs either tokens or share"],
  [{ tokens: 5, share: "10%" }, "needs either tokens or share"],
  [{ tokens: 0 }, "must be at least 1"],
  [{ share: "101%" }, "must be at most 100%"],
  [{ tokens: 5, groups: 0 }, "must be at least 1"],
])("%j is no shared prefix", (settings, message) => {
  expect(sharedPrefixSettings.safeParse(settings).error?.issues[0].message).toBe(message);
});
