import { normalQuantile } from "../src/kernel/normal.ts";
import type { RandomSource } from "../src/kernel/random.ts";
import type { ChatDay } from "./chat-day-settings.ts";

/** One client of the service: its share of all requests, and how its gaps are distributed. */
export interface ChatClient {
  readonly share: number;
  readonly cv: number;
  readonly law: "gamma" | "weibull";
}

/** The clients from the largest to the smallest. */
export function chatClients({ clients }: ChatDay, random: RandomSource): ChatClient[] {
  const shares = clientShares(clients.count, clients.topTenShare, clients.shareOffset);
  const cvs = Array.from({ length: clients.count }, (_, i) => clientCv((i + 0.5) / clients.count, clients));
  const burstiest = cvs.splice(-clients.burstiestAreSmallest);
  const paired = [...shuffled(cvs, random), ...burstiest];
  const isGamma = (i: number) => Math.floor((i + 1) * clients.gammaShare) > Math.floor(i * clients.gammaShare);
  return shares.map((share, i) => ({ share, cv: paired[i], law: isGamma(i) || paired[i] > 10 ? "gamma" : "weibull" }));
}

/** Shares that fall by a power law whose exponent gives the ten largest what they have together. */
function clientShares(count: number, topTen: number, offset: number): number[] {
  const weights = (exponent: number) => Array.from({ length: count }, (_, k) => (k + 1 + offset) ** -exponent);
  let low = 0;
  let high = 50;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (sum(weights(middle).slice(0, 10)) / sum(weights(middle)) < topTen) low = middle;
    else high = middle;
  }
  const found = weights(low);
  return found.map((weight) => weight / sum(found));
}

/** The coefficient of variation below which a share `p` of the clients lies: its logarithm is linear in the normal quantile between percentiles. */
function clientCv(p: number, { cv, leastCv }: ChatDay["clients"]): number {
  const z = normalQuantile(p);
  const [z90, z99] = [normalQuantile(0.9), normalQuantile(0.99)];
  const lower = Math.log(cv.p50) + (z / z90) * Math.log(cv.p90 / cv.p50);
  const upper = Math.log(cv.p90) + ((z - z90) / (z99 - z90)) * Math.log(cv.p99 / cv.p90);
  return Math.max(leastCv, Math.exp(p < 0.9 ? lower : upper));
}

/** Fisher and Yates' shuffle. */
function shuffled<Item>(items: readonly Item[], random: RandomSource): Item[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
