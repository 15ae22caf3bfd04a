import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharesAt, sharesOf, similaritySettings, type SimilaritySettings } from "../../src/cache/similarity.ts";

const curve = similaritySettings.parse({
  points: [
    { threshold: 0.9, hits: "20%", wrong: "0%" },
    { threshold: 0.8, hits: "60%", wrong: "3%" },
    { threshold: 0.5, hits: "90%", wrong: "12%" },
  ],
});

/** Ascending hits, of which a share is wrong, at descending thresholds. */
const curves = fc
  .array(fc.record({ step: fc.integer({ min: 1, max: 90 }), more: fc.nat(100), wrong: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((given): SimilaritySettings => {
    let [threshold, hits] = [1, 0];
    const all = given.reduce((sum, { step }) => sum + step, 1);
    const most = given.reduce((sum, { more }) => sum + more, 1);
    const points = given.map(({ step, more, wrong }) => {
      threshold -= step / all;
      hits += more / most;
      return { threshold, hits, wrong: wrong * hits };
    });
    return { upperBound: false, points };
  });

describe("the shares of hits and wrong hits", () => {
  it.each([
    [1, 0, 0],
    [0.95, 0.1, 0],
    [0.9, 0.2, 0],
    [0.85, 0.4, 0.015],
    [0.8, 0.6, 0.03],
    [0.65, 0.75, 0.075],
    [0.5, 0.9, 0.12],
  ])("at a threshold of %d lie on straight lines through the points, and on to nothing at 1", (threshold, hits, wrong) => {
    const found = sharesAt(curve, threshold);
    expect(found.hits).toBeCloseTo(hits, 12);
    expect(found.wrong).toBeCloseTo(wrong, 12);
  });

  it("never fall with a lower threshold, pass through every point, and have no more wrong hits than hits", () => {
    fc.assert(
      fc.property(curves, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (given, a, b) => {
        expect(similaritySettings.safeParse(given).success).toBe(true);
        const lowest = given.points.at(-1)!.threshold;
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((part) => lowest + part * (1 - lowest));
        const [more, less] = [sharesAt(given, low), sharesAt(given, high)];
        expect(more.hits).toBeGreaterThanOrEqual(less.hits - 1e-12);
        for (const { hits, wrong } of [more, less]) {
          expect(hits).toBeLessThanOrEqual(1);
          expect(wrong).toBeLessThanOrEqual(hits + 1e-12);
          expect(wrong).toBeGreaterThanOrEqual(0);
        }
        for (const { threshold, hits, wrong } of given.points) {
          const found = sharesAt(given, threshold);
          expect(found.hits).toBeCloseTo(hits, 12);
          expect(found.wrong).toBeCloseTo(wrong, 12);
        }
        expect(sharesAt(given, 1)).toMatchObject({ hits: 0, wrong: 0 });
      }),
    );
  });
});

describe("shares that were measured", () => {
  const given = { hitRate: 0.3, wrongHitRate: 0.02 };

  it("hold at the threshold at which they were measured, whatever the curve", () => {
    fc.assert(
      fc.property(curves, fc.double({ min: 0, max: 0.999, noNaN: true }), (similarity, part) => {
        const lowest = similarity.points.at(-1)!.threshold;
        const threshold = lowest + part * (1 - lowest);
        const { hits, wrong } = sharesOf({ threshold, similarity, measuredAt: threshold, ...given });
        expect(hits).toBeCloseTo(0.3, 12);
        expect(wrong).toBeCloseTo(0.02, 12);
      }),
    );
    expect(sharesOf({ threshold: 0.7, ...given })).toEqual({ hits: 0.3, wrong: 0.02 });
  });

  it("move in proportion to the curve, up to all look-ups and to all hits", () => {
    const at = (threshold: number, more: object) => sharesOf({ threshold, similarity: curve, measuredAt: 0.8, ...given, ...more });
    expect(at(0.85, {}).hits).toBeCloseTo(0.2, 12);
    expect(at(0.85, {}).wrong).toBeCloseTo(0.01, 12);
    expect(at(0.5, {}).hits).toBeCloseTo(0.45, 12);
    expect(at(0.5, {}).wrong).toBeCloseTo(0.08, 12);
    expect(at(0.5, { hitRate: 0.9 }).hits).toBe(1);
    const most = at(0.5, { wrongHitRate: 0.3 });
    expect(most.wrong).toBe(most.hits);
    expect(at(1, {})).toMatchObject({ hits: 0, wrong: 0 });
  });

  it("move by the curve's difference where it has none at the threshold at which they were measured", () => {
    const at = (wrongHitRate: number) => sharesOf({ threshold: 0.8, similarity: curve, measuredAt: 0.9, hitRate: 0.3, wrongHitRate }).wrong;
    expect([at(0), at(0.02)]).toEqual([0.03, 0.05]);
  });
});
