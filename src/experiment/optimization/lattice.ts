import type { Axis } from "../result.ts";
import { orderOf } from "./more-is-better.ts";

interface Side {
  readonly size: number;
  readonly stride: number;
  /** Whether later places have more of something that helps and costs. */
  readonly ordered: boolean;
  /** Position in the axis's values by place. */
  readonly positions: readonly number[];
}

/** The plans of a grid by number, in the partial order of having less and having more. The last axis is fastest. */
export class Lattice {
  readonly size: number;
  private readonly sides: readonly Side[];

  constructor(axes: readonly Axis[]) {
    let stride = 1;
    const sides: Side[] = [];
    for (const axis of axes.toReversed()) {
      const order = orderOf(axis);
      const size = axis.values.length;
      sides.unshift({ size, stride, ordered: order !== undefined, positions: order ?? axis.values.map((_, i) => i) });
      stride *= size;
    }
    this.sides = sides;
    this.size = stride;
  }

  /** By axis the position of the plan's value. */
  positionsOf(plan: number): number[] {
    return this.sides.map(({ size, stride, positions }) => positions[Math.floor(plan / stride) % size]);
  }

  /** The plan with the values at these positions. */
  at(given: readonly number[]): number {
    return this.sides.reduce((plan, { stride, positions }, i) => plan + positions.indexOf(given[i]) * stride, 0);
  }

  /** How many of the marked plans have at most as much of everything, the plan itself included; O(size · axes). */
  less(marked: Uint8Array): Uint32Array {
    const sums = Uint32Array.from(marked);
    for (const { size, stride, ordered } of this.sides) {
      if (!ordered) continue;
      for (let plan = 0; plan < this.size; plan++) if (Math.floor(plan / stride) % size > 0) sums[plan] += sums[plan - stride];
    }
    return sums;
  }

  /** How many have at least as much. */
  more(marked: Uint8Array): Uint32Array {
    const sums = Uint32Array.from(marked);
    for (const { size, stride, ordered } of this.sides) {
      if (!ordered) continue;
      for (let plan = this.size - 1; plan >= 0; plan--) {
        if (Math.floor(plan / stride) % size < size - 1) sums[plan] += sums[plan + stride];
      }
    }
    return sums;
  }

  /** Whether a plan has at most as much of everything as another, and is alike in the rest. */
  isLess(plan: number, other: number): boolean {
    return this.sides.every(({ size, stride, ordered }) => {
      const [mine, others] = [plan, other].map((one) => Math.floor(one / stride) % size);
      return ordered ? mine <= others : mine === others;
    });
  }

  /** Visits all that have at most (-1) or at least (+1) as much of everything and are alike in the rest, the plan itself included. */
  visit(plan: number, way: -1 | 1, seen: (other: number) => void): void {
    const step = (from: number, side: number): void => {
      if (side === this.sides.length) {
        seen(from);
        return;
      }
      const { size, stride, ordered } = this.sides[side];
      step(from, side + 1);
      if (!ordered) return;
      const place = Math.floor(from / stride) % size;
      const steps = way === 1 ? size - 1 - place : place;
      for (let i = 1; i <= steps; i++) step(from + way * i * stride, side + 1);
    };
    step(plan, 0);
  }
}
