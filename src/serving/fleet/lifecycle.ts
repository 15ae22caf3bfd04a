/** What a replica passes through before it is ready, in this order. */
export const startPhases = ["provisioning", "pulling", "loading", "compiling", "warming"] as const;
export type StartPhase = (typeof startPhases)[number];

/** Where replicas of a warm pool wait: image on the node; weights on the node and process up; ready but idle. */
export const warmStates = ["stopped", "paused", "ready"] as const;
export type WarmState = (typeof warmStates)[number];

/**
 * Every state that a replica can be in until it is gone. `requested`: there is no machine for it yet, since GPUs are out of stock;
 * `resuming`: on its way from the warm pool; `warm`: in it.
 */
export const lifecycleStates = ["requested", ...startPhases, "resuming", "ready", "draining", "warm"] as const;
export type LifecycleState = (typeof lifecycleStates)[number];

/** States from which on a price may count. */
export const billedFromStates = [...startPhases, "ready"] as const;

/** Between asking for a replica and its being ready, or warm. */
export const onTheWay: readonly LifecycleState[] = ["requested", ...startPhases, "resuming"];
