import type { Simulation } from "../../kernel/simulation.ts";
import { resized } from "../../kernel/slots.ts";
import { causeCode } from "../../traffic/cause.ts";
import type { AttemptListener, Ending, Target } from "../../traffic/target.ts";
import { exceedsReplica } from "../exceeds-replica.ts";
import type { Pool } from "../pool.ts";
import type { Sequences } from "../replica/sequences.ts";
import { KvLinks } from "./kv-links.ts";
import type { TransferSettings } from "./prefill-settings.ts";
import type { PromptReaders } from "./prompt-readers.ts";

const stage = { reading: 0, transfer: 1, writing: 2 } as const;

/** How KV gets to a pool, and what becomes of it when a client leaves. */
interface KvTransfer extends TransferSettings {
  readonly bytesPerToken: number;
  readonly onCancel: "finish" | "abort";
}

/**
 * A pool whose prompts are read by another. An attempt is first sent to the readers as one that asks for a single token; when
 * that has reached the user, the KV of its prompt crosses a link, and the attempt joins the line here to be decoded to its end.
 */
export class PrefilledPool implements Target {
  readonly name: string;
  /** Where the answers are written. */
  readonly writers: Pool;
  private readonly sequences: Sequences;
  private readonly readers: PromptReaders;
  private readonly links: KvLinks;
  private readonly listener: AttemptListener;
  private readonly abortOnCancel: boolean;
  private readonly sender: number;
  private stage = new Uint8Array(0);
  /** Length of the answer, while the readers are asked for one token of it. */
  private outputTokens = new Int32Array(0);
  /** Seconds of the readers spent on the prompt, in vain after all if the client leaves before the answer is there. */
  private readingSeconds = new Float64Array(0);

  /** @param createWriters makes the pool that decodes, which tells the given listener */
  constructor(
    simulation: Simulation,
    sequences: Sequences,
    transfer: KvTransfer,
    readers: PromptReaders,
    createWriters: (listener: AttemptListener) => Pool,
    listener: AttemptListener,
  ) {
    this.sequences = sequences;
    this.readers = readers;
    this.listener = listener;
    this.abortOnCancel = transfer.onCancel === "abort";
    this.sender = readers.addSender({
      spends: listener.spends,
      firstToken: (attempt) => listener.firstToken(attempt),
      ended: (attempt, ending, retryAfter) => this.finishReading(attempt, ending, retryAfter),
    });
    this.links = new KvLinks(simulation, sequences, transfer, transfer.bytesPerToken, {
      arrived: (attempt) => this.receive(attempt),
      dropped: (attempt) => this.end(attempt, "dropped", 0),
    });
    this.writers = createWriters({
      spends: listener.spends,
      firstToken: (attempt) => listener.firstToken(attempt),
      ended: (attempt, ending, retryAfter) => this.end(attempt, ending, retryAfter),
    });
    this.name = this.writers.name;
    sequences.attempts.onResize((capacity) => {
      this.stage = resized(this.stage, capacity);
      this.outputTokens = resized(this.outputTokens, capacity);
      this.readingSeconds = resized(this.readingSeconds, capacity);
    });
  }

  send(attempt: number): void {
    const { attempts, received } = this.sequences;
    const output = attempts.outputTokens[attempt];
    if (output > 1) {
      // What could not be decoded is not read either: the writers refuse it, as if it had come.
      received[attempt] = 1;
      if (exceedsReplica(this.writers.settings.engine, this.sequences, attempt)) {
        this.write(attempt);
        return;
      }
      received[attempt] = 0;
    }
    this.stage[attempt] = stage.reading;
    this.outputTokens[attempt] = output;
    attempts.outputTokens[attempt] = 1;
    this.readers.read(attempt, this.sender);
  }

  abandon(attempt: number): void {
    const at = this.stage[attempt];
    if (at === stage.reading) this.readers.pool.abandon(attempt);
    else if (at === stage.writing) this.writers.abandon(attempt);
    else if (this.abortOnCancel) this.links.drop(attempt);
  }

  private finishReading(attempt: number, ending: Ending, retryAfter: number): void {
    const { attempts, cost } = this.sequences;
    const output = this.outputTokens[attempt];
    attempts.outputTokens[attempt] = output;
    if (ending !== "finished" || output === 1) {
      this.listener.ended(attempt, ending, retryAfter);
    } else if (attempts.abandoned[attempt] === 1) {
      // The readers have counted their work as waste.
      this.listener.ended(attempt, "dropped", 0);
    } else {
      this.readingSeconds[attempt] = cost[attempt];
      this.stage[attempt] = stage.transfer;
      this.listener.spends(attempt, causeCode.prefill);
      this.links.send(attempt);
    }
  }

  private receive(attempt: number): void {
    if (this.sequences.attempts.abandoned[attempt] === 1) {
      this.end(attempt, "dropped", 0);
      return;
    }
    this.sequences.received[attempt] = 1;
    this.write(attempt);
  }

  private write(attempt: number): void {
    this.stage[attempt] = stage.writing;
    this.writers.send(attempt);
  }

  /** An attempt whose prompt has been read ends. */
  private end(attempt: number, ending: Ending, retryAfter: number): void {
    const { attempts, received } = this.sequences;
    received[attempt] = 0;
    if (attempts.abandoned[attempt] === 1) this.readers.pool.wastedAfterwards += this.readingSeconds[attempt];
    this.listener.ended(attempt, ending, retryAfter);
  }
}
