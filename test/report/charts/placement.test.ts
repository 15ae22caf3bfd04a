import fc from "fast-check";
import { expect, test } from "vitest";
import { hex, inkOn, luminance, rampColour } from "../../../src/report/charts/colour-ramp.ts";
import { drawnIndices, windowsPerBar } from "../../../src/report/charts/downsample.ts";
import { boxOf, collide, placeLabels, spread } from "../../../src/report/charts/labels.ts";
import { linearScale, logScale, position, tickNumber } from "../../../src/report/charts/scale.ts";
import { timeAxis } from "../../../src/report/charts/time-axis.ts";

const anchor = fc.record({
  x: fc.double({ min: 0, max: 700, noNaN: true }),
  y: fc.double({ min: 0, max: 360, noNaN: true }),
  text: fc.string({ maxLength: 30 }),
});
const plot = { left: 0, top: 0, right: 700, bottom: 360 };

test("no label covers another or leaves the plot", () => {
  fc.assert(
    fc.property(fc.array(anchor, { maxLength: 25 }), (anchors) => {
      const boxes = placeLabels(anchors, plot, anchors).map(boxOf);
      for (const [i, box] of boxes.entries()) {
        expect(box.left >= 0 && box.right <= 700 && box.top >= 0 && box.bottom <= 360).toBe(true);
        for (const other of boxes.slice(i + 1)) expect(collide(box, other)).toBe(false);
      }
    }),
  );
});

test("a lone label in the middle is always placed", () => {
  expect(placeLabels([{ x: 350, y: 180, text: "warm 2" }], plot, [])).toHaveLength(1);
});

test("positions that fit are spread by the gap, stay in their order and within the ends", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -50, max: 400, noNaN: true }), { maxLength: 12 }), (positions) => {
      const placed = spread(positions, 15, 6, 300);
      const order = positions.map((_, i) => i).toSorted((a, b) => positions[a] - positions[b] || a - b);
      for (const [k, i] of order.entries()) {
        expect(placed[i]).toBeGreaterThanOrEqual(6 - 1e-9);
        expect(placed[i]).toBeLessThanOrEqual(300 + 1e-9);
        if (k > 0) expect(placed[i] - placed[order[k - 1]]).toBeGreaterThanOrEqual(15 - 1e-9);
      }
    }),
  );
});

test("thinning keeps the ends, the highest and the lowest value, and at most two windows a column", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer()), { minLength: 1, maxLength: 400 }), fc.integer({ min: 1, max: 50 }), (values, columns) => {
      const kept = drawnIndices(values, columns);
      expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
      expect(kept[0]).toBe(0);
      expect(kept.at(-1)).toBe(values.length - 1);
      const known = values.filter((value) => value !== null);
      const drawn = kept.map((i) => values[i]).filter((value) => value !== null);
      if (known.length > 0) expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([Math.min(...known), Math.max(...known)]);
      expect(kept.length).toBeLessThanOrEqual(Math.max(2 * columns + 2, 2));
    }),
  );
});

test("bars are never more than the columns", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 400 }), (windows, columns) => {
      expect(Math.ceil(windows / windowsPerBar(windows, columns))).toBeLessThanOrEqual(columns);
    }),
  );
});

test("a linear scale holds its values, ends on ticks and keeps their number near what was asked", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (low, span) => {
      const scale = linearScale(low, low + span);
      const slack = span * 1e-6;
      expect(scale.low).toBeLessThanOrEqual(low + slack);
      expect(scale.high).toBeGreaterThanOrEqual(low + span - slack);
      expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
      expect(scale.ticks.length).toBeLessThanOrEqual(8);
      expect(position(scale, scale.low)).toBeCloseTo(0, 9);
      expect(position(scale, scale.high)).toBeCloseTo(1, 9);
    }),
  );
});

test("a logarithmic scale has ticks within its ends and puts the geometric mean in the middle", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-4, max: 10, noNaN: true }), fc.double({ min: 3, max: 1e5, noNaN: true }), (low, factor) => {
      const scale = logScale(low, low * factor);
      expect(scale.ticks.every((tick) => tick >= low && tick <= low * factor)).toBe(true);
      expect(scale.ticks.length).toBeGreaterThan(0);
      expect(position(scale, low * Math.sqrt(factor))).toBeCloseTo(0.5, 9);
    }),
  );
});

test("ticks are told apart however small their step", () => {
  const { ticks } = linearScale(0, 0.013, 4);
  expect(ticks.map(tickNumber)).toEqual(["0", "0.005", "0.010", "0.015"].map((text) => String(Number(text))));
});

test("the ink on the ramp has the higher contrast of the two, never below 3 to 1", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (at) => {
      const background = luminance(rampColour(at));
      const white = inkOn(at) === "#ffffff";
      const contrast = white ? 1.05 / (background + 0.05) : (background + 0.05) / (luminance([0x1c, 0x20, 0x24]) + 0.05);
      expect(contrast).toBeGreaterThan(3);
    }),
  );
  expect(hex(rampColour(0))).toBe("#440154");
  expect(hex(rampColour(1))).toBe("#fde725");
});

test("a time axis has between two and thirteen ticks, whatever the horizon", () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 4e7, noNaN: true }), (horizon) => {
      const { ticks, end, unit_s } = timeAxis(horizon);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(13);
      expect(ticks.at(-1)).toBeLessThanOrEqual(end + 1e-6);
      expect(end * unit_s).toBeCloseTo(horizon, 3);
    }),
  );
});
