import type { Simulation } from "../kernel/simulation.ts";
import type { Contents } from "./contents.ts";
import { Spans } from "./spans.ts";
import type { VectorStoreSettings } from "./vector-store-settings.ts";

/**
 * A change of the embedding model: the vectors that there are when it begins are written anew, one after the other at a given rate; later
 * ones are by the new model anyhow. One that finds no memory is tried again in the place of the next, so that the change never ends
 * where memory is too short.
 */
export class Reembedding {
  /** Vectors written anew. */
  backfilled = 0;
  readonly spans = new Spans("reembedding");
  private readonly contents: Contents;
  private readonly atStart: boolean;
  /** Vectors by the old model at its beginning. */
  private old = 0;

  /** @param write called for each vector that is written anew */
  constructor(
    simulation: Simulation,
    given: NonNullable<VectorStoreSettings["reembed"]>,
    contents: Contents,
    write: (nth: number) => void,
  ) {
    const { at, rate, cutover } = given;
    this.contents = contents;
    this.atStart = cutover === "atStart";
    const next = simulation.handler((nth) => {
      if (contents.rewrite()) write(this.backfilled++);
      if (this.backfilled < this.old) {
        simulation.at(at + (nth + 1) / rate, next, nth + 1);
        return;
      }
      this.spans.end(simulation.now);
      if (!this.atStart) contents.dropCopies();
    });
    const begin = simulation.handler(() => {
      this.old = contents.vectors;
      this.spans.begin(simulation.now);
      if (!this.atStart) contents.beginCopies();
      simulation.at(at + 1 / rate, next, 1);
    });
    simulation.at(at, begin);
  }

  /** Share of the vectors that questions do not find now, since they are embedded by the other model. */
  get missed(): number {
    if (!this.spans.ongoing || !this.atStart) return 0;
    return (this.old - this.backfilled) / this.contents.vectors;
  }
}
