import type * as z from "zod";
import { count, settings } from "../../../base/settings.ts";
import type { ScalingPolicy } from "./scaler.ts";

const fixedSettings = settings({
  replicas: count({ min: 1, whole: true }).describe("how many there are to be"),
});

/** Keeps one number of replicas, and so replaces those that are lost. */
export const fixed: ScalingPolicy<z.infer<typeof fixedSettings>> = {
  settings: fixedSettings,
  traits: ({ replicas }) => ({ still: true, named: [{ path: ["replicas"], count: replicas }] }),
  create: ({ replicas }) => ({ every: 60, lag: 0, initial: replicas, observe() {}, desired: () => replicas }),
};
