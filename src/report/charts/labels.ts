/** Where labels go, in pixels, so that none covers another. Widths are estimates: wide enough for Inter at the size given. */

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

interface Placed extends Anchor {
  readonly align: "left" | "right" | "center";
  readonly dx: number;
  readonly dy: number;
}

const height = 14;

/** Pixels that a text takes, rather too many than too few. */
export function textWidth(text: string, fontSize = 11): number {
  return text.length * fontSize * 0.6;
}

export function boxOf({ x, y, text, align, dx, dy }: Placed): Box {
  const width = textWidth(text);
  const left = x + dx - (align === "left" ? 0 : align === "right" ? width : width / 2);
  return { left, right: left + width, top: y + dy - height / 2, bottom: y + dy + height / 2 };
}

export function collide(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * Places as many labels as fit, in the order given (most important first), each beside its point; those that would leave the
 * plot, or cover another label or an obstacle (the points), are left out.
 */
export function placeLabels(anchors: readonly Anchor[], plot: Box, obstacles: readonly Anchor[]): Placed[] {
  const taken: Box[] = obstacles.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
  const placed: Placed[] = [];
  for (const anchor of anchors) {
    const free = candidates(anchor).find((candidate) => {
      const box = boxOf(candidate);
      const inside = box.left >= plot.left && box.right <= plot.right && box.top >= plot.top && box.bottom <= plot.bottom;
      return inside && taken.every((other) => !collide(box, other));
    });
    if (free === undefined) continue;
    placed.push(free);
    taken.push(boxOf(free));
  }
  return placed;
}

function candidates(anchor: Anchor): Placed[] {
  return [
    { ...anchor, align: "left", dx: 11, dy: 0 },
    { ...anchor, align: "left", dx: 8, dy: 15 },
    { ...anchor, align: "right", dx: -11, dy: 0 },
    { ...anchor, align: "right", dx: -8, dy: -15 },
    { ...anchor, align: "center", dx: 0, dy: -16 },
    { ...anchor, align: "center", dx: 0, dy: 18 },
    { ...anchor, align: "left", dx: 14, dy: 30 },
    { ...anchor, align: "right", dx: -14, dy: -30 },
  ];
}

/** Moves positions on one line apart until neighbours are `gap` from each other, within `from` and `to`; order is kept. */
export function spread(positions: readonly number[], gap: number, from: number, to: number): number[] {
  const order = positions.map((_, i) => i).toSorted((a, b) => positions[a] - positions[b] || a - b);
  const result = positions.slice();
  let floor = from;
  for (const i of order) {
    result[i] = Math.max(result[i], floor);
    floor = result[i] + gap;
  }
  let ceiling = to;
  for (const i of order.toReversed()) {
    result[i] = Math.min(result[i], ceiling);
    ceiling = result[i] - gap;
  }
  return result;
}
