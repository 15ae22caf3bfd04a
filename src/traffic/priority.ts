/** How much a class of traffic matters where something must give way, most first. An attempt carries the position in this list. */
export const priorities = ["high", "normal", "low"] as const;

export type Priority = (typeof priorities)[number];
