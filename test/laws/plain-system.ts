/**
 * A second reading of the contract: the whole path from the client to a server and back, in the plainest style there is. One list
 * of events, an object for each thing, closures everywhere, and no care for speed. Nothing is random but what a split draws. It
 * shares no code with the engine but its streams of random numbers, so that a mistake would have to be made twice to stay unseen.
 */
import { Streams } from "../../src/kernel/random.ts";
import { Agenda } from "./plain-agenda.ts";
import { callerOf, type PlainClientMeter, type World } from "./plain-client.ts";
import { gate } from "./plain-gate.ts";
import type { PlainSystem } from "./plain-given.ts";
import { live, type PlainFate } from "./plain-life.ts";
import { pool } from "./plain-pool.ts";
import { type PlainMeter, provider } from "./plain-provider.ts";
import type { Target } from "./plain-target.ts";

export interface PlainEnd {
  /** In order of arrival. */
  readonly fates: PlainFate[];
  /** By provider. */
  readonly providers: Record<string, PlainMeter>;
  /** By class. */
  readonly clients: Record<string, PlainClientMeter>;
}

/** The seed that scenarios have unless they say. */
const seed = 1;

/** Runs the system to its horizon. */
export function playPlainly(system: PlainSystem): PlainEnd {
  const agenda = new Agenda();
  const end: PlainEnd = { fates: [], providers: {}, clients: {} };
  const targets = new Map<string, Target>();
  for (const given of system.targets) {
    if (given.kind === "pool") targets.set(given.name, pool(agenda, given));
    else {
      const meter = { calls: 0, throttled: 0, inputTokens: 0, outputTokens: 0 };
      end.providers[given.name] = meter;
      targets.set(given.name, provider(agenda, given, meter));
    }
  }
  const world: World = {
    agenda,
    streams: new Streams(seed, 0),
    targets,
    outstanding: Object.fromEntries(system.targets.map(({ name }) => [name, 0])),
    gateways: new Map(system.gateways.map((given) => [given.name, gate(agenda, given)])),
  };
  for (const given of system.classes) {
    const caller = callerOf(world, given);
    end.clients[given.name] = caller.meter;
    const arrive = (number: number): void => {
      if (number === given.requests.length) return;
      agenda.at(given.requests[number].at, () => {
        const fate: PlainFate = {
          className: given.name,
          arrivedAt: agenda.now,
          outcome: "unfinished",
          servedBy: undefined,
          attempts: 0,
          rung: 0,
          ttft: undefined,
          total: undefined,
        };
        end.fates.push(fate);
        arrive(number + 1);
        live(agenda, caller, given.requests[number], number, fate);
      });
    };
    arrive(0);
  }
  agenda.run(system.horizon);
  return end;
}
