import type { Attempts } from "../../traffic/attempts.ts";

/** The links between attempts that wait in line; one set serves all lines, since an attempt waits in one line at a time. */
export class LineLinks {
  ahead = new Int32Array(0);
  behind = new Int32Array(0);
  readonly attempts: Attempts;

  constructor(attempts: Attempts) {
    this.attempts = attempts;
  }

  resize(capacity: number): void {
    const { ahead, behind } = this;
    this.ahead = new Int32Array(capacity);
    this.behind = new Int32Array(capacity);
    this.ahead.set(ahead);
    this.behind.set(behind);
  }
}
