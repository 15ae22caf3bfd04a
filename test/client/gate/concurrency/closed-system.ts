import { Gate } from "../../../../src/client/gate/gate.ts";
import { gatewaySettings } from "../../../../src/client/gate/gate-settings.ts";
import { Simulation } from "../../../../src/kernel/simulation.ts";
import { Requests } from "../../../../src/traffic/requests.ts";

interface System {
  /** As a scenario writes it. */
  readonly concurrency: unknown;
  /** Attempts served at once, each for a second. */
  readonly servers: number;
  /** Attempts that may wait for a server; another is refused at once. */
  readonly places: number;
  /** Requests that are always there: each comes again as soon as it has ended. */
  readonly population: (now: number) => number;
}

/** A gate before a station of servers, with requests in a circle. */
export class ClosedSystem {
  /** The limit after each ending, and when. */
  readonly limits: { readonly at: number; readonly limit: number }[] = [];
  refused = 0;
  served = 0;
  private readonly simulation = new Simulation();
  private readonly requests = new Requests();
  private readonly gate: Gate;
  private readonly system: System;
  private readonly sentAt: number[] = [];
  private readonly queue: number[] = [];
  private busy = 0;
  private circling = 0;
  private readonly done: number;
  private readonly enter: number;

  constructor(system: System) {
    const { simulation, requests } = this;
    this.system = system;
    this.gate = new Gate(simulation, requests, gatewaySettings.parse({ concurrency: system.concurrency }), {
      released: (request) => this.send(request),
      shed: () => {},
    });
    this.done = simulation.handler((request) => {
      this.busy--;
      this.serveNext();
      this.served++;
      this.ended(request, true);
    });
    this.enter = simulation.handler((request) => {
      if (this.gate.enter(request, 1, 1) === "out") this.send(request);
    });
    const fill = simulation.handler(() => {
      while (this.circling < system.population(simulation.now)) this.again(requests.open(0, simulation.now, 1, 1), this.circling++);
      simulation.after(1, fill);
    });
    simulation.at(0, fill);
  }

  run(until: number): this {
    this.simulation.run(until);
    return this;
  }

  /** The mean, smallest and largest limit from a moment on. */
  limitsFrom(from: number) {
    const seen = this.limits.filter(({ at }) => at >= from).map(({ limit }) => limit);
    return { mean: seen.reduce((sum, limit) => sum + limit, 0) / seen.length, min: Math.min(...seen), max: Math.max(...seen) };
  }

  private again(request: number, spread = 0): void {
    // Not at the very moment: those who wait at the gate go first.
    this.simulation.after(0.001 + (spread % 97) / 97_000, this.enter, request);
  }

  private send(request: number): void {
    this.sentAt[request] = this.simulation.now;
    if (this.busy === this.system.servers && this.queue.length === this.system.places) {
      this.refused++;
      this.ended(request, false);
      return;
    }
    this.queue.push(request);
    this.serveNext();
  }

  private serveNext(): void {
    if (this.busy === this.system.servers || this.queue.length === 0) return;
    this.busy++;
    this.simulation.after(1, this.done, this.queue.shift());
  }

  private ended(request: number, ok: boolean): void {
    const { now } = this.simulation;
    this.gate.ended(0, now - this.sentAt[request], ok);
    this.limits.push({ at: now, limit: this.gate.limit });
    if (this.circling > this.system.population(now)) {
      this.circling--;
      this.requests.close(request);
    } else this.again(request);
  }
}
