import type { RouterPolicy } from "./router.ts";

/** Sends each attempt to a replica drawn at random. */
export const random: RouterPolicy = {
  create: (source) => (view) => Math.floor(source.uniform() * view.count),
};
