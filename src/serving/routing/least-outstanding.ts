import { settings } from "../../base/settings.ts";
import type { RouterPolicy } from "./router.ts";

/** Sends each attempt to the replica with the fewest attempts queued and running; the first of equals. */
export const leastOutstanding: RouterPolicy = {
  settings: settings({}),
  create: () => (view) => view.leastOutstanding(),
};
