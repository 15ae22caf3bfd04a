import { describe, expect, it } from "vitest";
import {
  cobham,
  meanStay,
  meanStayErlangArrivals,
  meanWait,
  meanWaitShortestFirst,
  stateProbabilities,
  waitingShare,
} from "./closed-forms.ts";

/** λ E[S²] / 2 of exponential services. */
const residualOf = (arrivalRate: number, meanService: number): number => arrivalRate * meanService * meanService;

describe("the closed forms agree with each other", () => {
  it("Erlang C with one server is the M/M/1 formula", () => {
    expect(meanStay(1, 0.8, 1)).toBeCloseTo(1 / (1 - 0.8), 12);
  });

  it("Erlang C is the probability of the states in which all servers are busy, and Little's law gives its mean", () => {
    const probabilities = stateProbabilities(2.4, 3, Infinity);
    expect(waitingShare(3, 2.4, 1)).toBeCloseTo(1 - probabilities[0] - probabilities[1] - probabilities[2], 12);
    expect(meanStay(3, 2.4, 1)).toBeCloseTo(probabilities.reduce((sum, p, n) => sum + p * n, 0) / 2.4, 9);
  });

  it("a system with as many places as servers is Erlang's loss system", () => {
    expect(stateProbabilities(0.5, 1, 1)[1]).toBeCloseTo(0.5 / 1.5, 12);
    expect(stateProbabilities(1, 2, 2)[2]).toBeCloseTo(0.5 / 2.5, 12);
  });

  it("arrivals in one stage are Poisson, and in more and more stages those of D/M/1", () => {
    expect(meanStayErlangArrivals(1, 0.8, 1)).toBeCloseTo(5, 9);
    let sigma = 0.5;
    for (let i = 0; i < 1000; i++) sigma = Math.exp((sigma - 1) / 0.8);
    expect(meanStayErlangArrivals(1e6, 0.8, 1)).toBeCloseTo(1 / (1 - sigma), 3);
  });

  it("two priorities wait in the mean of all as long as in one line, whatever their shares", () => {
    const residual = residualOf(8, 0.1);
    for (const share of [0.1, 0.5, 0.9]) {
      const ahead = 0.8 * share;
      const mean = share * cobham(residual, 0, ahead) + (1 - share) * cobham(residual, ahead, 0.8);
      expect(mean).toBeCloseTo(meanWait(1, 8, 10), 12);
    }
  });

  it("the shortest first wait as many classes of priority do, and less in the mean than in one line", () => {
    const [rate, mean, classes] = [8, 0.1, 2000];
    let wait = 0;
    let ahead = 0;
    const below = (x: number): number => rate * mean * (1 - (1 + x) * Math.exp(-x));
    for (let i = 1; i <= classes; i++) {
      const notBehind = i === classes ? rate * mean : below(-Math.log(1 - i / classes));
      wait += cobham(residualOf(rate, mean), ahead, notBehind) / classes;
      ahead = notBehind;
    }
    expect(meanWaitShortestFirst(rate, mean)).toBeCloseTo(wait, 3);
    expect(meanWaitShortestFirst(rate, mean)).toBeLessThan(meanWait(1, rate, 1 / mean));
  });
});
