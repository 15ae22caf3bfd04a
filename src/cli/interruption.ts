import { exitCodes } from "./exit-codes.ts";

/** What ends a command from outside, and the code with which it then ends. */
const signals: ReadonlyMap<NodeJS.Signals, number> = new Map([
  ["SIGINT", exitCodes.interrupted],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
]);

/** Ends the command when it is told to; on the way out what is half-written is removed. */
export function endOnSignals(): void {
  for (const [signal, code] of signals) process.once(signal, () => process.exit(code));
}

/** Has something done when the command is told to end, before it does; what is returned takes that back. */
export function onInterruption(act: () => void): () => void {
  for (const signal of signals.keys()) process.prependOnceListener(signal, act);
  return () => {
    for (const signal of signals.keys()) process.removeListener(signal, act);
  };
}

/** Instead of ending at once, the command is left to end by itself at the first signal, and ends at once at the second. */
export function endingGently(): Promise<void> {
  for (const signal of signals.keys()) process.removeAllListeners(signal);
  return new Promise((resolve) => {
    for (const [signal, code] of signals) {
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(code));
      });
    }
  });
}
