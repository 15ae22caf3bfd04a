import { SingleBar } from "cli-progress";
import type { Runner } from "../experiment/runner.ts";

/** Tells on stderr how far the work is. */
export interface Progress {
  /** The same runner, whose tasks are counted. */
  readonly counted: (runner: Runner) => Runner;
  readonly stop: () => void;
}

/** A bar on a terminal; elsewhere, or when it should be quiet, nothing. */
export function startProgress(quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return { counted: (runner) => runner, stop() {} };
  const bar = new SingleBar({
    format: "simulating {bar} {value}/{total} replications, {eta_formatted} left",
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  let total = 0;
  bar.start(total, 0);
  return {
    counted: (runner) => ({
      async run(task) {
        bar.setTotal(++total);
        const finished = await runner.run(task);
        bar.increment();
        return finished;
      },
    }),
    stop: () => bar.stop(),
  };
}
