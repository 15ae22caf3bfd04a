/**
 * A second reading of the contract: the whole path from the client to a server and back, in the plainest style there is. One list
 * of events, an object for each thing, closures everywhere, and no care for speed. Nothing is random but what a split draws. It
 * shares no code with the engine but its streams of random numbers, so that a mistake would have to be made twice to stay unseen.
 */
import { Streams } from "../../src/kernel/random.ts";
import { vectorStoreSettings } from "../../src/retrieval/vector-store-settings.ts";
import { plainStore } from "../retrieval/plain-store.ts";
import { Agenda } from "./plain-agenda.ts";
import { callerOf, type PlainClientMeter, type SemanticMeter, type Shelf, type World } from "./plain-client.ts";
import { gate } from "./plain-gate.ts";
import type { PlainSystem } from "./plain-given.ts";
import { fateAtArrival, type PlainFate } from "./plain-fate.ts";
import { live } from "./plain-life.ts";
import { pool } from "./plain-pool.ts";
import { type PlainMeter, provider } from "./plain-provider.ts";
import { storeText } from "./plain-scenario-stages.ts";
import type { Target } from "./plain-target.ts";
import type { Account } from "./plain-time.ts";

export interface PlainEnd {
  /** In order of arrival. */
  readonly fates: PlainFate[];
  /** By provider. */
  readonly providers: Record<string, PlainMeter>;
  /** By class. */
  readonly clients: Record<string, PlainClientMeter>;
  /** By store. */
  readonly stores: Record<string, Shelf["meter"]>;
  /** By semantic cache. */
  readonly semantics: Record<string, SemanticMeter>;
}

/** The seed that scenarios have unless they say. */
const seed = 1;

/** That stores have unless they say. */
export const vectorsAtFirst = 1_000_000;

/** Runs the system to its horizon. */
export function playPlainly(system: PlainSystem): PlainEnd {
  const agenda = new Agenda();
  const end: PlainEnd = { fates: [], providers: {}, clients: {}, stores: {}, semantics: {} };
  const targets = new Map<string, Target>();
  for (const given of system.targets) {
    if (given.kind === "pool") targets.set(given.name, pool(agenda, given));
    else {
      const meter = { calls: 0, throttled: 0, inputTokens: 0, outputTokens: 0 };
      end.providers[given.name] = meter;
      targets.set(given.name, provider(agenda, given, meter));
    }
  }
  const streams = new Streams(seed, 0);
  const stores = new Map<string, Shelf>();
  for (const given of system.stores) {
    const meter = { reads: 0, failed: 0, shed: 0, written: 0 };
    end.stores[given.name] = meter;
    stores.set(given.name, { given, meter, plain: plainStore(vectorStoreSettings.parse(storeText(given)), agenda, streams) });
  }
  for (const stage of system.classes.flatMap((one) => one.stages)) {
    if (stage.kind === "semantic") end.semantics[stage.name] = { lookups: 0, hits: 0, wrong: 0 };
  }
  const world: World = {
    agenda,
    streams,
    stores,
    semantics: end.semantics,
    targets,
    outstanding: Object.fromEntries(system.targets.map(({ name }) => [name, 0])),
    gateways: new Map(system.gateways.map((given) => [given.name, gate(agenda, given)])),
  };
  const accounts: Account[] = [];
  for (const given of system.classes) {
    const caller = callerOf(world, given);
    end.clients[given.name] = caller.meter;
    const arrive = (number: number): void => {
      if (number === given.requests.length) return;
      agenda.at(given.requests[number].at, () => {
        const fate = fateAtArrival(given.name, agenda.now);
        end.fates.push(fate);
        arrive(number + 1);
        accounts.push(live(agenda, caller, given.requests[number], number, fate));
      });
    };
    arrive(0);
  }
  agenda.run(system.horizon);
  for (const account of accounts) account.close(system.horizon);
  for (const { plain, meter } of stores.values()) meter.written = plain.counts().vectors - vectorsAtFirst;
  for (const { lacks } of end.fates) lacks.sort();
  return end;
}
