import type { Simulation } from "../kernel/simulation.ts";
import { Spans } from "./spans.ts";
import type { VectorStoreSettings } from "./vector-store-settings.ts";

/** The vectors of a store and the memory that they take; every replica holds all of them. */
export class Contents {
  vectors: number;
  /** Writes that found no memory. */
  refused = 0;
  /** Times in which reads may miss memory. */
  readonly pressure = new Spans("memory");
  private readonly simulation: Simulation;
  private readonly memory: VectorStoreSettings["memory"];
  /** Of these how many stand in a second index too, which exists while the embedding model changes. */
  private copies = 0;
  private hasCopies = false;

  constructor(simulation: Simulation, { vectors, memory }: VectorStoreSettings) {
    this.simulation = simulation;
    this.vectors = vectors;
    this.memory = memory;
    this.watch();
  }

  /** Share of the memory limit that is taken; undefined without a limit. */
  get memoryShare(): number | undefined {
    return this.memory && this.shareOf(this.vectors + this.copies, this.memory);
  }

  /** Share of the reads that miss memory: none up to `pressureFrom`, all at the limit, on a straight line in between. */
  get missShare(): number {
    const { memory } = this;
    if (memory === undefined) return 0;
    const { pressureFrom } = memory;
    return Math.max(0, (this.shareOf(this.vectors + this.copies, memory) - pressureFrom) / (1 - pressureFrom));
  }

  /** A new vector, which goes into both indexes where there are two. @returns whether there was memory for it */
  add(): boolean {
    const each = this.hasCopies ? 2 : 1;
    if (!this.fits(each)) return false;
    this.vectors++;
    this.copies += each - 1;
    this.watch();
    return true;
  }

  /** A vector is written anew: in its place, or into the second index where there is one. @returns whether there was memory for it */
  rewrite(): boolean {
    if (!this.hasCopies) return true;
    if (!this.fits(1)) return false;
    this.copies++;
    this.watch();
    return true;
  }

  beginCopies(): void {
    this.hasCopies = true;
  }

  /** The first index is dropped, and the second one, which holds all by now, is the only one. */
  dropCopies(): void {
    this.hasCopies = false;
    this.copies = 0;
    this.watch();
  }

  private fits(more: number): boolean {
    if (this.memory === undefined || this.shareOf(this.vectors + this.copies + more, this.memory) <= 1) return true;
    this.refused++;
    return false;
  }

  private shareOf(vectors: number, { bytesPerVector, limit }: { bytesPerVector: number; limit: number }): number {
    return (vectors * bytesPerVector) / limit;
  }

  private watch(): void {
    if (this.memory === undefined) return;
    if (this.missShare > 0) this.pressure.begin(this.simulation.now);
    else this.pressure.end(this.simulation.now);
  }
}
