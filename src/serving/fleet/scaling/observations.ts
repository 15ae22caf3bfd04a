import { Deque } from "./deque.ts";
import { meter, type MetricName } from "./metrics.ts";
import type { PoolView } from "./scaler.ts";

/** What was observed of a metric and waits for the decisions that rest on it, one each. */
export class Observations {
  private readonly waiting = new Deque();
  private readonly meter: (view: PoolView, now: number) => number;

  constructor(metric: MetricName) {
    this.meter = meter(metric);
  }

  observe(view: PoolView, now: number): void {
    this.waiting.push(this.meter(view, now));
  }

  /** Takes the oldest. */
  next(): number {
    return this.waiting.shift();
  }
}
