import { setTimeout as wait } from "node:timers/promises";
import { exitCodes } from "./exit-codes.ts";

/** What ends a command from outside, and the code with which it then ends. */
const signals: ReadonlyMap<NodeJS.Signals, number> = new Map([
  ["SIGINT", exitCodes.interrupted],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
]);

/** Milliseconds that a command which is told to end takes for its last acts at most. */
const patience = 2000;

const lastActs = new Set<() => void | Promise<void>>();

/** Ends the command when it is told to, after its last acts, and at once when it is told again; on the way out what is half-written is removed. */
export function endOnSignals(): void {
  const end = async (code: number): Promise<void> => {
    atNextSignal((again) => process.exit(again));
    const acts = [...lastActs].map(async (act) => act());
    if (acts.length > 0) await Promise.race([Promise.allSettled(acts), wait(patience)]);
    process.exit(code);
  };
  atNextSignal((code) => void end(code));
}

/** Has something done when the command is told to end, before it does; what is returned takes that back. */
export function onInterruption(act: () => void | Promise<void>): () => void {
  lastActs.add(act);
  return () => void lastActs.delete(act);
}

/** Instead of ending at once, the command is left to end by itself at the first signal, and ends at once at the second. */
export function endingGently(): Promise<void> {
  return new Promise((resolve) => {
    atNextSignal(() => {
      resolve();
      atNextSignal((again) => process.exit(again));
    });
  });
}

/** In place of what was to be done before. */
function atNextSignal(act: (code: number) => void): void {
  for (const signal of signals.keys()) process.removeAllListeners(signal);
  for (const [signal, code] of signals) process.once(signal, () => act(code));
}
