import { settings } from "../../base/settings.ts";
import type { RouterPolicy } from "./router.ts";

/**
 * Sends each attempt to the replica with the smallest share of its KV blocks in use; of equals to the one with the fewest attempts
 * queued and running, and of these to the first. Tokens held weigh long conversations as what they are, where counts of attempts do not.
 */
export const kvAware: RouterPolicy = {
  settings: settings({}),
  create: () => (view) => {
    const { count } = view;
    let best = 0;
    let least = view.kvUse(0);
    for (let i = 1; i < count; i++) {
      const use = view.kvUse(i);
      if (use < least || (use === least && view.outstanding(i) < view.outstanding(best))) {
        best = i;
        least = use;
      }
    }
    return best;
  },
};
