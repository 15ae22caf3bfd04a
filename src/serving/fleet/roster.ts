import type { Member } from "./member.ts";

/** Which replicas are ready, which are on their way into service or into the warm pool, and which are in it; first come, first in each list. */
export class Roster {
  readonly ready: Member[] = [];
  readonly starting: Member[] = [];
  readonly refilling: Member[] = [];
  readonly warm: Member[] = [];

  /** Ready or on their way to it. */
  get serving(): number {
    return this.ready.length + this.starting.length;
  }

  /** In the warm pool or on their way to it. */
  get warming(): number {
    return this.warm.length + this.refilling.length;
  }

  addReady(member: Member): void {
    member.position = this.ready.push(member) - 1;
  }

  /** Takes a member off the list that it is on, if any; the ready ones behind it move up. */
  remove(member: Member): void {
    if (member.position >= 0) {
      this.ready.splice(member.position, 1);
      for (let i = member.position; i < this.ready.length; i++) this.ready[i].position = i;
      member.position = -1;
      return;
    }
    for (const list of [this.starting, this.refilling, this.warm]) {
      const at = list.indexOf(member);
      if (at >= 0) list.splice(at, 1);
    }
  }

  /** The ready replica with the fewest attempts queued and running, the first of equals. */
  leastBusy(): Member {
    return this.ready.reduce((least, member) => (member.replica.outstanding < least.replica.outstanding ? member : least));
  }
}
