const steps = 10;

/** Share of a step that an ending may come before it and still counts in it, for moments that are rounded. */
const rounding = 1e-9;

/**
 * How many endings there were lately, and how many of them were failures: a sliding window of ten equal steps that begin at multiples of
 * their length. What is older than the step that now belongs to and the nine before it is forgotten.
 */
export class EndingWindow {
  endings = 0;
  failures = 0;
  private readonly step: number;
  private readonly endingsOf = new Int32Array(steps);
  private readonly failuresOf = new Int32Array(steps);
  private current = 0;

  /** @param window seconds */
  constructor(window: number) {
    this.step = window / steps;
  }

  add(now: number, failed: boolean): void {
    this.advance(now);
    const slot = this.current % steps;
    this.endings++;
    this.endingsOf[slot]++;
    if (!failed) return;
    this.failures++;
    this.failuresOf[slot]++;
  }

  clear(): void {
    this.endings = 0;
    this.failures = 0;
    this.endingsOf.fill(0);
    this.failuresOf.fill(0);
  }

  private advance(now: number): void {
    const step = Math.floor(now / this.step + rounding);
    if (step - this.current >= steps) this.clear();
    else for (let passed = this.current + 1; passed <= step; passed++) this.forget(passed % steps);
    this.current = step;
  }

  private forget(slot: number): void {
    this.endings -= this.endingsOf[slot];
    this.failures -= this.failuresOf[slot];
    this.endingsOf[slot] = 0;
    this.failuresOf[slot] = 0;
  }
}
