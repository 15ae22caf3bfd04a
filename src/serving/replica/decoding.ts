import { EndingCalendar } from "./ending-calendar.ts";
import type { KvBlocks } from "./kv-blocks.ts";
import { type Sequences, sequenceState } from "./sequences.ts";
import type { DecodingPace } from "./speculation.ts";

/**
 * The sequences of a batch that decode, as sums and a queue: as long as nobody joins or leaves, an iteration changes nothing about
 * any of them that does not follow from its number.
 */
export class Decoding {
  /** How many there are. */
  count = 0;
  /** Iterations completed. */
  iteration = 0;
  private readonly sequences: Sequences;
  private readonly blocks: KvBlocks;
  private readonly pace: DecodingPace;
  /** Sum over them of prompt and produced tokens, in the units of the pace. */
  private kvUnits = 0;
  private readonly endings: EndingCalendar;
  /** Seconds that one token in every iteration so far would have cost: differences of it price a sequence. */
  private secondsPerToken = 0;

  constructor(sequences: Sequences, blocks: KvBlocks, pace: DecodingPace) {
    this.sequences = sequences;
    this.blocks = blocks;
    this.pace = pace;
    this.endings = new EndingCalendar(sequences.endings);
  }

  /** Tokens that they take of an iteration's budget. */
  get tokens(): number {
    return this.count * this.pace.width;
  }

  /** Sum over them of prompt and produced tokens. */
  get kvTokens(): number {
    return this.kvUnits / this.pace.unitsPerToken;
  }

  /** Tokens that this sum gains in an iteration. */
  get kvGrowth(): number {
    return (this.count * this.pace.gain) / this.pace.unitsPerToken;
  }

  start(sequence: number): void {
    const { sequences, blocks, iteration, pace } = this;
    const { attempts } = sequences;
    const produced = sequences.produced[sequence];
    const held = attempts.inputTokens[sequence] + produced;
    const residue = blocks.residue(iteration, held - 1);
    sequences.state[sequence] = sequenceState.decoding;
    sequences.since[sequence] = iteration;
    sequences.residue[sequence] = residue;
    sequences.cost[sequence] -= this.secondsPerToken * pace.width;
    blocks.startDecoding(residue);
    this.kvUnits += held * pace.unitsPerToken;
    this.count++;
    // One that ends as it begins takes its place in the calendar too, for the moment until it is taken out.
    const remaining = Math.max(0, attempts.outputTokens[sequence] - produced);
    this.endings.enter(sequence, iteration + Math.ceil((remaining * pace.unitsPerToken) / pace.gain), iteration);
  }

  /** Takes one out, with its blocks and its account; whole tokens count as produced. */
  stop(sequence: number): void {
    const { sequences, blocks, pace } = this;
    const iterations = this.iteration - sequences.since[sequence];
    const gained = iterations * pace.gain;
    const held = sequences.attempts.inputTokens[sequence] + sequences.produced[sequence];
    blocks.free += blocks.holding(held - 1, iterations);
    blocks.stopDecoding(sequences.residue[sequence]);
    this.kvUnits -= held * pace.unitsPerToken + gained;
    this.count--;
    this.endings.remove(sequence);
    sequences.produced[sequence] += Math.floor(gained / pace.unitsPerToken);
    sequences.cost[sequence] += this.secondsPerToken * pace.width;
  }

  /** So many iterations have passed, and each of their tokens cost `secondsPerToken` over all of them. */
  advance(iterations: number, secondsPerToken: number): void {
    if (iterations > 1) this.blocks.free -= this.blocks.neededOver(this.iteration + 1, iterations - 1);
    this.kvUnits += this.count * this.pace.gain * iterations;
    this.iteration += iterations;
    this.secondsPerToken += secondsPerToken;
  }

  /** Iterations from this one on until the first of them ends or the free blocks run out; there is at least one. */
  iterationsUntilChange(): number {
    const untilEnd = this.endings.nextAfter(this.iteration) - this.iteration;
    return 1 + this.blocks.iterationsCovered(this.iteration + 1, untilEnd - 1);
  }

  /** One that has just produced its last token and is still here; `none` when there is no more. */
  nextFinished(): number {
    return this.endings.firstOf(this.iteration);
  }
}
