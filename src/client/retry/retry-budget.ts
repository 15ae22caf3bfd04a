import type { RetryBudgetSettings } from "./retry-settings.ts";

/** Bounds the retries of a class, so that they cannot multiply an overload. */
export interface RetryBudget {
  /** A request makes its first call. */
  firstCall(): void;
  /** Spends one retry if there is one. */
  spend(afterTimeout: boolean): boolean;
  /** An attempt was answered. */
  answered(): void;
}

export function createRetryBudget({ share, burst, tokenBucket }: RetryBudgetSettings): RetryBudget {
  if (share !== undefined) return new ShareOfCalls(share, burst!);
  const { capacity, cost, timeoutCost = cost, refund } = tokenBucket!;
  return new TokenBudget(capacity, cost, timeoutCost, refund);
}

/** Retries are a share of first calls, with a few saved up. */
class ShareOfCalls implements RetryBudget {
  private readonly share: number;
  private readonly burst: number;
  private saved: number;

  constructor(share: number, burst: number) {
    this.share = share;
    this.burst = burst;
    this.saved = burst;
  }

  firstCall(): void {
    this.saved = Math.min(this.burst, this.saved + this.share);
  }

  spend(): boolean {
    if (this.saved < 1) return false;
    this.saved--;
    return true;
  }

  answered(): void {
    // Only first calls earn anything.
  }
}

/** Retries take tokens from a bucket that answers fill: where nothing is answered there are soon no retries. */
class TokenBudget implements RetryBudget {
  private readonly capacity: number;
  private readonly cost: number;
  private readonly timeoutCost: number;
  private readonly refund: number;
  private tokens: number;

  constructor(capacity: number, cost: number, timeoutCost: number, refund: number) {
    this.capacity = capacity;
    this.cost = cost;
    this.timeoutCost = timeoutCost;
    this.refund = refund;
    this.tokens = capacity;
  }

  firstCall(): void {
    // Only answers earn anything.
  }

  spend(afterTimeout: boolean): boolean {
    const cost = afterTimeout ? this.timeoutCost : this.cost;
    if (this.tokens < cost) return false;
    this.tokens -= cost;
    return true;
  }

  answered(): void {
    this.tokens = Math.min(this.capacity, this.tokens + this.refund);
  }
}
