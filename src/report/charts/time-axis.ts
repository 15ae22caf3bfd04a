/** A time axis in the unit that suits the run: minutes, hours or days since its start. */

interface TimeAxis {
  /** Seconds in one unit of the axis. */
  readonly unit_s: number;
  readonly title: string;
  /** Tick positions in that unit. */
  readonly ticks: readonly number[];
  readonly end: number;
}

const units = [
  { unit_s: 1, name: "seconds", steps: [1, 2, 5, 10, 15, 30, 60] },
  { unit_s: 60, name: "minutes", steps: [1, 2, 5, 10, 15, 30, 60] },
  { unit_s: 3600, name: "hours", steps: [1, 2, 3, 6, 12, 24] },
  { unit_s: 86_400, name: "days", steps: [1, 2, 7, 14, 28, 91, 182, 364] },
];

/** Between about four and twelve ticks. */
export function timeAxis(horizon_s: number): TimeAxis {
  const unit = horizon_s > 4 * 86_400 ? units[3] : horizon_s > 3 * 3600 ? units[2] : horizon_s > 300 ? units[1] : units[0];
  const end = horizon_s / unit.unit_s;
  const step = unit.steps.find((candidate) => end / candidate <= 12) ?? Math.ceil(end / 12);
  const ticks = Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => i * step);
  return { unit_s: unit.unit_s, title: `${unit.name} since the start`, ticks, end };
}
