import { outcomeCode } from "../traffic/outcome.ts";
import type { Recorder } from "./recorder.ts";
import type { Scenario } from "../scenario/schema.ts";
import { windowLength } from "./series.ts";

/** How long the requests of one class were in the system, by whole windows of their arrival, however they ended. */
interface ClassCourse {
  /** Sums over those that ended, and their number. */
  readonly seconds: readonly number[];
  readonly ended: readonly number[];
  /** Those in flight at the end. */
  readonly unfinished: readonly number[];
}

/** The same by class, in the order of the scenario. */
export type Course = readonly ClassCourse[];

/** Fewer windows tell too little of how a run became steady. */
const fewestWindows = 100;

/** Seconds of the windows by which it is told when a run became steady: those of its series where they are many enough. */
export function courseWindow(horizon: number): number {
  const window = windowLength(horizon);
  return horizon / window < fewestWindows ? horizon / fewestWindows : window;
}

export function courseOf(recorder: Recorder, { traffic, horizon }: Scenario): Course {
  const window = courseWindow(horizon);
  const count = Math.floor(horizon / window + 1e-9);
  const zeros = (): number[] => Array.from({ length: count }, () => 0);
  const classes = Object.keys(traffic).map(() => ({ seconds: zeros(), ended: zeros(), unfinished: zeros() }));
  for (let request = 0; request < recorder.count; request++) {
    const i = Math.floor(recorder.arrivedAt[request] / window);
    if (i >= count) continue;
    const { seconds, ended, unfinished } = classes[recorder.trafficClass[request]];
    if (recorder.outcome[request] === outcomeCode.unfinished) {
      unfinished[i]++;
      continue;
    }
    seconds[i] += recorder.endedAt[request] - recorder.arrivedAt[request];
    ended[i]++;
  }
  return classes;
}
