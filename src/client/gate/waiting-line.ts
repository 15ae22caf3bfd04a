import { resized } from "../../kernel/slots.ts";
import type { Requests } from "../../traffic/requests.ts";

/**
 * Requests that wait at a gate with one priority, in order of coming. Who leaves from the middle keeps its place until it would be the
 * first: it is known by its ticket, which is another then.
 */
export class WaitingLine {
  private readonly requests: Requests;
  private waiting = new Int32Array(16);
  private tickets = new Int32Array(16);
  private tokensOf = new Float64Array(16);
  private first = 0;
  private count = 0;

  constructor(requests: Requests) {
    this.requests = requests;
  }

  /** Whether anybody waits here; only then is there a head. */
  get occupied(): boolean {
    while (this.count > 0 && this.requests.ticket[this.waiting[this.first]] !== this.tickets[this.first]) this.drop();
    return this.count > 0;
  }

  get head(): number {
    return this.waiting[this.first];
  }

  get headTokens(): number {
    return this.tokensOf[this.first];
  }

  /** The request joins with the ticket that it has. */
  join(request: number, tokens: number): void {
    if (!this.occupied) this.first = 0;
    if (this.count === this.waiting.length) this.grow();
    const slot = (this.first + this.count++) & (this.waiting.length - 1);
    this.waiting[slot] = request;
    this.tickets[slot] = this.requests.ticket[request];
    this.tokensOf[slot] = tokens;
  }

  private drop(): void {
    this.first = (this.first + 1) & (this.waiting.length - 1);
    this.count--;
  }

  private grow(): void {
    const size = this.waiting.length;
    this.waiting = this.unrolled(this.waiting, size);
    this.tickets = this.unrolled(this.tickets, size);
    this.tokensOf = this.unrolled(this.tokensOf, size);
    this.first = 0;
  }

  private unrolled<Column extends Int32Array | Float64Array>(column: Column, size: number): Column {
    const wider = resized(column.subarray(this.first) as Column, 2 * size);
    wider.set(column.subarray(0, this.first), size - this.first);
    return wider;
  }
}
