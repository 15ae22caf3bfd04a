import { SingleBar } from "cli-progress";

/** Tells on stderr how far the work is. */
export interface Progress {
  readonly step: () => void;
  readonly stop: () => void;
}

/** A bar on a terminal; elsewhere, or when it should be quiet, nothing. */
export function startProgress(total: number, quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return { step() {}, stop() {} };
  const bar = new SingleBar({
    format: "simulating {bar} {value}/{total} replications",
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(total, 0);
  return { step: () => bar.increment(), stop: () => bar.stop() };
}
