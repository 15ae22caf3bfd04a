import { SingleBar } from "cli-progress";
import type { Runner } from "../experiment/runner.ts";

/** Tells on stderr how far the work is. */
export interface Progress {
  /** The same runner, whose tasks are counted. */
  readonly counted: (runner: Runner) => Runner;
  readonly stop: () => void;
}

/** Where the counts go. */
interface Display {
  readonly show: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** A bar on a terminal, elsewhere a line now and then; nothing when it should be quiet. */
export function startProgress(quiet: boolean): Progress {
  if (quiet) return { counted: (runner) => runner, stop() {} };
  const display = process.stderr.isTTY ? bar() : lines();
  let [done, total] = [0, 0];
  return {
    counted: (runner) => ({
      async run(task) {
        display.show(done, ++total);
        const finished = await runner.run(task);
        display.show(++done, total);
        return finished;
      },
    }),
    stop: display.stop,
  };
}

function bar(): Display {
  const one = new SingleBar({
    format: "simulating {bar} {value}/{total} replications, {eta_formatted} left",
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  one.start(0, 0);
  return {
    show(done, total) {
      one.setTotal(total);
      one.update(done);
    },
    stop: () => one.stop(),
  };
}

/** Milliseconds from one line to the next; what is done sooner prints none. */
const betweenLines = 10_000;

function lines(): Display {
  const start = performance.now();
  let [done, total] = [0, 0];
  const timer = setInterval(() => {
    process.stderr.write(`headroom: ${progressLine(done, total, (performance.now() - start) / 1000)}\n`);
  }, betweenLines).unref();
  return {
    show: (...counts) => {
      [done, total] = counts;
    },
    stop: () => clearInterval(timer),
  };
}

/** How far the work is, and how long the rest takes at this pace. @param seconds since it began */
export function progressLine(done: number, total: number, seconds: number): string {
  const counts = `${done} of ${total} replications`;
  if (done === 0) return counts;
  const left = (seconds / done) * (total - done);
  if (left < 90) return `${counts}, about ${Math.ceil(left)} s left`;
  return left < 90 * 60 ? `${counts}, about ${Math.round(left / 60)} min left` : `${counts}, about ${Math.round(left / 3600)} h left`;
}
