import { settings } from "../../base/settings.ts";
import type { RouterPolicy } from "./router.ts";

/** Sends attempts to the replicas in turn. */
export const roundRobin: RouterPolicy = {
  settings: settings({}),
  create() {
    let last = -1;
    return (view) => {
      last = (last + 1) % view.count;
      return last;
    };
  },
};
