import type { RouterPolicy } from "./router.ts";

/** Sends each attempt to the replica with the fewest attempts queued and running; the first of equals. */
export const leastOutstanding: RouterPolicy = {
  create: () => (view) => {
    let best = 0;
    let fewest = view.outstanding(0);
    for (let index = 1; index < view.count && fewest > 0; index++) {
      const outstanding = view.outstanding(index);
      if (outstanding < fewest) {
        best = index;
        fewest = outstanding;
      }
    }
    return best;
  },
};
