import { settings } from "../../base/settings.ts";
import type { RouterPolicy } from "./router.ts";

/**
 * Draws two different replicas at random and takes the one with fewer attempts queued and running; of equals the one drawn first.
 * Mitzenmacher, The power of two choices in randomized load balancing (IEEE TPDS 12, 2001): the second look removes most of the
 * imbalance that one leaves, and routers that see the same stale loads do not all run to the same replica.
 */
export const powerOfTwo: RouterPolicy = {
  settings: settings({}),
  create: (_, source) => (view) => {
    const { count } = view;
    if (count === 1) return 0;
    const first = Math.floor(source.uniform() * count);
    const other = Math.floor(source.uniform() * (count - 1));
    const second = other < first ? other : other + 1;
    return view.outstanding(second) < view.outstanding(first) ? second : first;
  },
};
