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
 * Mean wait in an M/G/1 system of those of one priority, nobody's service interrupted: Cobham's formula (Operations Research 2, 1954). With
 * nobody ahead and the whole load not behind it is that of Pollaczek and Khinchine.
 * @param residual λ E[S²] / 2 over all priorities: what is left, in the mean, of the service that a newcomer finds, in seconds
 * @param ahead load of the higher priorities
 * @param notBehind load of these and of one's own
 */
export function cobham(residual: number, ahead: number, notBehind: number): number {
  return residual / ((1 - ahead) * (1 - notBehind));
}

/**
 * Mean wait in an M/M/1 system that serves the shortest first (Phipps, Operations Research 4, 1956): priorities without number, one for
 * each service time, so that of one that takes x both loads are that of those shorter than x. Averaged by the rule of the midpoint.
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
