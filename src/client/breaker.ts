import { count, duration, settings, share } from "../base/settings.ts";
import { EndingWindow } from "./ending-window.ts";
import { failureList } from "./retry/retry-settings.ts";
import type * as z from "zod";

export const breakerSettings = settings({
  window: duration({ min: 0.001 }).prefault("10s").describe("over which endings are counted, in ten steps"),
  failureShare: share({ min: 0.001, max: 1 }).prefault("50%").describe("it opens when at least this share of them are failures"),
  minimumCalls: count({ min: 1, whole: true }).prefault(10).describe("with fewer in the window it does not open"),
  openFor: duration({ above: 0 }).prefault("30s").describe("while it is open nothing is sent"),
  probes: count({ min: 1, whole: true })
    .prefault(1)
    .describe("attempts that are let through after that; all answered: closed, one failed: open again"),
  on: failureList().describe("endings that count as failures"),
});

export type BreakerSettings = z.infer<typeof breakerSettings>;

/** What an attempt has come to, as its breaker sees it; `neither` is not counted. */
type Counted = "answered" | "failed" | "neither";

/**
 * A circuit breaker before one target. Closed, it lets everything through and counts how it ends; too many failures open it, and it
 * lets nothing through for a while. Then it is half-open: a few probes go through, whose answers close it, while one failure opens it again.
 * Nygard, Release It! (2007); the sliding window of ten steps is that of Netflix' Hystrix and of opossum.
 */
export class Breaker {
  /** How often it has opened. */
  opened = 0;
  private readonly window: EndingWindow;
  private readonly failureShare: number;
  private readonly minimumCalls: number;
  private readonly openFor: number;
  private readonly probes: number;
  private state: "closed" | "open" | "halfOpen" = "closed";
  /** Counts the states that it has been in, so that an ending is known to belong to an earlier one. */
  private epoch = 1;
  private openedAt = 0;
  /** Seconds that it was open before it opened last. */
  private openBefore = 0;
  private probesSent = 0;
  private probesAnswered = 0;

  constructor({ window, failureShare, minimumCalls, openFor, probes }: BreakerSettings) {
    this.window = new EndingWindow(window);
    this.failureShare = failureShare;
    this.minimumCalls = minimumCalls;
    this.openFor = openFor;
    this.probes = probes;
  }

  /** Takes permission to send an attempt: the epoch to hand back with its ending, from 1 on; 0 when it is not allowed. */
  admit(now: number): number {
    if (this.state === "closed") return this.epoch;
    if (this.isOpen(now)) return 0;
    if (this.state === "open") this.halfOpen(now);
    if (this.probesSent === this.probes) return 0;
    this.probesSent++;
    return this.epoch;
  }

  /**
   * An attempt has ended, or is not sent after all.
   * @param ending `neither` is not counted, and its place among the probes is free again
   */
  ended(now: number, epoch: number, ending: Counted): void {
    if (epoch !== this.epoch) return;
    if (this.state === "halfOpen") this.probed(now, ending);
    else if (ending !== "neither") this.counted(now, ending === "failed");
  }

  /** Whether it lets nothing through at the moment: it is open, and its time is not over. */
  isOpen(now: number): boolean {
    return this.state === "open" && now < this.openedAt + this.openFor;
  }

  /** Seconds that it was open so far; it stays so until somebody asks after its time is over. */
  openSeconds(now: number): number {
    return this.openBefore + (this.state === "open" ? now - this.openedAt : 0);
  }

  private counted(now: number, failed: boolean): void {
    const { window } = this;
    window.add(now, failed);
    if (failed && window.endings >= this.minimumCalls && window.failures / window.endings >= this.failureShare) this.open(now);
  }

  private probed(now: number, ending: Counted): void {
    if (ending === "failed") this.open(now);
    else if (ending === "neither") this.probesSent--;
    else if (++this.probesAnswered === this.probes) this.close();
  }

  private open(now: number): void {
    this.state = "open";
    this.epoch++;
    this.opened++;
    this.openedAt = now;
  }

  private halfOpen(now: number): void {
    this.state = "halfOpen";
    this.epoch++;
    this.openBefore += now - this.openedAt;
    this.probesSent = 0;
    this.probesAnswered = 0;
  }

  private close(): void {
    this.state = "closed";
    this.epoch++;
    this.window.clear();
  }
}
