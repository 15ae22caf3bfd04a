/** What is due, first by time, then by who was first to say so. Times are in seconds. */
export class Agenda {
  now = 0;
  private said = 0;
  private readonly due: { time: number; nth: number; what: () => void }[] = [];

  at(time: number, what: () => void): void {
    this.due.push({ time, nth: this.said++, what });
  }

  after(delay: number, what: () => void): void {
    this.at(this.now + delay, what);
  }

  /** What is due at `until` itself comes after the run. */
  run(until: number): void {
    for (;;) {
      this.due.sort((a, b) => a.time - b.time || a.nth - b.nth);
      if (this.due.length === 0 || this.due[0].time >= until) return;
      const { time, what } = this.due.shift()!;
      this.now = time;
      what();
    }
  }
}

/** Takes it out; whether it was there. */
export function remove<T>(from: T[], what: T): boolean {
  const at = from.indexOf(what);
  if (at >= 0) from.splice(at, 1);
  return at >= 0;
}
