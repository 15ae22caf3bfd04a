import type { Recorder } from "./recorder.ts";
import type { Scenario } from "../scenario/schema.ts";
import { windowLength } from "./series.ts";

/** How long the requests of one class were in the system, by whole windows of their arrival. */
interface ClassCourse {
  readonly seconds: readonly number[];
  readonly requests: readonly number[];
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

/**
 * Every offered request counts, however it ended, and one in flight at the end with the time it has had so far: of those served alone, a
 * system that falls behind would seem to get better.
 */
export function courseOf(recorder: Recorder, { traffic, horizon }: Scenario): Course {
  const window = courseWindow(horizon);
  const count = Math.floor(horizon / window + 1e-9);
  const classes = Object.keys(traffic).map(() => ({
    seconds: Array.from({ length: count }, () => 0),
    requests: Array.from({ length: count }, () => 0),
  }));
  for (let request = 0; request < recorder.count; request++) {
    const i = Math.floor(recorder.arrivedAt[request] / window);
    if (i >= count) continue;
    const { seconds, requests } = classes[recorder.trafficClass[request]];
    const endedAt = recorder.endedAt[request];
    seconds[i] += (Number.isNaN(endedAt) ? horizon : endedAt) - recorder.arrivedAt[request];
    requests[i]++;
  }
  return classes;
}
