/** How a request ends; each ends in exactly one of these, so that offered requests are always their sum. */
export const outcomes = ["served", "timedOut", "shed", "throttled", "failed", "unfinished"] as const;

export type Outcome = (typeof outcomes)[number];

/** Positions in `outcomes`, for columns. */
export const outcomeCode = Object.fromEntries(outcomes.map((outcome, code) => [outcome, code])) as Record<Outcome, number>;
