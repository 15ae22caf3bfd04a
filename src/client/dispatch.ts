import type { Simulation } from "../kernel/simulation.ts";
import type { Attempts } from "../traffic/attempts.ts";
import { none, type Requests } from "../traffic/requests.ts";
import type { AttemptListener } from "../traffic/target.ts";
import type { Client } from "./client.ts";
import type { GateListener } from "./gate/gate.ts";
import type { StageTasks } from "./pipeline/stage-tasks.ts";

/** Tells each attempt's client what its target says, and forgets attempts whose client has left. */
export function dispatch(simulation: Simulation, requests: Requests, attempts: Attempts, clients: readonly Client[]): AttemptListener {
  return {
    spends(attempt, cause) {
      attempts.cause[attempt] = cause;
      const request = attempts.request[attempt];
      // Not so of one that its client has given up, that is for a stage before the targets, or that was sent beside another.
      if (requests.attempt[request] === attempt) requests.time.enter(request, cause, simulation.now);
    },
    firstToken(attempt) {
      attempts.firstTokenAt[attempt] = simulation.now;
      if (attempts.sibling[attempt] !== attempt) clients[requests.trafficClass[attempts.request[attempt]]].sender.answering(attempt);
    },
    ended(attempt, ending, retryAfter) {
      if (attempts.abandoned[attempt] === 1) {
        attempts.close(attempt);
        return;
      }
      const client = clients[requests.trafficClass[attempts.request[attempt]]];
      if (attempts.task[attempt] === none) client.sender.ended(attempt, ending, retryAfter);
      else client.walk.pipeline.callEnded(attempt, ending, retryAfter);
    },
  };
}

/** Tells each client whether what its request waited for at a cache has come. */
export function dispatchFromCache(requests: Requests, clients: readonly Client[]): (request: number, found: boolean) => void {
  return (request, found) => clients[requests.trafficClass[request]].walk.awaited(request, found);
}

/** Tells each task's client what the vector store that it asked says. */
export function dispatchFromStore(requests: Requests, tasks: StageTasks, clients: readonly Client[]) {
  return (task: number, ending: "found" | "failed" | "shed", complete: boolean): void =>
    clients[requests.trafficClass[tasks.request[task]]].walk.pipeline.readEnded(task, ending, complete);
}

/** Tells each waiting request's client what its gate says. */
export function dispatchFromGate(requests: Requests, clients: readonly Client[]): GateListener {
  return {
    released: (request) => clients[requests.trafficClass[request]].sender.released(request),
    shed: (request) => clients[requests.trafficClass[request]].sender.shed(request),
  };
}
