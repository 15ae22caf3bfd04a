import { resized } from "../../kernel/slots.ts";
import type { AttemptListener } from "../../traffic/target.ts";
import type { Pool } from "../pool.ts";
import type { Sequences } from "../replica/sequences.ts";

/** Who sends attempts to a pool that also reads for others, unless somebody else is named. */
const clients = 0;

/**
 * A pool that reads prompts for other pools, and perhaps serves clients of its own: whoever sent an attempt is told
 * what becomes of it.
 */
export class PromptReaders {
  readonly pool: Pool;
  private readonly senders: AttemptListener[];
  /** By attempt, a position in `senders`. */
  private senderOf = new Int32Array(0);

  /** @param createPool makes the pool, which tells the given listener; @param listener of the attempts that clients send here */
  constructor(sequences: Sequences, createPool: (listener: AttemptListener) => Pool, listener: AttemptListener) {
    this.senders = [listener];
    this.pool = createPool({
      spends: (attempt, cause) => this.senders[this.senderOf[attempt]].spends(attempt, cause),
      firstToken: (attempt) => this.senders[this.senderOf[attempt]].firstToken(attempt),
      ended: (attempt, ending, retryAfter) => {
        const sender = this.senders[this.senderOf[attempt]];
        this.senderOf[attempt] = clients;
        sender.ended(attempt, ending, retryAfter);
      },
    });
    sequences.attempts.onResize((capacity) => {
      this.senderOf = resized(this.senderOf, capacity);
    });
  }

  /** Registers someone for whom prompts are read, under the number that is returned. */
  addSender(listener: AttemptListener): number {
    return this.senders.push(listener) - 1;
  }

  read(attempt: number, sender: number): void {
    this.senderOf[attempt] = sender;
    this.pool.send(attempt);
  }
}
