/** What goes wrong with a vector store. */
type Trouble = "rebuild" | "outage" | "reembedding" | "memory";

/** A span of time in seconds since the start of the run; `to` is Infinity while it is going on. */
export interface TroubleSpan {
  readonly trouble: Trouble;
  readonly from: number;
  readonly to: number;
}

/** When one kind of trouble went on, in order. */
export class Spans {
  ongoing = false;
  readonly all: TroubleSpan[] = [];
  private readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    this.trouble = trouble;
  }

  /** It goes on from now on, if it does not already. */
  begin(now: number): void {
    if (this.ongoing) return;
    this.ongoing = true;
    this.all.push({ trouble: this.trouble, from: now, to: Infinity });
  }

  end(now: number): void {
    if (!this.ongoing) return;
    this.ongoing = false;
    this.all.push({ trouble: this.trouble, from: this.all.pop()!.from, to: now });
  }
}
