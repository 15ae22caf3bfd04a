import { percent } from "../base/format.ts";
import { duration, parseQuantity } from "../base/units.ts";
import { overlap } from "./interval-text.ts";
import type { Axis, Point } from "./result.ts";

/** Two plans that differ in a time-out alone, of which the one with the shorter serves surely fewer good requests. */
export interface CostlyTimeout {
  readonly axis: Axis;
  /** Values of the axis, as written. */
  readonly shorter: string;
  readonly longer: string;
  /** Share of the good requests that the shorter one loses. */
  readonly loss: number;
  /** Of the plan with the shorter one. */
  readonly values: readonly string[];
}

/** Whether an axis varies a client's time-out over durations, whatever its class is called. */
export function variesTimeout({ path, values }: Axis): boolean {
  return (
    values.length > 1 &&
    /^traffic\.[^.]+\.client\.timeout\./.test(path) &&
    values.every((value) => parseQuantity(duration, value) !== undefined)
  );
}

/** The pair that loses most; undefined where every shorter time-out is as good as the longer ones, within the intervals. */
export function costlyTimeout(points: readonly Point[], axes: readonly Axis[]): CostlyTimeout | undefined {
  const found = axes.flatMap((axis, i) => (variesTimeout(axis) ? pairs(points, axis, i) : []));
  return found.toSorted((a, b) => b.loss - a.loss)[0];
}

function pairs(points: readonly Point[], axis: Axis, i: number): CostlyTimeout[] {
  const alike = new Map<string, Point[]>();
  for (const point of points) {
    const key = JSON.stringify(point.values.with(i, ""));
    alike.set(key, [...(alike.get(key) ?? []), point]);
  }
  const seconds = (point: Point): number => parseQuantity(duration, point.values[i])!;
  return [...alike.values()].flatMap((group) =>
    group.flatMap((short) =>
      group.flatMap((long) => {
        const [less, more] = [short.goodput_per_s, long.goodput_per_s];
        if (seconds(short) >= seconds(long) || less.mean >= more.mean || overlap(less, more)) return [];
        return { axis, shorter: short.values[i], longer: long.values[i], loss: 1 - less.mean / more.mean, values: short.values };
      }),
    ),
  );
}

/** @param axes of the sweep; @param told those of them that are not held anyway. "A shorter timeout ttft can cost goodput: at retry attempts 3, 2s serves 41 % fewer good requests than 10s". */
export function costlyTimeoutText(
  { axis, shorter, longer, loss, values }: CostlyTimeout,
  axes: readonly Axis[],
  told = axes.filter((other) => other.values.length > 1),
): string {
  const others = axes.flatMap((other, i) => (other === axis || !told.includes(other) ? [] : [`${other.label} ${values[i]}`]));
  const at = others.length === 0 ? "" : `at ${others.join(", ")}, `;
  const name = axis.label.includes("timeout") ? axis.label : `timeout ${axis.label}`;
  return `A shorter ${name} can cost goodput: ${at}${shorter} serves ${percent(loss, 0)} fewer good requests than ${longer}`;
}
