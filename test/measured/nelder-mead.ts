/**
 * The minimum of a function of several variables by the downhill simplex of Nelder and Mead (1965), with their coefficients
 * (reflect 1, expand 2, contract ½, shrink ½). Deterministic; stops after `rounds` rounds.
 */
export function nelderMead(cost: (point: readonly number[]) => number, start: readonly number[], size: number, rounds: number): number[] {
  const corner = (point: number[]) => ({ point, cost: cost(point) });
  const simplex = [[...start], ...start.map((_, axis) => start.map((value, i) => (i === axis ? value + size : value)))].map(corner);
  for (let round = 0; round < rounds; round++) {
    simplex.sort((a, b) => a.cost - b.cost);
    const best = simplex[0];
    const worst = simplex.at(-1)!;
    const middle = start.map((_, axis) => simplex.slice(0, -1).reduce((sum, { point }) => sum + point[axis], 0) / start.length);
    /** The point on the line from the worst corner through the middle of the others. */
    const along = (step: number) => corner(middle.map((value, axis) => value + step * (value - worst.point[axis])));
    const reflected = along(1);
    let next = reflected;
    if (reflected.cost < best.cost) {
      const expanded = along(2);
      if (expanded.cost < reflected.cost) next = expanded;
    } else if (reflected.cost >= simplex.at(-2)!.cost) {
      next = along(reflected.cost < worst.cost ? 0.5 : -0.5);
    }
    if (next.cost < worst.cost) simplex[simplex.length - 1] = next;
    else for (let i = 1; i < simplex.length; i++) simplex[i] = corner(simplex[i].point.map((v, axis) => (v + best.point[axis]) / 2));
  }
  return simplex.sort((a, b) => a.cost - b.cost)[0].point;
}
