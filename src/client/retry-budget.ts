/** Allows retries as a share of first calls, with a few saved up: so that retries cannot multiply an overload. */
export class RetryBudget {
  private readonly share: number;
  private readonly burst: number;
  private saved: number;

  constructor({ share, burst }: { share: number; burst: number }) {
    this.share = share;
    this.burst = burst;
    this.saved = burst;
  }

  firstCall(): void {
    this.saved = Math.min(this.burst, this.saved + this.share);
  }

  /** Spends one retry if there is one. */
  spend(): boolean {
    if (this.saved < 1) return false;
    this.saved--;
    return true;
  }
}
