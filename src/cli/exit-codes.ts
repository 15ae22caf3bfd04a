/** How a command ends (design §5). */
export const exitCodes = { done: 0, usersMistake: 2, bug: 70, sloMissed: 99, interrupted: 130 } as const;
