import { Gate } from "../../../src/client/gate/gate.ts";
import { gatewaySettings } from "../../../src/client/gate/gate-settings.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { none, Requests } from "../../../src/traffic/requests.ts";
import type { Fate, Visit } from "./plain-gate.ts";

/** An attempt that comes out, with its tokens, or that ends, with those it gives back as a negative number. */
interface Passage {
  readonly at: number;
  readonly out: boolean;
  readonly tokens: number;
}

/** Carries out visits to a gate, and asks it at each of them whether it counts right. */
export class GateDriver {
  readonly simulation = new Simulation();
  readonly requests = new Requests();
  readonly gate: Gate;
  readonly fates: Fate[];
  readonly passages: Passage[] = [];
  /** Visits in the order in which they were let out. */
  readonly order: number[] = [];
  mostUnderWay = 0;
  /** Visits whose counts were wrong at some moment. */
  readonly miscounted: number[] = [];
  /** Seconds waited, over all that do not wait any more. */
  waitedSeconds = 0;
  private readonly visits: readonly Visit[];
  private readonly visitOf: number[] = [];
  private readonly requestOf: number[] = [];
  private readonly waiting = new Set<number>();
  private readonly underWay = new Set<number>();
  private readonly end: number;

  constructor(settings: unknown, visits: readonly Visit[]) {
    const { simulation, requests } = this;
    this.visits = visits;
    this.fates = visits.map(() => ({ kind: "waits", at: Infinity }));
    this.gate = new Gate(simulation, requests, gatewaySettings.parse(settings), {
      released: (request) => {
        this.stopWaiting(this.visitOf[request]);
        this.letOut(this.visitOf[request]);
      },
      shed: (request) => this.goes(this.visitOf[request], "shed"),
    });
    this.end = simulation.handler((visit) => {
      this.underWay.delete(visit);
      requests.close(this.requestOf[visit]);
      this.passages.push({ at: simulation.now, out: false, tokens: -visits[visit].back });
      this.gate.ended(visits[visit].back, visits[visit].lasts, true);
      this.check(visit);
    });
    const leave = simulation.handler((visit) => {
      if (!this.waiting.has(visit)) return;
      const request = this.requestOf[visit];
      this.goes(visit, "left");
      this.gate.leave(request);
      requests.close(request);
      this.check(visit);
    });
    const arrive = simulation.handler((visit) => {
      const request = requests.open(0, simulation.now, 1, 1);
      this.visitOf[request] = visit;
      this.requestOf[visit] = request;
      const { tokens, priority, patience } = visits[visit];
      this.waiting.add(visit);
      const entry = this.gate.enter(request, tokens, priority);
      if (entry !== "waits") this.waiting.delete(visit);
      if (entry === "out") this.letOut(visit);
      else if (entry === "refused") {
        this.goes(visit, "refused");
        requests.close(request);
      } else if (patience < Infinity && this.waiting.has(visit)) simulation.after(patience, leave, visit);
      this.check(visit);
    });
    visits.forEach(({ at }, visit) => simulation.at(at, arrive, visit));
  }

  run(until: number): this {
    this.simulation.run(until);
    return this;
  }

  private letOut(visit: number): void {
    const { now } = this.simulation;
    this.fates[visit] = { kind: "out", at: now };
    this.order.push(visit);
    this.passages.push({ at: now, out: true, tokens: this.visits[visit].tokens });
    this.underWay.add(visit);
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay.size);
    this.simulation.after(this.visits[visit].lasts, this.end, visit);
  }

  private goes(visit: number, kind: Fate["kind"]): void {
    this.stopWaiting(visit);
    this.fates[visit] = { kind, at: this.simulation.now };
    if (kind === "shed") this.requests.close(this.requestOf[visit]);
  }

  private stopWaiting(visit: number): void {
    if (!this.waiting.delete(visit)) return;
    this.waitedSeconds += this.simulation.now - this.visits[visit].at;
  }

  private check(visit: number): void {
    const { gate, requests } = this;
    const marked = requests.pending().filter((request) => requests.ticket[request] !== none);
    const right = gate.waiting === this.waiting.size && gate.underWay === this.underWay.size && marked.length === gate.waiting;
    if (!right) this.miscounted.push(visit);
  }
}
