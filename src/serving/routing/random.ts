import { settings } from "../../base/settings.ts";
import type { RouterPolicy } from "./router.ts";

/** Sends each attempt to a replica drawn at random. */
export const random: RouterPolicy = {
  settings: settings({}),
  create: (_, source) => (view) => Math.floor(source.uniform() * view.count),
};
