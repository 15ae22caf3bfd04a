/** Quantities as planners write them: `90s`, `24h`, `12/s`, `2M`, `10%`, `$6.88`. Inside, time is seconds and a share is 0 to 1. */
export interface Quantity {
  /** What the quantity is called in messages. */
  readonly noun: string;
  /** How to write one, for hints and the schema. */
  readonly example: string;
  /** What the text must look like. */
  readonly pattern: RegExp;
  /** Value of one of each unit; the empty unit is allowed only where listed. */
  readonly units: Readonly<Record<string, number>>;
  /** Units to print with, largest first. */
  readonly printed: readonly string[];
}

const number = String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?`;

/** Seconds. A bare number is refused (except 0), since `30` could mean seconds or milliseconds. */
export const duration: Quantity = {
  noun: "a duration",
  example: "500ms, 90s, 30m, 24h, 14d",
  pattern: new RegExp(`^(${number})\\s*(ns|us|ms|s|m|h|d)$`),
  units: { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86400 },
  printed: ["d", "h", "m", "s", "ms", "us", "ns"],
};

/** Per second. */
export const rate: Quantity = {
  noun: "a rate",
  example: "12/s, 300/m, 1000/h",
  pattern: new RegExp(`^(${number})\\s*(/s|/m|/h|/d)$`),
  units: { "/s": 1, "/m": 1 / 60, "/h": 1 / 3600, "/d": 1 / 86400 },
  printed: ["/s"],
};

/** A number of things: tokens, requests, replicas. */
export const count: Quantity = {
  noun: "a count",
  example: "400, 50k, 2M",
  pattern: new RegExp(`^(${number})\\s*(k|M|G|)$`),
  units: { "": 1, k: 1e3, M: 1e6, G: 1e9 },
  printed: [""],
};

/** A share of a whole, 0 to 1. A bare number is read as it stands: `0.1` is 10 %. */
export const share: Quantity = {
  noun: "a share",
  example: "10%, 0.1",
  pattern: new RegExp(`^(${number})\\s*(%|)$`),
  units: { "%": 0.01, "": 1 },
  printed: ["%"],
};

/** US dollars. */
export const money: Quantity = {
  noun: "an amount of money",
  example: "$6.88",
  pattern: new RegExp(`^\\$(${number})()$`),
  units: { "": 1 },
  printed: [""],
};

/** Bytes, in powers of ten or of two. */
export const bytes: Quantity = {
  noun: "a number of bytes",
  example: "80GB, 81559MiB",
  pattern: new RegExp(`^(${number})\\s*(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$`),
  units: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1_048_576, GiB: 1_073_741_824, TiB: 1_099_511_627_776 },
  printed: ["TB", "GB", "MB", "kB", "B"],
};

/** Bytes per second. */
export const bandwidth: Quantity = {
  noun: "a bandwidth",
  example: "3.35TB/s, 450GB/s",
  pattern: new RegExp(`^(${number})\\s*(B/s|kB/s|MB/s|GB/s|TB/s)$`),
  units: { "B/s": 1, "kB/s": 1e3, "MB/s": 1e6, "GB/s": 1e9, "TB/s": 1e12 },
  printed: ["TB/s", "GB/s", "MB/s", "kB/s", "B/s"],
};

/** Floating-point operations per second. */
export const flops: Quantity = {
  noun: "a number of FLOPS",
  example: "989TFLOPS, 4.5PFLOPS",
  pattern: new RegExp(`^(${number})\\s*(FLOPS|GFLOPS|TFLOPS|PFLOPS)$`),
  units: { FLOPS: 1, GFLOPS: 1e9, TFLOPS: 1e12, PFLOPS: 1e15 },
  printed: ["PFLOPS", "TFLOPS", "GFLOPS", "FLOPS"],
};

/** Reads a quantity; undefined when the text is not one. Values are neither rounded nor range-checked here. */
export function parseQuantity(quantity: Quantity, text: string): number | undefined {
  const match = quantity.pattern.exec(text.trim());
  if (match === null) return undefined;
  const value = Number(match[1]) * quantity.units[match[2]];
  // 10 % must be exactly the literal 0.1, and 300ms exactly 0.3: undo the last-digit error of the multiplication.
  return Number(value.toPrecision(15));
}

/** Writes a quantity in the largest unit that shows it without rounding, so that reading it back gives the same number. */
export function formatQuantity(quantity: Quantity, value: number): string {
  const prefix = quantity === money ? "$" : "";
  for (const unit of quantity.printed) {
    const amount = Number((value / quantity.units[unit]).toPrecision(15));
    const text = `${prefix}${amount}${unit}`;
    const whole = quantity !== duration || value === 0 || (Number.isInteger(amount) && unit !== "d");
    const tiny = Math.abs(amount) < 1 && value !== 0 && unit !== quantity.printed.at(-1);
    if (whole && !tiny && parseQuantity(quantity, text) === value) return value === 0 && quantity === duration ? "0s" : text;
  }
  const unit = quantity === duration ? "s" : quantity.printed.at(-1)!;
  return `${prefix}${value / quantity.units[unit]}${unit}`;
}
