import type { z } from "zod";
import { factor, settings } from "../../base/settings.ts";
import { none } from "../../traffic/requests.ts";
import type { ReplicasView, RoutedAttempt, RouterPolicy } from "./router.ts";
import { SegmentHolders } from "./segment-holders.ts";

const prefixAffinitySettings = settings({
  overload: factor({ min: 1 })
    .prefault(1.5)
    .describe("times the mean of attempts queued and running, plus one: a replica with more gets none for its prefix's sake"),
});

/**
 * Sends each attempt to the replica that was last sent the longest part of its prefix, whose cache may still have it; where nothing
 * is known, or that replica has too much to do, to the one with the fewest attempts queued and running. It goes by what it sent, not
 * by what caches hold. SGLang's cache-aware router does so with a tree per replica, and by the load when that is uneven
 * (lmsys.org/blog/2024-12-04-sglang-v0-4). A bound that is a multiple of the mean is that of consistent hashing with bounded loads
 * (Mirrokni, Thorup and Zadimoghaddam 2016, arXiv 1608.01350).
 */
export const prefixAffinity: RouterPolicy<z.infer<typeof prefixAffinitySettings>> = {
  settings: prefixAffinitySettings,
  create({ overload }, _, attempts) {
    const holders = new SegmentHolders();
    return (view, attempt) => {
      const segments = segmentsOf(attempts, attempt);
      if (segments === 0) return view.leastOutstanding();
      const chain = attempts.prefix[attempt];
      const { prefixes } = attempts;
      let holder = none;
      let gone = none;
      for (let i = segments - 1; i >= 0 && holder === none; i--) {
        const number = holders.of(prefixes.key(chain, i));
        // Segments in a row mostly have the same holder, so one that is gone is looked for once.
        if (number === none || number === gone) continue;
        holder = positionOf(view, number);
        gone = number;
      }
      const chosen = holder === none || isOverloaded(view, holder, overload) ? view.leastOutstanding() : holder;
      const chosenNumber = view.number(chosen);
      for (let i = 0; i < segments; i++) holders.remember(prefixes.key(chain, i), chosenNumber);
      return chosen;
    };
  },
};

/** How many segments of its chain the prompt has, the last perhaps in part. */
function segmentsOf({ prefix, prefixTokens, prefixes }: RoutedAttempt, attempt: number): number {
  const chain = prefix[attempt];
  if (chain === none) return 0;
  const most = prefixes.segments(chain);
  let segments = 0;
  for (let left = prefixTokens[attempt]; left > 0 && segments < most; segments++) left -= prefixes.tokens(chain, segments);
  return segments;
}

/** Where the replica of this number stands, or `none`; looked for from its number on, which is where it stands in a fleet of fixed size. */
function positionOf(view: ReplicasView, number: number): number {
  const { count } = view;
  let position = Math.min(number, count - 1);
  for (let looked = 0; looked < count; looked++) {
    if (view.number(position) === number) return position;
    position = position === 0 ? count - 1 : position - 1;
  }
  return none;
}

function isOverloaded(view: ReplicasView, position: number, overload: number): boolean {
  const { count } = view;
  let total = 0;
  for (let i = 0; i < count; i++) total += view.outstanding(i);
  return view.outstanding(position) > (overload * total) / count + 1;
}
