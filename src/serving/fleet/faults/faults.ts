import type { Member } from "../member.ts";
import type { Fault, StockOut } from "./fault.ts";

/** All that goes wrong with one fleet, as one. */
export class Faults {
  private readonly byName: Readonly<Record<string, Fault>>;
  private readonly faults: readonly Fault[];

  constructor(byName: Readonly<Record<string, Fault>>) {
    this.byName = byName;
    this.faults = Object.values(byName);
  }

  /** When the whole fleet was struck, by the name of the fault, in order of name and time. */
  outages(): { readonly fault: string; readonly begin: number; readonly end: number }[] {
    return Object.entries(this.byName).flatMap(([fault, { outages }]) =>
      (outages?.spans ?? []).map(({ begin, end }) => ({ fault, begin, end })),
    );
  }

  launched(member: Member): void {
    for (const fault of this.faults) fault.launched?.(member);
  }

  becameReady(member: Member): void {
    for (const fault of this.faults) fault.becameReady?.(member);
  }

  /** The first that leaves no machine decides what becomes of a start. */
  stockOut(): StockOut | undefined {
    for (const fault of this.faults) {
      const effect = fault.stockOut?.();
      if (effect !== undefined) return effect;
    }
    return undefined;
  }

  pace(member: number): number {
    return this.faults.reduce((product, fault) => product * (fault.pace?.(member) ?? 1), 1);
  }
}
