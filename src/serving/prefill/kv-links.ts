import type { Simulation } from "../../kernel/simulation.ts";
import { none } from "../../traffic/requests.ts";
import type { Sequences } from "../replica/sequences.ts";
import { FifoLine } from "../admission/orders/fifo.ts";
import type { WaitingLine } from "../admission/waiting-line.ts";
import type { TransferSettings } from "./prefill-settings.ts";

/** What happens to a transfer: the KV has arrived, or nobody wants it any more and it was given up on the way. */
interface TransferListener {
  arrived(attempt: number): void;
  dropped(attempt: number): void;
}

const place = { line: 0, link: 1, latency: 2 } as const;

/**
 * Links that carry KV, one transfer at a time each, first come, first served. A transfer of `b` bytes takes a link for
 * `b / bandwidth` and arrives `latency` later, while the link serves the next: of several that set out together over one link the
 * k-th arrives after `latency` and the time of the bytes of the first k. KV that waits takes no blocks on either side.
 */
export class KvLinks {
  private readonly simulation: Simulation;
  private readonly sequences: Sequences;
  private readonly settings: TransferSettings;
  private readonly bytesPerToken: number;
  private readonly listener: TransferListener;
  private readonly line: WaitingLine;
  private readonly sent: number;
  private readonly arrived: number;
  private free: number;

  /** @param bytesPerToken of the KV that a token of the prompt leaves */
  constructor(simulation: Simulation, sequences: Sequences, settings: TransferSettings, bytesPerToken: number, listener: TransferListener) {
    this.simulation = simulation;
    this.sequences = sequences;
    this.settings = settings;
    this.bytesPerToken = bytesPerToken;
    this.listener = listener;
    this.line = new FifoLine(sequences.lines);
    this.free = settings.links;
    this.sent = simulation.handler((attempt, version) => {
      if (sequences.version[attempt] === version) this.finishSending(attempt);
    });
    this.arrived = simulation.handler((attempt, version) => {
      if (sequences.version[attempt] === version) listener.arrived(attempt);
    });
  }

  send(attempt: number): void {
    this.sequences.state[attempt] = place.line;
    this.line.join(attempt);
    this.startSending();
  }

  /** Gives a transfer up wherever it is; its link is free at once. */
  drop(attempt: number): void {
    const { sequences } = this;
    const { line, link } = place;
    const at = sequences.state[attempt];
    sequences.version[attempt]++;
    if (at === line) this.line.leave(attempt);
    else if (at === link) this.free++;
    this.startSending();
    this.listener.dropped(attempt);
  }

  private startSending(): void {
    const { sequences, settings, simulation } = this;
    const { abandoned, inputTokens } = sequences.attempts;
    while (this.free > 0 && this.line.head !== none) {
      const attempt = this.line.head;
      this.line.leave(attempt);
      if (abandoned[attempt] === 1) {
        this.listener.dropped(attempt);
        continue;
      }
      this.free--;
      sequences.state[attempt] = place.link;
      const seconds = (inputTokens[attempt] * this.bytesPerToken) / settings.bandwidth;
      simulation.after(seconds, this.sent, attempt, sequences.version[attempt]);
    }
  }

  private finishSending(attempt: number): void {
    const { sequences, settings, simulation } = this;
    this.free++;
    sequences.state[attempt] = place.latency;
    this.startSending();
    simulation.after(settings.latency, this.arrived, attempt, sequences.version[attempt]);
  }
}
