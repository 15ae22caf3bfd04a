/**
 * What chat-day.csv is made of. Measured numbers come from three sources, and what none of them says is assumed:
 *
 * - ServeGen: production traffic of a model service, Alibaba 2025, pool m-small, 14 days in windows of 10 minutes.
 * - Azure: the conversation part of the LLM inference trace 2023, Microsoft, CC-BY 4.0: 19,366 requests of one hour.
 * - Assumed: chosen so that the whole looks like a chat product's day.
 */
export const chatDay = {
  seed: 20_261_013,
  /** A Tuesday, UTC. */
  date: "2026-10-13",
  /** Expected number of requests (assumed). */
  requests: 160_000,

  /** Rate in each hour of the day, as a multiple of the day's mean (ServeGen). */
  hourProfile: [
    0.84, 0.71, 0.73, 0.68, 0.71, 0.66, 0.68, 0.85, 1.02, 1.05, 1.13, 1.09, 1.06, 1.07, 1.06, 1.05, 1.09, 1.08, 1.01, 1.23, 1.46, 1.4, 1.27,
    1.06,
  ],

  clients: {
    /** ServeGen. */
    count: 43,
    /** Share of the requests that come from the ten largest clients (ServeGen). */
    topTenShare: 0.93,
    /** The k-th client's share falls as 1 / (k + offset)^exponent; the exponent follows from the ten largest (offset assumed). */
    shareOffset: 10,
    /** Coefficient of variation of the gaps over clients, by its percentiles (ServeGen). */
    cv: { p50: 1.21, p90: 5.5, p99: 26.7 },
    /** Least coefficient of variation (assumed: people who chat are at least this irregular). */
    leastCv: 0.6,
    /** So many of the burstiest clients are the smallest ones (assumed: jobs that send a batch now and then). */
    burstiestAreSmallest: 8,
    /** Clients whose gaps are gamma, the other ones' being Weibull (ServeGen). */
    gammaShare: 0.7,
  },

  /**
   * Slow swings of the rate around the hour's, as deviations of its logarithm that are forgotten over `memory` seconds: of the whole
   * service and of each client alone. Deviations and memories are assumed, so that the rate of a minute doubles and halves within
   * the hour as it does in Azure's trace.
   */
  swings: { service: { deviation: 0.17, memory: 420 }, client: { deviation: 0.3, memory: 700 } },

  /** Lognormal token counts by mean and deviation of the logarithm, and the most that occurs (Azure). */
  inputTokens: { mu: 6.633, sigma: 0.985, max: 14_050 },
  outputTokens: { mu: 5.019, sigma: 0.859, max: 1_000 },
  /** Correlation of the normals beneath a request's input and output tokens; gives the token counts that of Azure's, -0.112. */
  normalCorrelation: -0.168,
} as const;

export type ChatDay = typeof chatDay;
