/** The states of a replica's life as charts show them, from the bottom of a stack to its top. */
import { type LifecycleState, startPhases } from "../../../serving/fleet/lifecycle.ts";

/** What serves is below; above it the states by how near they are to serving, and at the top what waits in the warm pool. */
export const stateStack: readonly LifecycleState[] = ["ready", "draining", "resuming", ...startPhases.toReversed(), "requested", "warm"];

/** Grey for what serves, pale for what ends or waits, and warm hues that darken the further a start is from its end. */
export const stateColour: Record<LifecycleState, string> = {
  ready: "#b4bac4",
  draining: "#dcd3e8",
  resuming: "#f3c3c0",
  warming: "#fee9a6",
  compiling: "#fec44f",
  loading: "#fe9929",
  pulling: "#ec7014",
  provisioning: "#cc4c02",
  requested: "#7f2704",
  warm: "#dceaf3",
};
