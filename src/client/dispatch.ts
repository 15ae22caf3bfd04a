import type { Simulation } from "../kernel/simulation.ts";
import type { Attempts } from "../traffic/attempts.ts";
import type { Requests } from "../traffic/requests.ts";
import type { AttemptListener } from "../traffic/target.ts";
import type { Client } from "./client.ts";

/** Tells each attempt's client what its target says, and forgets attempts whose client has left. */
export function dispatch(simulation: Simulation, requests: Requests, attempts: Attempts, clients: readonly Client[]): AttemptListener {
  return {
    firstToken(attempt) {
      attempts.firstTokenAt[attempt] = simulation.now;
    },
    ended(attempt, ending, retryAfter) {
      if (attempts.abandoned[attempt] === 1) attempts.close(attempt);
      else clients[requests.trafficClass[attempts.request[attempt]]].ended(attempt, ending, retryAfter);
    },
  };
}
