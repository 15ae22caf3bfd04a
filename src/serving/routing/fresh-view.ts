import type { Member } from "../fleet/member.ts";
import { LeastLoaded } from "./least-loaded.ts";
import type { ReplicasView } from "./router.ts";

/** The ready replicas as they are. */
export class FreshView implements ReplicasView {
  /** Goes up when positions change. */
  version = 0;
  private ready: readonly Member[] = [];
  private readonly loads = new LeastLoaded();

  get count(): number {
    return this.ready.length;
  }

  outstanding(index: number): number {
    return this.ready[index].replica.outstanding;
  }

  leastOutstanding(): number {
    return this.loads.first;
  }

  kvUse(index: number): number {
    return this.ready[index].replica.kvUse;
  }

  number(index: number): number {
    return this.ready[index].number;
  }

  /** Replicas have joined or left those that are ready. */
  readyChanged(ready: readonly Member[]): void {
    this.ready = ready;
    this.version++;
    this.loads.reset(ready.map(({ replica }) => replica.outstanding));
  }

  /** A replica has more or less to do. */
  loadChanged({ position, replica }: Member): void {
    if (position >= 0) this.loads.set(position, replica.outstanding);
  }
}
