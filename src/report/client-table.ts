/** What the calling side of each class did beside sending attempts, and what gateways held back. */
import { amount, percent, seconds } from "../base/format.ts";
import type { GateResult } from "../experiment/client-result.ts";
import { withInterval } from "../experiment/interval-text.ts";
import type { ClassResult, Estimate, Point } from "../experiment/result.ts";
import { type DataTable, left, line, type Line, right } from "./data-table.ts";

/** Only what happened has a line, so that a client that only sends has none. */
export function clients({ classes, gateways }: Point): DataTable {
  const ofClasses = Object.entries(classes).flatMap(([name, one]) => deeds(one).map((deed) => lineOf(name, deed)));
  const ofGateways = Object.entries(gateways).flatMap(([name, gate]) => held(gate).map((deed) => lineOf(name, deed)));
  return {
    caption: "Clients and gateways",
    columns: [left("class"), left("what it did"), right("per replication"), right("of them")],
    lines: [...ofClasses, ...ofGateways],
    note: "Counts are of attempts. A retry is forbidden by its budget; a target is not asked while its breaker is open.",
  };
}

interface Deed {
  readonly what: string;
  readonly count: Estimate;
  /** What became of some of them, in words. */
  readonly ofThem?: string;
}

function lineOf(name: string, { what, count, ofThem = "" }: Deed): Line {
  return line(name, what, withInterval(count, amount), ofThem);
}

function deeds({ client, degraded, offered }: ClassResult): Deed[] {
  const { retries, backoff_s, retriesForbidden, hedges, hedgesWon, brokenOff, breakerOpened, spilledOver, attemptsTimedOut, gate } = client;
  const rungs = Object.entries(degraded).map(([rung, count]) => {
    return { what: `served degraded: ${rung}`, count, ofThem: `${percent(count.mean / offered.mean, 1)} of requests` };
  });
  const backoff = backoff_s.mean > 0 ? `${seconds(backoff_s.mean)} of back-off a request` : "";
  const all = [
    { what: "retries due", count: retries, ofThem: [part(retriesForbidden, retries, "forbidden"), backoff].filter(Boolean).join(", ") },
    { what: "hedges sent", count: hedges, ofThem: part(hedgesWon, hedges, "gave the answer") },
    { what: "given up at their own time-out", count: attemptsTimedOut },
    { what: "times a breaker opened", count: breakerOpened },
    { what: "not asked, breaker open", count: brokenOff },
    { what: "spilled over to the next target", count: spilledOver },
    ...held(gate),
    ...rungs,
  ];
  return all.filter(({ count }) => count.mean > 0);
}

function held({ waited, wait_s, shed }: GateResult): Deed[] {
  const all = [
    { what: "waited before they were sent", count: waited, ofThem: wait_s === null ? "" : `${seconds(wait_s.mean)} each` },
    { what: "shed before they were sent", count: shed },
  ];
  return all.filter(({ count }) => count.mean > 0);
}

function part(some: Estimate, all: Estimate, words: string): string {
  return some.mean === 0 ? "" : `${percent(some.mean / all.mean, 1)} ${words}`;
}
