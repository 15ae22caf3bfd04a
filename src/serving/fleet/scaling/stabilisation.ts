import { ExtremeOverWindow } from "./extreme-over-window.ts";

/**
 * Follows a number of replicas upwards only when it was wanted for `upAfter` seconds, downwards for `downAfter`: the result is, of all
 * that lies between the least wanted within `upAfter` and the most within `downAfter`, what is nearest to the replicas there are.
 * That is the stabilisation window of the Kubernetes horizontal pod autoscaler.
 */
export class Stabilisation {
  private readonly upAfter: number;
  private readonly downAfter: number;
  private readonly least = new ExtremeOverWindow("least");
  private readonly most = new ExtremeOverWindow("largest");

  constructor(upAfter: number, downAfter: number) {
    this.upAfter = upAfter;
    this.downAfter = downAfter;
  }

  /** Called once for each decision, with what it would like to have and what there is. */
  settle(wanted: number, active: number, now: number): number {
    const { least, most } = this;
    least.add(now, wanted);
    most.add(now, wanted);
    return Math.min(Math.max(active, least.since(now - this.upAfter)), most.since(now - this.downAfter));
  }

  /** Before the first decision: a pool wanted until `at` what it had. */
  startWith(active: number, at: number): void {
    this.least.add(at, active);
    this.most.add(at, active);
  }
}
