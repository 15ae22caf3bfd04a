/**
 * Probability of each number of attempts in an M/M/c/K system, which is also what arrivals find (PASTA).
 * @param load arrival rate over the service rate of one server, erlangs
 * @param places the K attempts that fit, those in service counted; Infinity for a line without end, cut off at 2000
 */
export function stateProbabilities(load: number, servers: number, places: number): number[] {
  const weights = [1];
  for (let n = 1; n <= Math.min(places, 2000); n++) weights.push((weights[n - 1] * load) / Math.min(n, servers));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / whole);
}

/** Share of the arrivals at an M/M/c system that have to wait: Erlang C, by the recursion for Erlang B. */
export function waitingShare(servers: number, arrivalRate: number, serviceRate: number): number {
  const load = arrivalRate / serviceRate;
  let blocking = 1;
  for (let n = 1; n <= servers; n++) blocking = (load * blocking) / (n + load * blocking);
  return blocking / (1 - (load / servers) * (1 - blocking));
}

/** Mean wait in an M/M/c system, those that do not wait counted in. */
export function meanWait(servers: number, arrivalRate: number, serviceRate: number): number {
  return waitingShare(servers, arrivalRate, serviceRate) / (servers * serviceRate - arrivalRate);
}

/** Mean time in an M/M/c system. */
export function meanStay(servers: number, arrivalRate: number, serviceRate: number): number {
  return meanWait(servers, arrivalRate, serviceRate) + 1 / serviceRate;
}

/**
 * Mean time in an E_k/M/1 system, whose gaps between arrivals are sums of k exponential ones: 1 / (μ (1 − σ)), where σ in (0, 1) is
 * what the Laplace transform of the gaps is at μ (1 − σ).
 * @param arrivalRate of this one server
 */
export function meanStayErlangArrivals(stages: number, arrivalRate: number, serviceRate: number): number {
  let sigma = arrivalRate / serviceRate;
  for (let i = 0; i < 1000; i++) {
    const stageRate = stages * arrivalRate;
    sigma = (stageRate / (stageRate + serviceRate * (1 - sigma))) ** stages;
  }
  return 1 / (serviceRate * (1 - sigma));
}

/**
 * Mean wait in an M/G/1 system with work to come before a newcomer of `residual` seconds in the mean, where who comes first is served
 * before a share `ahead` of the server's time and after a share `notBehind`: Cobham's formula for the class of one priority. With both
 * the whole load for `notBehind` and 0 for `ahead` it is Pollaczek and Khinchine's.
 * @param residual λ E[S²] / 2, over all classes
 * @param ahead load of those that go before whoever waits
 * @param notBehind load of these and of those in whose line one stands
 */
export function cobham(residual: number, ahead: number, notBehind: number): number {
  return residual / ((1 - ahead) * (1 - notBehind));
}

/**
 * Mean wait in an M/M/1 system that serves the shortest first (Phipps, Operations Research 4, 1956): of one that takes x it is
 * cobham's with the load of those shorter than x on both sides, here averaged over x by the rule of the midpoint.
 */
export function meanWaitShortestFirst(arrivalRate: number, meanService: number): number {
  const load = arrivalRate * meanService;
  const cells = 200_000;
  let wait = 0;
  for (let i = 0; i < cells; i++) {
    // The quantile of the cell's middle; up to it the exponential law has 1 − (1 + x) e^−x of all work, with x in mean services.
    const beyond = 1 - (i + 0.5) / cells;
    const shorter = load * (1 - (1 - Math.log(beyond)) * beyond);
    wait += cobham(load * meanService, shorter, shorter) / cells;
  }
  return wait;
}
